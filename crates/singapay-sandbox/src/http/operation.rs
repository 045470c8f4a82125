//! The table of operations, and how a request finds its row.

use serde_json::Value;

use super::{
    accounts, balances, bills, call::Call, cardless, cards, direct_debits, disbursements,
    ewallet_payments, ewallets, identity, payment_links, plans, qris, qris_codes, refusal::Refusal,
    statements, tokens, transfers, va_transactions, virtual_accounts,
};
use crate::state::{Host, World};

/// Shape of an operation's answers (fact sheet 01, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{status, success, data}`.
    V1,
    /// `{response_code, response_message, data}`; carries the operation's success message.
    V2(&'static str),
    /// `{command, response_code, response_text, data}`; carries the operation's success text.
    Biller(&'static str),
    /// `{code, message, data, pricing, request_id}`.
    Identity,
    /// Fields at top level: the identity host's token.
    Flat,
}

impl Envelope {
    /// The host whose operations answer so.
    pub(crate) fn host(self) -> Host {
        match self {
            Self::V1 | Self::V2(_) => Host::Payment,
            Self::Biller(_) => Host::Biller,
            Self::Identity | Self::Flat => Host::Identity,
        }
    }
}

/// How a request proves who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Token operations check the credential themselves.
    Own,
    Bearer,
    /// Bearer and scheme C.
    Signed(SignatureFailure),
    /// Bearer, and scheme C if its headers are there; what a bad one answers is disputed.
    SignedIfGiven,
}

/// What a bad signature header answers; it differs per operation (fact sheet 01, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureFailure {
    /// Missing: 400 `4019900`; wrong: 401 `4019900`.
    Internal,
    /// Missing: 422 SP018; wrong: 401 SP016, also for an unknown partner.
    Listed,
    /// The sources disagree or are silent: as `Internal`, or as `Listed` when told to.
    Disputed,
}

/// What an operation answers when it worked.
pub(crate) struct Answer {
    pub(crate) http: u16,
    pub(crate) data: Value,
    /// Members beside `data`.
    pub(crate) beside: Vec<(&'static str, Value)>,
}

impl From<Value> for Answer {
    fn from(data: Value) -> Self {
        Self {
            http: 200,
            data,
            beside: Vec::new(),
        }
    }
}

/// One operation of the gateway.
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) envelope: Envelope,
    pub(crate) proof: Proof,
    pub(crate) run: Run,
}

type Run = fn(&mut World, &Call) -> Result<Answer, Refusal>;

impl Operation {
    /// Answers in version 1 and takes a bearer token.
    pub(super) const fn v1(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        run: Run,
    ) -> Self {
        Self {
            id,
            method,
            path,
            envelope: Envelope::V1,
            proof: Proof::Bearer,
            run,
        }
    }

    /// Answers in version 2, with this message on success, and takes a bearer token.
    pub(super) const fn v2(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        success: &'static str,
        run: Run,
    ) -> Self {
        Self {
            envelope: Envelope::V2(success),
            ..Self::v1(id, method, path, run)
        }
    }

    /// A business operation of the biller host, with this text on success.
    pub(super) const fn biller(
        id: &'static str,
        path: &'static str,
        success: &'static str,
        run: Run,
    ) -> Self {
        Self {
            envelope: Envelope::Biller(success),
            ..Self::v1(id, "POST", path, run)
        }
    }

    /// A check of the identity host.
    pub(super) const fn identity(id: &'static str, path: &'static str, run: Run) -> Self {
        Self {
            envelope: Envelope::Identity,
            ..Self::v1(id, "POST", path, run)
        }
    }

    /// Answers without an envelope and checks by itself who is calling.
    pub(super) const fn flat(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        run: Run,
    ) -> Self {
        Self {
            envelope: Envelope::Flat,
            proof: Proof::Own,
            ..Self::v1(id, method, path, run)
        }
    }

    /// Needs a signature too.
    pub(super) const fn signed(mut self, failure: SignatureFailure) -> Self {
        self.proof = Proof::Signed(failure);
        self
    }

