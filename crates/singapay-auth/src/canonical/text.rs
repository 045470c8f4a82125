//! Strings: scanning, escapes, and writing them the way PHP does.

use super::{Form, error::Problem};

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

/// A string that was copied to the output.
pub(super) struct Copied {
    /// Position after the closing quote.
    pub(super) end: usize,
    /// Whether the text between the quotes of the input is not the text itself.
    pub(super) escaped: bool,
}

/// Copies the string that starts at `open` (its opening quote) to `out`.
///
/// On error, the position of the offender comes with the problem.
pub(super) fn copy(
    input: &[u8],
    open: usize,
    form: Form,
    out: &mut Vec<u8>,
) -> Result<Copied, (Problem, usize)> {
    let mut escaped = false;
    let mut copied = open;
    let mut at = open + 1;
    loop {
        let Some(&byte) = input.get(at) else {
            return Err((Problem::Syntax, at));
        };
        match CLASS[byte as usize] {
            PLAIN => at += 1,
            QUOTE => {
                at += 1;
                out.extend_from_slice(&input[copied..at]);
                return Ok(Copied { end: at, escaped });
            }
            SEPARATOR_LEAD => {
                if let Some(replacement) = separator(&input[at..]) {
                    match form {
                        Form::Outbound => return Err((Problem::LineSeparator, at)),
                        Form::NumbersAsWritten => {}
                        Form::PhpListsKept | Form::PhpLiteral => {
                            out.extend_from_slice(&input[copied..at]);
                            out.extend_from_slice(replacement);
                            copied = at + 3;
                        }
                    }
                }
                at += 1;
            }
            BACKSLASH => {
                out.extend_from_slice(&input[copied..at]);
                let (character, end) = unescape(input, at).map_err(|problem| (problem, at))?;
                write_char(character, form, out).map_err(|problem| (problem, at))?;
                escaped = true;
                at = end;
                copied = end;
            }
            _ => return Err((Problem::Syntax, at)),
        }
    }
}

/// Appends the text of an escaped string that [`copy`] has accepted, without quotes.
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
