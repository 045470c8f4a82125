use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use singapay_core::{Clock, SystemClock, Timestamp};

use super::{
    HeaderSource, SignedForm, VerifyError, WebhookKey,
    body::{Candidate, Candidates},
    parts::Parts,
};
use crate::{
    canonical::CanonicalError,
    credential::Credentials,
    scheme::{BodyHash, RequestToSign},
};

/// Largest accepted difference between signing and now, unless another is set.
const WINDOW: Duration = Duration::from_secs(300);

/// Verifies deliveries to one registered path.
#[derive(Clone)]
pub struct Verifier {
    pub(super) keys: Arc<[WebhookKey]>,
    pub(super) path: String,
    pub(super) window: Option<Duration>,
    pub(super) max_body_bytes: usize,
    pub(super) max_depth: usize,
    pub(super) clock: Arc<dyn Clock>,
}

/// Builds a [`Verifier`].
#[derive(Clone)]
pub struct VerifierBuilder {
    keys: Vec<WebhookKey>,
    path: Option<String>,
    window: Option<Duration>,
    max_body_bytes: usize,
    max_depth: usize,
    clock: Arc<dyn Clock>,
}

/// Settings of a verifier that make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifierError {
    /// Without a key nothing can be verified.
    #[error("no key was given")]
    NoKeys,
    /// The secret of a key is empty or blank: anybody could sign with it.
    #[error("the secret of a key is empty")]
    EmptySecret,
    /// The path is part of what is signed.
    #[error("no path was given")]
    NoPath,
    /// Only path and query are signed, not scheme and host.
    #[error("the path must start with `/`, as in `/hooks/singapay?source=x`")]
    PathWithoutSlash,
}

/// A delivery whose signature, time and shape are proven.
#[derive(Clone)]
#[non_exhaustive]
pub struct Verified {
    /// The body as it came.
    pub body: Bytes,
    /// The form of the body that the signature proved.
    pub canonical: Bytes,
    /// Form of the body that was signed.
    pub form: SignedForm,
    /// Hash of `canonical`: the deduplication key. However a copy is spaced, ordered or spelt, it
    /// has this hash or it fails.
    pub hash: BodyHash,
    /// Name of the key that signed.
    pub key_name: Arc<str>,
    /// Partner id of that key, if it is known.
    pub partner_id: Option<Arc<str>>,
    /// Time of the signature.
    pub signed_at: Timestamp,
}

impl Verified {
    /// Puts a delivery together again that was verified before, from what a ledger kept of it.
    ///
    /// It proves nothing: compare [`deduplication_key`](Self::deduplication_key) with the one that was kept, so that
    /// a body which was changed meanwhile is seen.
    ///
    /// # Errors
    ///
    /// The body has no such form, so it is not the one that was verified.
    pub fn restore(
        body: Bytes,
        form: SignedForm,
        (key_name, partner_id): (&str, Option<&str>),
        signed_at: Timestamp,
    ) -> Result<Self, CanonicalError> {
        let canonical = form.of(&body)?;
        Ok(Self {
            hash: BodyHash::of(&canonical),
            body,
            canonical,
            form,
            key_name: key_name.into(),
            partner_id: partner_id.map(Arc::from),
            signed_at,
        })
    }