    /// A signature is checked if it is there, and not asked for.
    pub(super) const fn signed_if_given(mut self) -> Self {
        self.proof = Proof::SignedIfGiven;
        self
    }

    /// Checks by itself who is calling.
    pub(super) const fn proving_itself(mut self) -> Self {
        self.proof = Proof::Own;
        self
    }
}

const TABLES: &[&[Operation]] = &[
    tokens::OPERATIONS,
    accounts::OPERATIONS,
    balances::OPERATIONS,
    statements::OPERATIONS,
    transfers::OPERATIONS,
    payment_links::OPERATIONS,
    cards::OPERATIONS,
    direct_debits::OPERATIONS,
    qris::OPERATIONS,
    ewallets::OPERATIONS,
    disbursements::OPERATIONS,
    cardless::OPERATIONS,
    identity::OPERATIONS,
    virtual_accounts::OPERATIONS,
    va_transactions::OPERATIONS,
    qris_codes::OPERATIONS,
    bills::OPERATIONS,
    ewallet_payments::OPERATIONS,
    plans::OPERATIONS,
];

pub(crate) fn all() -> impl Iterator<Item = &'static Operation> {
    TABLES.iter().copied().flatten()
}

/// Values of the path's parameters.
pub(crate) type Params = Vec<(&'static str, String)>;

/// What the path and method lead to.
pub(crate) enum Found {
    Operation(&'static Operation, Params),
    /// The path exists, for these methods.
    OtherMethods(Vec<&'static str>),
    Nothing,
}

/// The framework's verbs, in its order.
const VERBS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Finds an operation; a literal segment wins over a parameter, and what can be read answers HEAD.
pub(crate) fn find(method: &str, path: &str) -> Found {
    let method = if method == "HEAD" { "GET" } else { method };
    let segments: Vec<&str> = path.split('/').collect();
    let mut best: Option<(usize, &'static Operation, Params)> = None;
    let mut others = Vec::new();
    for operation in all() {
        let Some(params) = match_path(operation.path, &segments) else {
            continue;
        };
        if operation.method != method {
            others.push(operation.method);
        } else if best
            .as_ref()
            .is_none_or(|(count, ..)| params.len() < *count)
        {
            best = Some((params.len(), operation, params));
        }
    }
    match best {
        Some((_, operation, params)) => Found::Operation(operation, params),
        None if others.is_empty() => Found::Nothing,
        None => {
            let read = others.contains(&"GET");
            let takes = |verb: &&str| others.contains(verb) || (*verb == "HEAD" && read);
            Found::OtherMethods(VERBS.into_iter().filter(takes).collect())
        }
    }
}

fn match_path(template: &'static str, segments: &[&str]) -> Option<Params> {
    let mut params = Vec::new();
    let mut given = segments.iter();
    for expected in template.split('/') {
        let segment = given.next()?;
        match expected
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) if !segment.is_empty() => params.push((name, decode(segment))),
            _ if expected == *segment => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(params)
}

/// Undoes percent encoding; `+` stays, as it does in a path.
fn decode(segment: &str) -> String {
    let guarded = format!("v={}", segment.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(guarded.as_bytes())
        .next()
        .map_or_else(String::new, |(_, v)| v.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_segments_win_and_parameters_are_decoded() {
        let Found::Operation(operation, params) = find("GET", "/api/v1.0/balance-inquiry/A%2FB+C")
        else {
            panic!("not found")
        };
        assert_eq!(operation.id, "get_account_balance");
        assert_eq!(params, [("account_id", "A/B+C".to_owned())]);
        assert!(
            matches!(find("POST", "/api/v1.0/balance-inquiry"), Found::OtherMethods(m) if m == ["GET", "HEAD"])
        );
        assert!(matches!(find("GET", "/api/v1.0/banks"), Found::Nothing));
    }

    #[test]
    fn no_two_operations_share_method_and_path() {
        let mut seen = std::collections::HashSet::new();
        for operation in all() {
            assert!(
                seen.insert((operation.method, operation.path)),
                "{}",
                operation.id
            );
        }
    }
}
