//! Strings: scanning, escapes, and writing them the way PHP does.

use super::{
    Form,
    error::Problem,
    state::{Engine, Fault},
};

const PLAIN: u8 = 0;
const QUOTE: u8 = 1;
const BACKSLASH: u8 = 2;
const CONTROL: u8 = 3;
/// First byte of U+2028 and U+2029, among others.
const SEPARATOR_LEAD: u8 = 4;

const CLASS: [u8; 256] = {
    let mut class = [PLAIN; 256];
    let mut byte = 0;
    while byte < 0x20 {
        class[byte] = CONTROL;
        byte += 1;
    }
    class[b'"' as usize] = QUOTE;
    class[b'\\' as usize] = BACKSLASH;
    class[0xE2] = SEPARATOR_LEAD;
    class
};

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);

/// A string that was read.
pub(super) struct Read {
    /// The text between the quotes, in the input.
    pub(super) start: usize,
    pub(super) end: usize,
    /// True if that is not the text itself, since it holds escapes.
    pub(super) escaped: bool,
}

impl Engine<'_> {
    /// Reads the string whose opening quote is at `open`.
    #[inline(always)]
    pub(super) fn string(&mut self, open: usize) -> Result<Read, Fault> {
        let start = open + 1;
        let end = skip_plain(self.input, start);
        if self.input.get(end) == Some(&b'"') {
            return Ok(Read {
                start,
                end,
                escaped: false,
            });
        }
        self.special_string(start, end)
    }

    /// The rest of a string that holds something that is not plain, at `at`.
    #[cold]
    fn special_string(&mut self, start: usize, mut at: usize) -> Result<Read, Fault> {
        let mut escaped = false;
        loop {
            let Some(&byte) = self.input.get(at) else {
                return Err((Problem::Syntax, at));
            };
            match CLASS[byte as usize] {
                QUOTE => {
                    return Ok(Read {
                        start,
                        end: at,
                        escaped,
                    });
                }
                BACKSLASH => {
                    let unescaped = unescape(self.input, at).map_err(|problem| (problem, at))?;
                    let (character, end) = unescaped;
                    self.replace_input(at, b"", end);
                    write_char(character, self.form, &mut self.out)
                        .map_err(|problem| (problem, at))?;
                    escaped = true;
                    at = end;
                }
                SEPARATOR_LEAD => match separator(&self.input[at..]) {
                    Some(_) if self.form == Form::Outbound => {
                        return Err((Problem::LineSeparator, at));
                    }
                    Some(replacement) if self.form.is_php() => {
                        self.replace_input(at, replacement, at + 3);
                        at += 3;
                    }
                    _ => at += 1,
                },
                _ => return Err((Problem::Syntax, at)),
            }
            at = skip_plain(self.input, at);
        }
    }
}

/// Position of the first byte from `at` on that is not plain, or the end. Eight bytes at a time.
#[inline(always)]
fn skip_plain(input: &[u8], mut at: usize) -> usize {
    let zero_byte = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    while let Some(chunk) = input.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        // The lowest mark is exact; marks above it need not be.
        let marks = control & HIGHS
            | zero_byte(word ^ (ONES * b'"' as u64))
            | zero_byte(word ^ (ONES * b'\\' as u64))
            | zero_byte(word ^ (ONES * 0xE2));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while input
        .get(at)
        .is_some_and(|&byte| CLASS[byte as usize] == PLAIN)
    {
        at += 1;
    }
    at
}

/// Appends the text of an escaped string that was read before, without quotes.
pub(super) fn decode(quoted: &[u8], text: &mut Vec<u8>) {
    let mut at = 0;
    while at < quoted.len() {
        if quoted[at] == b'\\'
            && let Ok((character, end)) = unescape(quoted, at)
        {
            text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            at = end;
        } else {
            text.push(quoted[at]);
            at += 1;
        }
    }
}

fn separator(bytes: &[u8]) -> Option<&'static [u8]> {
    match bytes {
        [0xE2, 0x80, 0xA8, ..] => Some(b"\\u2028"),
        [0xE2, 0x80, 0xA9, ..] => Some(b"\\u2029"),
        _ => None,
    }
}

/// Reads the escape at `at` (its backslash); gives the character and the position after it.
fn unescape(input: &[u8], at: usize) -> Result<(char, usize), Problem> {
    let character = match input.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unescape_unicode(input, at),
        _ => return Err(Problem::Syntax),
    };
    Ok((character, at + 2))
}

fn unescape_unicode(input: &[u8], at: usize) -> Result<(char, usize), Problem> {
    let first = hex4(input, at + 2)?;
    match first {
        0xD800..=0xDBFF => {
            if input.get(at + 6) != Some(&b'\\') || input.get(at + 7) != Some(&b'u') {
                return Err(Problem::LoneSurrogate);
            }
            let second = hex4(input, at + 8).map_err(|_| Problem::LoneSurrogate)?;
            if !(0xDC00..=0xDFFF).contains(&second) {
                return Err(Problem::LoneSurrogate);
            }
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            char::from_u32(code)
                .map(|c| (c, at + 12))
                .ok_or(Problem::LoneSurrogate)
        }
        _ => char::from_u32(first)
            .map(|c| (c, at + 6))
            .ok_or(Problem::LoneSurrogate),
    }
}

fn hex4(input: &[u8], at: usize) -> Result<u32, Problem> {
    let digits = input.get(at..at + 4).ok_or(Problem::Syntax)?;
    digits.iter().try_fold(0, |value, &digit| {
        char::from(digit)
            .to_digit(16)
            .map(|d| value << 4 | d)
            .ok_or(Problem::Syntax)
    })
}

fn write_char(character: char, form: Form, out: &mut Vec<u8>) -> Result<(), Problem> {
    match character {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\u{8}' => out.extend_from_slice(b"\\b"),
        '\u{c}' => out.extend_from_slice(b"\\f"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\0'..='\u{1f}' => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            let code = character as usize;
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[HEX[code >> 4], HEX[code & 15]]);
        }
        '\u{2028}' | '\u{2029}' if form == Form::Outbound => return Err(Problem::LineSeparator),
        '\u{2028}' if form.is_php() => out.extend_from_slice(b"\\u2028"),
        '\u{2029}' if form.is_php() => out.extend_from_slice(b"\\u2029"),
        _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
    Ok(())
}