    /// The deduplication key: 64 hexadecimal digits.
    pub fn deduplication_key(&self) -> String {
        self.hash.to_string()
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("hash", &self.hash)
            .field("form", &self.form)
            .field("key_name", &self.key_name)
            .field("signed_at", &self.signed_at)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl VerifierBuilder {
    /// Adds a key. Keys are tried in this order, after those of the delivery's partner id.
    #[must_use]
    pub fn key(mut self, key: WebhookKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Adds the keys of all payment and biller credentials.
    #[must_use]
    pub fn credentials(mut self, credentials: &Credentials) -> Self {
        let all = credentials.payment().iter().chain(credentials.biller());
        self.keys
            .extend(all.map(|credential| WebhookKey::from(credential.as_ref())));
        self
    }

    /// Path and query exactly as registered in the dashboard, which is what is signed, not what a
    /// reverse proxy made of it.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Largest accepted difference between signing and now, both ways. Default 5 minutes; with a
    /// ledger of deliveries, 15 minutes are safe and lose nothing to slow retries.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Largest accepted body. Default 1 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = limit;
        self
    }

    /// Deepest accepted nesting. Default 64.
    #[must_use]
    pub fn max_depth(mut self, limit: usize) -> Self {
        self.max_depth = limit;
        self
    }

    /// The clock that the window goes by. For tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// No key, a key with a blank secret, no path, or a path that does not start with `/`.
    pub fn build(self) -> Result<Verifier, VerifierError> {
        let Self {
            keys,
            path,
            window,
            max_body_bytes,
            max_depth,
            clock,
        } = self;
        if keys.is_empty() {
            return Err(VerifierError::NoKeys);
        }
        if keys.iter().any(|key| key.signing_key().is_blank()) {
            return Err(VerifierError::EmptySecret);
        }
        let path = path.ok_or(VerifierError::NoPath)?;
        if !path.starts_with('/') {
            return Err(VerifierError::PathWithoutSlash);
        }
        Ok(Verifier {
            keys: keys.into(),
            path,
            window,
            max_body_bytes,
            max_depth,
            clock,
        })
    }
}

impl Verifier {
    /// Starts a verifier.
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder {
            keys: Vec::new(),
            path: None,
            window: None,
            max_body_bytes: 1 << 20,
            max_depth: 64,
            clock: Arc::new(SystemClock),
        }
    }

    /// Largest accepted body, for adapters that read it.
    pub fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    /// The registered path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Largest accepted difference between signing and now.
    pub fn window(&self) -> Duration {
        self.window.unwrap_or(WINDOW)
    }

    /// The same verifier with this window, unless it was built with one.
    #[must_use]
    pub fn or_window(mut self, window: Duration) -> Self {
        self.window.get_or_insert(window);
        self
    }

    /// The clock that the window goes by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Verifies a delivery. Size, headers and time are checked before the body is looked at. A refusal
    /// is told as a `warn` event of the target `singapay`, too.
    ///
    /// # Errors
    ///
    /// A [`VerifyError`]; nothing in the delivery can then be believed.
    pub fn verify<H: HeaderSource + ?Sized>(
        &self,
        headers: &H,
        body: impl Into<Bytes>,
    ) -> Result<Verified, VerifyError> {
        self.judge(headers, body.into()).inspect_err(|error| {
            let status = error.status().as_u16();
            tracing::warn!(target: "singapay", status, "a webhook delivery was refused: {error}");
        })
    }

    fn judge<H: HeaderSource + ?Sized>(
        &self,
        headers: &H,
        body: Bytes,
    ) -> Result<Verified, VerifyError> {
        if body.len() > self.max_body_bytes {
            return Err(VerifyError::BodyTooLarge {
                limit: self.max_body_bytes,
            });
        }
        let parts = Parts::read(headers)?;
        self.check_age(&parts)?;
        match self
            .prove(&parts, std::slice::from_ref(&self.path), &body)
            .map_err(VerifyError::Body)?
        {
            Some(Proof { candidate, key, .. }) => Ok(Verified {
                body,
                canonical: candidate.bytes,
                form: candidate.form,
                hash: candidate.hash,
                key_name: Arc::clone(&key.name),
                partner_id: key.partner_id.clone(),
                signed_at: Timestamp::from_unix_seconds(parts.seconds),
            }),
            None => Err(VerifyError::Signature),
        }
    }

    pub(super) fn check_age(&self, parts: &Parts<'_>) -> Result<(), VerifyError> {
        let age = self
            .clock
            .now()
            .unix_seconds()
            .saturating_sub(parts.seconds);
        let window = self.window();
        if age.unsigned_abs() > window.as_secs() {
            return Err(VerifyError::Stale { age, window });
        }
        Ok(())
    }

    /// The first form, path and key that give the signature.
    pub(super) fn prove<'a>(
        &'a self,
        parts: &Parts<'_>,
        paths: &'a [String],
        body: &Bytes,
    ) -> Result<Option<Proof<'a>>, CanonicalError> {
        let named = |key: &&WebhookKey| {
            parts.partner_id.is_some() && key.known_partner_id() == parts.partner_id
        };
        let mut candidates = Candidates::new(body, self.max_depth);
        while let Some(candidate) = candidates.next()? {
            for path in paths {
                let to_sign = RequestToSign {
                    method: "POST",
                    path,
                    token: parts.token,
                    body: candidate.hash,
                    timestamp: parts.timestamp,
                };
                let first = self.keys.iter().filter(named);
                let others = self.keys.iter().filter(|key| !named(key));
                for key in first.chain(others) {
                    if to_sign.verify(key.signing_key(), &parts.signature) {
                        return Ok(Some(Proof {
                            candidate,
                            path,
                            key,
                        }));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// Form, path and key that gave a signature.
pub(super) struct Proof<'a> {
    pub(super) candidate: Candidate,
    pub(super) path: &'a str,
    pub(super) key: &'a WebhookKey,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys)
            .field("window", &self.window())
            .field("max_body_bytes", &self.max_body_bytes)
            .field("max_depth", &self.max_depth)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The query of a registered path may hold a token of the merchant's own.
        f.debug_struct("VerifierBuilder")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
