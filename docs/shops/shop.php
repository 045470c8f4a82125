<?php
// A shop in PHP, without packages:
//   singapay sandbox --print-env dotenv > .env &   php shop.php .env
$env = parse_ini_file($argv[1] ?? '.env', false, INI_SCANNER_RAW);
[$base, $partner, $id, $secret, $account] = array_map(fn ($name) => $env["SINGAPAY_$name"], ['BASE_URL', 'PARTNER_ID', 'CLIENT_ID', 'CLIENT_SECRET', 'ACCOUNT_ID']);

function post(string $url, array $body, array $headers = []): array {
    $http = ['method' => 'POST', 'header' => ['Content-Type: application/json', ...$headers], 'content' => json_encode((object) $body)];
    return json_decode(file_get_contents($url, false, stream_context_create(['http' => $http])), true);
}
function sorted(mixed $value): mixed { // as the gateway sorts a body before it is hashed
    if (!is_array($value)) return $value;
    if (!array_is_list($value)) ksort($value, SORT_STRING);
    return array_map('sorted', $value);
}
function isSigned(string $path, array $headers, string $raw, string $secret): bool {
    $token = preg_replace('/^Bearer /i', '', $headers['authorization'] ?? '');
    $hash = hash('sha256', json_encode(sorted(json_decode($raw, true)), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE));
    $expected = hash_hmac('sha512', "POST:$path:$token:$hash:" . ($headers['x-timestamp'] ?? ''), $secret);
    return hash_equals($expected, $headers['x-signature'] ?? '') && abs(time() - (int) $headers['x-timestamp']) < 900;
}

$day = (new DateTime('now', new DateTimeZone('Asia/Jakarta')))->format('Ymd');
$proof = hash_hmac('sha512', "{$id}_{$secret}_$day", $secret);
$token = post("$base/api/v1.1/access-token/b2b", ['grant_type' => 'client_credentials'], ["X-PARTNER-ID: $partner", "X-CLIENT-ID: $id", "X-Signature: $proof"])['data']['access_token'];

$server = stream_socket_server('tcp://127.0.0.1:0');
$hook = 'http://' . stream_socket_get_name($server, false) . '/hooks/singapay';
post("{$env['SINGAPAY_SANDBOX_ADMIN']}/webhooks/transaction", ['url' => $hook]);
$order = 'INV-PHP-' . getmypid();
$link = post("$base/api/v2.0/payment-link/$account", ['reff_no' => $order, 'payment_link_type' => 'total', 'total_amount' => 150000], ["X-PARTNER-ID: $partner", "Authorization: Bearer $token"])['data'];
echo "order $order, pay at {$link['payment_url']}, listening at $hook\n";
if (!getenv('SHOP_WAITS')) post("{$env['SINGAPAY_SANDBOX_ADMIN']}/payment-links/$order/pay", []); // else somebody does, in a browser

while ($call = stream_socket_accept($server, 600)) {
    [, $path] = explode(' ', fgets($call));
    for ($headers = []; ($line = trim(fgets($call))) !== ''; $headers[strtolower($name)] = trim($value)) [$name, $value] = explode(':', $line, 2);
    $raw = stream_get_contents($call, (int) ($headers['content-length'] ?? 0));
    $isOurs = $path === '/hooks/singapay' && isSigned($path, $headers, $raw, $secret);
    fwrite($call, 'HTTP/1.1 ' . ($isOurs ? '200 OK' : '401 Unauthorized') . "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    fclose($call);
    if (!$isOurs) { echo "refused\n"; continue; }
    $paid = json_decode($raw, true)['data'];
    if (str_contains($raw, $order)) exit("paid {$paid['transaction']['amount']['value']}\n");
}
