//! Faults of a request, and what must come of each.

use std::{fmt::Debug, time::Duration};

use singapay::{Delivery, Error, ErrorKind};
use singapay_sandbox::{FaultAction, FaultPoint};

/// One way in which a request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Right, and a little late.
    Late,
    /// Right, long after the deadline.
    TooLate,
    Reset,
    Truncated,
    Redirect,
    Html502,
    Empty500,
    TooMany,
    /// A code after which nobody knows what happened.
    AmbiguousCode,
    /// A code that nobody knows.
    UnknownCode,
}

pub(crate) const CASES: [Case; 10] = [
    Case::Late,
    Case::TooLate,
    Case::Reset,
    Case::Truncated,
    Case::Redirect,
    Case::Html502,
    Case::Empty500,
    Case::TooMany,
    Case::AmbiguousCode,
    Case::UnknownCode,
];

pub(crate) const POINTS: [FaultPoint; 3] = [
    FaultPoint::BeforeCommit,
    FaultPoint::AfterCommit,
    FaultPoint::DuringResponse,
];

pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(7);

impl Case {
    pub(crate) fn action(self) -> FaultAction {
        match self {
            Self::Late => FaultAction::DelayMillis(20),
            Self::TooLate => FaultAction::DelayMillis(3_600_000),
            Self::Reset => FaultAction::Reset,
            Self::Truncated => FaultAction::Truncate,
            Self::Redirect => FaultAction::Redirect,
            Self::Html502 => FaultAction::Html502,
            Self::Empty500 => FaultAction::Status(500),
            Self::TooMany => FaultAction::TooManyRequests { retry_after: 7 },
            Self::AmbiguousCode => FaultAction::WrongCode("SP005".to_owned()),
            Self::UnknownCode => FaultAction::WrongCode("SP777".to_owned()),
        }
    }
}

/// Required end of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// With its answer, after so many requests.
    Fine(u32),
    /// Without, after one request.
    Fails(ErrorKind, Delivery),
    /// Without, after so many requests.
    FailsAfter(u32, ErrorKind, Delivery),
    /// Without, when time is up; a last request may have gone out shortly before.
    RunsOut,
}

impl End {
    #[track_caller]
    pub(crate) fn check(self, cell: &str, result: &Result<u32, Error>) {
        let found = match result {
            Ok(attempts) => (*attempts, None),
            Err(error) => (error.attempts(), Some((error.kind(), error.delivery()))),
        };
        let expected = match self {
            Self::Fine(attempts) => (attempts, None),
            Self::Fails(kind, delivery) => (1, Some((kind, delivery))),
            Self::FailsAfter(attempts, kind, delivery) => (attempts, Some((kind, delivery))),
            Self::RunsOut => {
                let end = (ErrorKind::Timeout, Delivery::MaybeSent);
                (found.0.clamp(1, 2), Some(end))
            }
        };
        assert_eq!(found, expected, "{cell}: {result:?}");
    }
}

/// A read meets it once.
pub(crate) const READS_MEET: [(Case, End); 9] = [
    (Case::Late, End::Fine(1)),
    (Case::Reset, End::Fine(2)),
    (Case::Truncated, End::Fine(2)),
    (
        Case::Redirect,
        End::Fails(ErrorKind::Redirect, Delivery::Answered),
    ),
    (Case::Html502, End::Fine(2)),
    // A 500 speaks of the request, not of the moment.
    (
        Case::Empty500,
        End::Fails(ErrorKind::Gateway, Delivery::Answered),
    ),
    (Case::TooMany, End::Fine(2)),
    (
        Case::AmbiguousCode,
        End::Fails(ErrorKind::Gateway, Delivery::Answered),
    ),
    // No read is ambiguous, so that a code nobody knows is a refusal.
    (
        Case::UnknownCode,
        End::Fails(ErrorKind::Refused, Delivery::Answered),
    ),
];

/// A read meets it whenever it tries.
pub(crate) const STAYS: [(Case, End); 5] = [
    (Case::TooLate, End::RunsOut),
    (
        Case::Reset,
        End::FailsAfter(3, ErrorKind::Interrupted, Delivery::MaybeSent),
    ),
    (
        Case::Truncated,
        End::FailsAfter(3, ErrorKind::Interrupted, Delivery::MaybeSent),
    ),
    (
        Case::Html502,
        End::FailsAfter(3, ErrorKind::Gateway, Delivery::Answered),
    ),
    (
        Case::TooMany,
        End::FailsAfter(3, ErrorKind::RateLimited, Delivery::Answered),
    ),
];

/// A write meets it.
pub(crate) const WRITES_MEET: [(Case, End); 10] = [
    (Case::Late, End::Fine(1)),
    (
        Case::TooLate,
        End::Fails(ErrorKind::Timeout, Delivery::MaybeSent),
    ),
    (
        Case::Reset,
        End::Fails(ErrorKind::Interrupted, Delivery::MaybeSent),
    ),
    (
        Case::Truncated,
        End::Fails(ErrorKind::Interrupted, Delivery::MaybeSent),
    ),
    (
        Case::Redirect,
        End::Fails(ErrorKind::Redirect, Delivery::Answered),
    ),
    (
        Case::Html502,
        End::Fails(ErrorKind::Gateway, Delivery::Answered),
    ),
    (
        Case::Empty500,
        End::Fails(ErrorKind::Gateway, Delivery::Answered),
    ),
    (
        Case::TooMany,
        End::Fails(ErrorKind::RateLimited, Delivery::Answered),
    ),
    (
        Case::AmbiguousCode,
        End::Fails(ErrorKind::Gateway, Delivery::Answered),
    ),
    // The kind stands with each write.
    (
        Case::UnknownCode,
        End::Fails(ErrorKind::Gateway, Delivery::Answered),
    ),
];

/// Number of things that the gateway holds afterwards, whatever the caller was told.
pub(crate) fn happened(case: Case, point: FaultPoint) -> usize {
    match (case, point) {
        (Case::Late, _) => 1,
        (_, FaultPoint::BeforeCommit) => 0,
        _ => 1,
    }
}
