//! Numbers: as written, or the way PHP 8 prints them.

use super::{Form, error::Problem};

/// Stands for an infinite float until it is known whether a later duplicate replaces it. Never part
/// of UTF-8.
pub(super) const INFINITE: u8 = 0xFF;

/// Spelling of a number in the output.
pub(super) enum Written {
    /// As it came.
    Same,
    /// `-0`, which PHP reads as an integer.
    Zero,
    /// Like this, which took a while.
    Float(Vec<u8>),
}

/// Reads the number that starts at `start`; gives the position after it and how it is written.
pub(super) fn read(input: &[u8], start: usize, form: Form) -> Result<(usize, Written), Problem> {
    let (end, integer) = scan(input, start).ok_or(Problem::Syntax)?;
    let text = &input[start..end];
    let small = integer && fits_i64(text);
    let written = match form {
        Form::NumbersAsWritten => Written::Same,
        Form::Outbound if !integer || text == b"-0" => return Err(Problem::NotAnInteger),
        Form::Outbound if !small => return Err(Problem::IntegerTooLarge),
        Form::Outbound => Written::Same,
        Form::PhpListsKept | Form::PhpLiteral if text == b"-0" => Written::Zero,
        Form::PhpListsKept | Form::PhpLiteral if small => Written::Same,
        Form::PhpListsKept | Form::PhpLiteral => {
            let text = std::str::from_utf8(text).map_err(|_| Problem::Syntax)?;
            let value: f64 = text.parse().map_err(|_| Problem::Syntax)?;
            Written::Float(if value.is_infinite() {
                vec![INFINITE]
            } else {
                php_float(value)
            })
        }
    };
    Ok((end, written))
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

fn fits_i64(integer: &[u8]) -> bool {
    integer.len() <= 18
        || std::str::from_utf8(integer).is_ok_and(|text| text.parse::<i64>().is_ok())
}

/// Writes a float as PHP does with `serialize_precision = -1`: the shortest digits that read back,
/// an exponent beyond 17 digits before or 4 zeros after the point.
fn php_float(value: f64) -> Vec<u8> {
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
    text.into_bytes()
}

/// Of two texts of `len` digits that are equally close to `value`, PHP takes the even one, Rust the
/// larger. `None` if there are no two.
fn even_half(value: f64, len: usize) -> Option<String> {
    let (digits, fraction) = exact_digits(value)?;
    let (kept, rest) = digits.split_at_checked(len)?;
    let is_tie = rest.starts_with('5') && rest[1..].bytes().all(|digit| digit == b'0');
    let is_even = kept
        .bytes()
        .last()
        .is_some_and(|digit| digit.is_multiple_of(2));
    let point = i32::try_from(rest.len()).ok()? - fraction;
    let reads_back = || format!("{kept}e{point}").parse() == Ok(value.abs());
    (is_tie && is_even && reads_back()).then(|| kept.to_owned())
}

/// Every digit of a float, and how many of them are a fraction; `None` if it is certainly no tie,
/// which most are not.
fn exact_digits(value: f64) -> Option<(String, i32)> {
    let bits = value.to_bits();
    let exponent = i32::try_from(bits >> 52 & 0x7FF).ok()?;
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    let odd = u128::from(mantissa >> mantissa.trailing_zeros());
    // The value is `odd` times two to this power; subnormal floats are far below any tie.
    let power = exponent - 1075 + i32::try_from(mantissa.trailing_zeros()).ok()?;
    match power {
        // With more of a fraction it has more than 18 digits, the last of which is a 5.
        -25..0 => {
            let digits = odd * 5_u128.pow(power.unsigned_abs());
            Some((digits.to_string(), -power))
        }
        // A 5 before `power` zeros makes `odd` a multiple of as many fives.
        0..22 => Some(((odd << power).to_string(), 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at so many digits that no float is missed.
    fn even_half_slowly(value: f64, len: usize) -> Option<String> {
        let exact = format!("{:.80e}", value.abs());
        let (mantissa, exponent) = exact.split_once('e').unwrap();
        let digits = mantissa.replace('.', "");
        let (kept, rest) = digits.split_at(len);
        let is_tie = rest.starts_with('5') && rest[1..].bytes().all(|digit| digit == b'0');
        let is_even = (kept.as_bytes()[len - 1] - b'0').is_multiple_of(2);
        let point = exponent.parse::<i32>().unwrap() - i32::try_from(len).unwrap() + 1;
        let reads_back = || format!("{kept}e{point}").parse() == Ok(value.abs());
        (is_tie && is_even && reads_back()).then(|| kept.to_owned())
    }

    #[test]
    fn halves_are_found_where_they_are() {
        let mut random = fastrand::Rng::with_seed(11);
        let mut found = 0;
        for round in 0..200_000 {
            let power = random.i32(-30..30);
            let value = match round % 4 {
                0 => f64::from_bits(random.u64(..)),
                // Multiples of many fives, and of few.
                1 => {
                    (random.u64(..1 << 53) / 5_u64.pow(9) * 5_u64.pow(9)) as f64 * 2_f64.powi(power)
                }
                2 => random.u64(..1 << 53) as f64 * 2_f64.powi(power),
                _ => (random.u64(1 << 52..1 << 53) | 1) as f64 / 2_f64.powi(random.i32(1..8)),
            };
            if !value.is_finite() || value == 0.0 {
                continue;
            }
            for len in [16, 17] {
                let half = even_half(value, len);
                assert_eq!(half, even_half_slowly(value, len), "{value:e} {len}");
                found += usize::from(half.is_some());
            }
        }
        assert!(found > 1_000, "{found}");
    }
}
