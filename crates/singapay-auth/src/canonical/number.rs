//! Numbers: as written, or the way PHP 8 prints them.

use super::{Form, error::Problem};

/// Stands for an infinite float until it is known whether a later duplicate replaces it. Never part
/// of UTF-8.
pub(super) const INFINITE: u8 = 0xFF;

/// Copies the number that starts at `start` to `out`; gives the position after it.
pub(super) fn copy(
    input: &[u8],
    start: usize,
    form: Form,
    out: &mut Vec<u8>,
) -> Result<usize, Problem> {
    let (end, integer) = scan(input, start).ok_or(Problem::Syntax)?;
    let Ok(text) = std::str::from_utf8(&input[start..end]) else {
        return Err(Problem::Syntax);
    };
    match form {
        Form::NumbersAsWritten => out.extend_from_slice(text.as_bytes()),
        Form::Outbound => {
            if !integer || text == "-0" {
                return Err(Problem::NotAnInteger);
            }
            if !fits_i64(text) {
                return Err(Problem::IntegerTooLarge);
            }
            out.extend_from_slice(text.as_bytes());
        }
        Form::PhpListsKept | Form::PhpLiteral => {
            if text == "-0" {
                out.push(b'0');
            } else if integer && fits_i64(text) {
                out.extend_from_slice(text.as_bytes());
            } else {
                let value: f64 = text.parse().map_err(|_| Problem::Syntax)?;
                if value.is_infinite() {
                    out.push(INFINITE);
                    return Ok(end);
                }
                write_php_float(value, out);
            }
        }
    }
    Ok(end)
}

/// End of the number, and whether it has neither fraction nor exponent.
fn scan(input: &[u8], start: usize) -> Option<(usize, bool)> {
    let digits = |mut at: usize| {
        let from = at;
        while input.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at > from).then_some(at)
    };
    let mut at = start;
    if input.get(at) == Some(&b'-') {
        at += 1;
    }
    at = if input.get(at) == Some(&b'0') {
        at + 1
    } else {
        digits(at)?
    };
    let mut integer = true;
    if input.get(at) == Some(&b'.') {
        integer = false;
        at = digits(at + 1)?;
    }
    if matches!(input.get(at), Some(b'e' | b'E')) {
        integer = false;
        at += 1;
        if matches!(input.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = digits(at)?;
    }
    Some((at, integer))
}

fn fits_i64(integer: &str) -> bool {
    integer.len() <= 18 || integer.parse::<i64>().is_ok()
}

/// Writes a float as PHP does with `serialize_precision = -1`: the shortest digits that read back,
/// an exponent beyond 17 digits before or 4 zeros after the point.
fn write_php_float(value: f64, out: &mut Vec<u8>) {
    // Rust's `{:e}` gives the same shortest digits: `-1.234e-5`.
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let mut digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    if digits.len() >= 16
        && let Some(even) = even_half(value, digits.len())
    {
        digits = even;
    }
    let mut text = String::from(sign);
    // The decimal point stands after this many digits.
    let point = exponent + 1;
    if !(-3..=17).contains(&point) {
        let (first, rest) = digits.split_at(1);
        let rest = if rest.is_empty() { "0" } else { rest };
        text += &format!("{first}.{rest}e{exponent:+}");
    } else if point <= 0 {
        text += "0.";
        text += &"0".repeat(point.unsigned_abs() as usize);
        text += &digits;
    } else {
        let point = point.unsigned_abs() as usize;
        if digits.len() <= point {
            text += &digits;
            text += &"0".repeat(point - digits.len());
        } else {
            let (whole, fraction) = digits.split_at(point);
            text += &format!("{whole}.{fraction}");
        }
    }
    out.extend_from_slice(text.as_bytes());
}

/// Of two texts of `len` digits that are equally close to `value`, PHP takes the even one, Rust the
/// larger. `None` if there are no two.
fn even_half(value: f64, len: usize) -> Option<String> {
    // A float of 53 bits that is not a tie differs from one long before the 80th digit.
    let exact = format!("{:.80e}", value.abs());
    let (mantissa, exponent) = exact.split_once('e')?;
    let digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    let (kept, rest) = digits.split_at_checked(len)?;
    let is_tie = rest.starts_with('5') && rest[1..].bytes().all(|digit| digit == b'0');
    let is_even = kept
        .bytes()
        .last()
        .is_some_and(|digit| digit.is_multiple_of(2));
    let point = exponent.parse::<i32>().ok()? - i32::try_from(len).ok()? + 1;
    let reads_back = || format!("{kept}e{point}").parse() == Ok(value.abs());
    (is_tie && is_even && reads_back()).then(|| kept.to_owned())
}
