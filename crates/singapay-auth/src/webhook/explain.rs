use std::fmt;

use bytes::Bytes;

use super::{HeaderSource, SignedForm, Verified, Verifier, VerifyError, parts::Parts};

/// Reason for which a delivery verifies or not. For logs of the receiver, never for the sender.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Explanation {
    /// Result of [`Verifier::verify`].
    pub result: Result<Verified, VerifyError>,
    /// Likely fault, as far as it can be told.
    pub suspect: Suspect,
}

/// Likely fault of a delivery.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suspect {
    /// The delivery is genuine: no fault was found.
    Nothing,
    /// The headers: missing, doubled or malformed. The dashboard's "Test" button sends none.
    Headers,
    /// Signed by a known key, but outside the time window: a slow retry, or a wrong clock.
    Time {
        /// Key.
        key_name: String,
        /// Form of the body.
        form: SignedForm,
    },
    /// Signed by a known key for another path; register this one, or configure it.
    Path {
        /// Path that was signed.
        signed: String,
        /// Key.
        key_name: String,
    },
    /// The body: too large, not JSON, nested too deep.
    Body,
    /// No configured key, or the body was changed on the way. The partner id is one of a
    /// configured key.
    KeyOrBody,
    /// No configured key: the partner id is not one of a configured key either.
    Key,
}

/// Two lines for a developer: the result, and what to look at. No secret, no body, and no query of a path.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.result {
            Ok(verified) => write!(f, "accepted: signed by the key {:?}", verified.key_name),
            Err(error) => write!(f, "refused: {error}\n{}", self.suspect),
        }
    }
}

/// As it is displayed: the query of a path may hold a token of the merchant's own.
impl fmt::Debug for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing is wrong."),
            Self::Headers => f.write_str(
                "Look at the headers: the dashboard's \"Test\" button signs nothing, and a proxy may drop or double them.",
            ),
            Self::Time { key_name, .. } => write!(
                f,
                "The key {key_name:?} signed it, but not now: a late copy, or a clock that is wrong."
            ),
            Self::Path { signed, key_name } => {
                // A query may hold a token of the merchant's own.
                let (path, query) = match signed.split_once('?') {
                    Some((path, _)) => (path, " with a query"),
                    None => (signed.as_str(), ""),
                };
                write!(
                    f,
                    "The key {key_name:?} signed it for the path {path:?}{query}: verify for that one, as the dashboard has it."
                )
            }
            Self::Body => f.write_str("Look at the body: it has to be JSON, and within the limits of size and depth."),
            Self::KeyOrBody => f.write_str(
                "The partner id is right, or is missing: the secret is another one, or the body was changed on its way, by a proxy or a parser.",
            ),
            Self::Key => f.write_str("No configured key has this partner id: which credential is registered with this address?"),
        }
    }
}

impl Verifier {
    /// Finds out why a delivery does not verify: which of key, path, time and body.
    ///
    /// `other_paths` are further paths to try, such as the one that reached the server; variants
    /// without the query and with or without the final slash are tried anyway.
    pub fn explain<H: HeaderSource + ?Sized>(
        &self,
        headers: &H,
        body: impl Into<Bytes>,
        other_paths: &[&str],
    ) -> Explanation {
        let body = body.into();
        let result = self.verify(headers, body.clone());
        let suspect = match &result {
            Ok(_) => Suspect::Nothing,
            Err(VerifyError::BodyTooLarge { .. } | VerifyError::Body(_)) => Suspect::Body,
            Err(VerifyError::Stale { .. } | VerifyError::Signature) => match Parts::read(headers) {
                Ok(parts) => self.suspect(&parts, &body, other_paths),
                Err(_) => Suspect::Headers,
            },
            Err(_) => Suspect::Headers,
        };
        Explanation { result, suspect }
    }

    fn suspect(&self, parts: &Parts<'_>, body: &Bytes, other_paths: &[&str]) -> Suspect {
        let own = self.path.as_str();
        let others = [own].into_iter().chain(other_paths.iter().copied());
        let paths: Vec<String> = [own.to_owned()]
            .into_iter()
            .chain(others.flat_map(variants))
            .collect();
        // All at once: the forms of a body take their time.
        match self.prove(parts, &paths, body) {
            Err(_) => return Suspect::Body,
            Ok(Some(proof)) if proof.path == own => {
                return Suspect::Time {
                    key_name: proof.key.name().to_owned(),
                    form: proof.candidate.form,
                };
            }
            Ok(Some(proof)) => {
                return Suspect::Path {
                    signed: proof.path.to_owned(),
                    key_name: proof.key.name().to_owned(),
                };
            }
            Ok(None) => {}
        }
        let known = |id| {
            self.keys
                .iter()
                .any(|key| key.known_partner_id() == Some(id))
        };
        match parts.partner_id {
            Some(id) if !known(id) => Suspect::Key,
            _ => Suspect::KeyOrBody,
        }
    }
}

/// The path itself, without its query, and both with and without a final slash.
fn variants(path: &str) -> Vec<String> {
    let (plain, query) = match path.split_once('?') {
        Some((plain, query)) => (plain, format!("?{query}")),
        None => (path, String::new()),
    };
    let trimmed = plain.trim_end_matches('/');
    let mut variants = Vec::new();
    for base in [plain.to_owned(), trimmed.to_owned(), format!("{trimmed}/")] {
        for variant in [format!("{base}{query}"), base] {
            if !variant.is_empty() && !variants.contains(&variant) {
                variants.push(variant);
            }
        }
    }
    variants
}
