//! The success that an operation promises: its own envelope, whole, with a code that accepts.

use http::StatusCode;

use crate::{
    codes::{Code, Proof, find, pad},
    operation::{Envelope, Operation},
    reading::Reading,
    transport::Answer,
};

/// True if the answer is a success. One that contradicts itself is none, which does not prove that nothing
/// happened.
pub(super) fn is_promised(
    codes: &[Code],
    operation: &Operation,
    answer: &Answer,
    body: Option<&Reading>,
) -> bool {
    if operation.envelope == Envelope::Any && answer.status == StatusCode::NO_CONTENT {
        return answer.body.is_empty();
    }
    let Some(body) = body.filter(|_| answer.status.is_success()) else {
        return false;
    };
    let accepts = |code: &Option<String>| {
        let row = |code: &String| find(codes, Some(operation), &pad(code));
        code.as_ref()
            .and_then(row)
            .is_some_and(|row| row.proof == Proof::Accepted)
    };
    let envelope = match operation.envelope {
        Envelope::Any => body.envelope(),
        envelope => envelope,
    };
    !body.repeated
        && body.success != Some(false)
        && match envelope {
            Envelope::V2 | Envelope::Biller => accepts(&body.response_code),
            Envelope::V1 => {
                body.success == Some(true)
                    && (body.response_code.is_none() || accepts(&body.response_code))
            }
            Envelope::Identity => accepts(&body.code),
            Envelope::Flat | Envelope::Any => body.envelope() == Envelope::Flat,
        }
}
