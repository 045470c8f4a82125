//! The rows of the outcome table: what the gateway answers, and what that proves.

use singapay_sandbox::{FaultAction, FaultPoint};

/// Proof that an answer gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// None: it is asked about.
    Nothing,
    /// It was not taken, and no money moved.
    Refused,
    /// The same, once an inquiry finds nothing.
    RefusedOnceAsked,
    /// The token was refused: it goes out again with another one, once.
    TokenRefused,
}

pub(crate) struct Row {
    pub(crate) action: FaultAction,
    /// By the payment host, and by the biller's.
    pub(crate) proof: [Proof; 2],
    /// Where it can strike: a gateway that refuses has stored nothing, and a truncated answer is one that was made.
    pub(crate) points: &'static [FaultPoint],
}

const BEFORE: &[FaultPoint] = &[FaultPoint::BeforeCommit];
const AFTER: &[FaultPoint] = &[FaultPoint::AfterCommit];
const BOTH: &[FaultPoint] = &[FaultPoint::BeforeCommit, FaultPoint::AfterCommit];

pub(crate) fn rows() -> Vec<Row> {
    use Proof::{Nothing, Refused, RefusedOnceAsked, TokenRefused};

    let open = [Nothing; 2];
    let mut rows = Vec::new();
    let mut row = |action, proof, points| {
        rows.push(Row {
            action,
            proof,
            points,
        });
    };
    // The connection.
    row(FaultAction::Reset, open, BOTH);
    row(FaultAction::DelayMillis(3_600_000), open, BOTH);
    row(FaultAction::Truncate, open, AFTER);
    // Statuses.
    row(FaultAction::Redirect, open, BOTH);
    row(FaultAction::Html502, open, BOTH);
    row(FaultAction::TooManyRequests { retry_after: 1 }, open, BOTH);
    for status in [500, 503, 599, 601] {
        row(FaultAction::Status(status), open, BOTH);
    }
    row(FaultAction::Status(401), [TokenRefused; 2], BEFORE);
    for status in [403, 404, 405] {
        row(FaultAction::Status(status), [Refused; 2], BEFORE);
    }
    // Bodies.
    for status in [200, 401, 403, 404, 405, 422, 650] {
        row(answer(status, "{\"response_code\":\"SP0"), open, BOTH);
        row(answer(status, "{\"response_code\":\"SP777\"}"), open, BOTH);
    }
    row(
        answer(200, "{\"response_code\":\"SP000\",\"data\":{}}"),
        open,
        BOTH,
    );
    row(answer(422, "{}"), [Refused; 2], BEFORE);
    // Answers that contradict themselves.
    for body in [
        "{\"response_code\":\"SP000\"}",
        "{\"response_code\":\"SP003\",\"data\":{\"transaction_id\":\"T-9\"}}",
        "{\"response_code\":\"SP003\",\"data\":{\"transaction_status\":{\"code\":\"03\"}}}",
        "{\"response_code\":\"SP013\",\"data\":{\"transaction_id\":\"T-9\"}}",
        "{\"response_code\":\"SP003\",\"response_code\":\"SP000\"}",
        "{\"response_code\":\"CLIENT_ERROR\"}",
    ] {
        row(answer(403, body), open, BOTH);
    }
    // Codes of the payment host, which prove nothing at the biller's.
    for code in ["SP001", "SP002", "SP005", "SP009", "SP019", "5049900"] {
        row(wrong(code), open, BOTH);
    }
    // Duplicates are asked about: the original may have succeeded.
    for code in ["SP004", "4099901", "4099902"] {
        row(wrong(code), open, BOTH);
    }
    for code in ["SP003", "SP006"] {
        row(wrong(code), [RefusedOnceAsked, Nothing], BOTH);
    }
    for code in [
        "SP007", "SP008", "SP010", "SP011", "SP012", "SP014", "SP015", "SP016", "SP017", "SP018",
        "SP020", "SP403", "4019900", "4039915", "4039923", "4049911", "4229901",
    ] {
        row(wrong(code), [Refused, Nothing], BEFORE);
    }
    row(
        answer(401, "{\"response_code\":\"SP013\"}"),
        [TokenRefused, Nothing],
        BEFORE,
    );
    // And the other way round.
    for code in ["02", "03", "05", "07", "99", "98"] {
        row(wrong(code), open, BOTH);
    }
    for code in ["04", "06"] {
        row(wrong(code), [Nothing, Refused], BEFORE);
    }
    rows
}

fn wrong(code: &str) -> FaultAction {
    FaultAction::WrongCode(code.to_owned())
}

fn answer(status: u16, body: &str) -> FaultAction {
    FaultAction::Answer {
        status,
        body: body.to_owned(),
    }
}
