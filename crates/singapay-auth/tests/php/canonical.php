<?php
// Writes the canonical forms of JSON documents as PHP sees them. One document a line, in base64;
// one answer a line: lists kept, lists sorted too, both in base64, or "!" for a refusal.

function sorted(mixed $value, bool $lists): mixed
{
    if (!is_array($value)) {
        return $value;
    }
    if ($lists || !array_is_list($value)) {
        ksort($value, SORT_STRING);
    }
    foreach ($value as $key => $member) {
        $value[$key] = sorted($member, $lists);
    }
    return $value;
}

function written(mixed $value): string
{
    $text = json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    return $text === false ? '!' : base64_encode($text);
}

while (($line = fgets(STDIN)) !== false) {
    $document = base64_decode(trim($line));
    $value = json_decode($document, true);
    if (json_last_error() !== JSON_ERROR_NONE) {
        echo "! !\n";
        continue;
    }
    echo written(sorted($value, false)), ' ', written(sorted($value, true)), "\n";
}
