//! Bound on how much of an answer is read.
//!
//! Parsed JSON is larger than its text: an object of seven bytes can take seven hundred. So a body is
//! bounded twice, before anything is parsed: in bytes while it is received, and by an estimate of what it
//! takes when it is parsed. At most two parsed copies and the body live at once, so that a call never
//! takes more than eight times the bytes it may receive.
//!
//! In use: `crates/singapay/src/transport/mod.rs`.

use bytes::Bytes;

use crate::{
    operation::{Effect, Operation},
    transport::{Answer, TransportError, TransportErrorKind},
};

const KIB: usize = 1024;

/// Bound of one answer. Travels in the extensions of a request, for the transport to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerBound {
    bytes: usize,
}

impl AnswerBound {
    /// A page of 100 rows has about 100 kB; how many rows a page can have is not known.
    pub const LIST: Self = Self { bytes: 4096 * KIB };
    /// One resource has a few kB; an identity check may carry a picture.
    pub const ONE: Self = Self { bytes: 1024 * KIB };
    /// A payout's answer has less than 2 kB.
    pub const MONEY_OUT: Self = Self { bytes: 128 * KIB };
    /// A token's answer has about 1 kB.
    pub const TOKEN: Self = Self { bytes: 64 * KIB };
    /// A webhook delivery has about 1 kB; larger ones are not verified.
    pub const DELIVERY: Self = Self { bytes: 1024 * KIB };

    /// The bound of an operation's answers. A GET that is not modelled may be a list.
    pub fn of(operation: &Operation) -> Self {
        let is_modelled = !operation.path.is_empty();
        match operation.effect {
            Effect::MoneyOut => Self::MONEY_OUT,
            _ if operation.id.starts_with("list_") => Self::LIST,
            _ if !is_modelled && operation.method == "GET" => Self::LIST,
            Effect::Read | Effect::Write | Effect::MoneyIn => Self::ONE,
        }
    }

    /// Most bytes of a body.
    pub const fn bytes(self) -> usize {
        self.bytes
    }

    /// Tells the transport.
    pub fn attach(self, request: &mut http::Request<Bytes>) {
        request.extensions_mut().insert(self);
    }

    /// True if a body may be parsed.
    ///
    /// The estimate may reach three times the bound, and less for a small body: what the gateway writes
    /// takes five to fifteen times its text, and a few objects more do no harm.
    pub fn admits(self, body: &[u8]) -> bool {
        let most = (self.bytes * 3).min(256 * KIB + body.len().saturating_mul(16));
        body.len() <= self.bytes && is_at_most(body, most)
    }

    /// The same answer, unless it is beyond the bound.
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::BodyTooLarge`].
    pub fn check(self, answer: Result<Answer, TransportError>) -> Result<Answer, TransportError> {
        match answer {
            Ok(answer) if !self.admits(&answer.body) => {
                Err(TransportError::new(TransportErrorKind::BodyTooLarge, None))
            }
            answer => answer,
        }
    }
}

/// The smallest map: a node of a tree with room for eleven members.
const OBJECT: usize = 700;
/// An element of the outermost list: a structure of about a kilobyte in a vector that doubles.
const ROW: usize = 3000;
/// A vector, which begins with room for four.
const ARRAY: usize = 128;
/// A further member or element: nodes are half full, vectors twice as large as needed while they grow.
const ELEMENT: usize = 104;

/// True if it cannot take as much even if every sign in its texts were structure, which is quick to see.
fn is_far_below(body: &[u8], most: usize) -> bool {
    // Short of what a byte can count, which is what processors add up at once.
    let counts = body.chunks(255).map(|chunk| {
        let (mut objects, mut others) = (0_u8, 0_u8);
        for byte in chunk {
            objects += u8::from(*byte == b'{');
            others += u8::from(*byte == b'[') + u8::from(*byte == b',');
        }
        usize::from(objects) * ROW + usize::from(others) * ARRAY
    });
    counts.sum::<usize>() <= most
}

/// True if this JSON, once parsed, takes no more than `most` bytes, by estimate; texts as long as the body
/// included.
fn is_at_most(body: &[u8], most: usize) -> bool {
    let Some(mut left) = most.checked_sub(body.len()) else {
        return false;
    };
    if is_far_below(body, left) {
        return true;
    }
    // One bit a level, the innermost last: whether it is an array. No parser here goes deeper.
    let mut arrays = 0_u128;
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        let cost = match byte {
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => {
                            bytes.next();
                        }
                        _ => {}
                    }
                }
                0
            }
            b'{' => {
                let is_row = arrays & 1 == 1 && arrays.count_ones() == 1;
                let cost = if is_row { ROW } else { OBJECT };
                arrays <<= 1;
                cost
            }
            b'[' => {
                arrays = arrays << 1 | 1;
                ARRAY
            }
            b'}' | b']' => {
                arrays >>= 1;
                0
            }
            b',' => ELEMENT,
            _ => 0,
        };
        match left.checked_sub(cost) {
            Some(rest) => left = rest,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_counts_and_text_does_not() {
        for (body, cost) in [
            ("", 0),
            ("12", 0),
            (r#""{[,,\"{[,,""#, 0),
            (
                r#"{"a":[1,2,{"b":"}"}]}"#,
                OBJECT + ARRAY + 2 * ELEMENT + ROW,
            ),
            (r#"[{"a":[]},{}]"#, ARRAY + ROW + ARRAY + ELEMENT + ROW),
            (r#"[{"a":[{}]}]"#, ARRAY + ROW + ARRAY + OBJECT),
            (r#"["#, ARRAY),
            (r#"]}{""#, OBJECT),
        ] {
            let cost = body.len() + cost;
            assert!(is_at_most(body.as_bytes(), cost), "{body}");
            assert!(
                cost == 0 || !is_at_most(body.as_bytes(), cost - 1),
                "{body}"
            );
        }
    }

    #[test]
    fn a_large_page_is_read_and_a_bomb_is_not() {
        let row = r#"{"id":103,"reff_no":"INV20240513001","title":"Invoice Payment","payment_url":"https://example.com/payment-link","status":"open","status_computed":"open","is_expired":false,"required_customer_detail":true,"max_usage":1,"current_usage":0,"expired_at":"2024-05-20T23:59:59+07:00","total_amount":{"value":"150000.00","currency":"IDR"},"items":[{"name":"Item","quantity":1,"unit_price":{"value":"150000.00","currency":"IDR"}}],"account":{"id":"01K946KF851RK7FX075GJHBVKF","name":"Example"},"created_at":"2024-05-13T10:00:00+07:00","updated_at":"2024-05-13T10:00:00+07:00"},"#;
        let page = |rows: usize| format!(r#"{{"data":[{}1]}}"#, row.repeat(rows));
        for rows in [1, 25, 100, 500, 1000] {
            assert!(AnswerBound::LIST.admits(page(rows).as_bytes()), "{rows}");
        }
        assert!(AnswerBound::ONE.admits(page(100).as_bytes()));
        let text = format!(
            r#"{{"data":"{}"}}"#,
            "x".repeat(AnswerBound::ONE.bytes() - 20)
        );
        assert!(AnswerBound::ONE.admits(text.as_bytes()));
        for bomb in [r#"{"":0},"#, "{},", "[],", "0,", r#"{"id":1},"#] {
            for bytes in [100 * KIB, 1000 * KIB, 4000 * KIB] {
                let body = format!(r#"{{"data":[{}0]}}"#, bomb.repeat(bytes / bomb.len()));
                assert!(!AnswerBound::LIST.admits(body.as_bytes()), "{bomb} {bytes}");
            }
        }
    }
}
