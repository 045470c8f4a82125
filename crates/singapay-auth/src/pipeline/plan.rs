//! The parts of a call that stay the same in every attempt, and those that are added to each.

use bytes::Bytes;
use http::{Extensions, HeaderMap, Method, Request, Uri, header};
use singapay_core::{CallError, CallErrorKind, CallOptions, Operation, Timestamp, operation::Host};

use super::{AuthPipeline, guard, senders::Sender};
use crate::{
    canonical, headers,
    scheme::{BodyHash, RequestToSign, TimestampFormat},
    token::{AccessToken, TokenManager, TokenScheme},
};

pub(super) struct Plan<'a> {
    sender: &'a Sender,
    host: Host,
    /// Scheme of an explicit token call.
    scheme: Option<TokenScheme>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    /// Settings for the transport.
    extensions: Extensions,
    body: Bytes,
    /// Hash of the body of a signed operation.
    hash: Option<BodyHash>,
    timestamp_format: TimestampFormat,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        pipeline: &'a AuthPipeline,
        operation: &'static Operation,
        request: Request<Bytes>,
        options: &CallOptions,
    ) -> Result<Self, CallError> {
        guard::check_target(operation, &request, &pipeline.endpoints)?;
        let sender = pipeline.senders.choose(operation, options)?;
        let scheme = sender.scheme_of(operation)?;
        let (parts, body) = request.into_parts();
        let (body, hash) = match (&scheme, operation.signed) {
            (Some(scheme), _) => (scheme.body(pipeline.clock.now()), None),
            (None, false) => (body, None),
            (None, true) => {
                // These very bytes are hashed and sent.
                let canonical = canonical::outbound(&body).map_err(|error| {
                    let message = format!("the body cannot be signed: {error}");
                    CallError::not_sent(CallErrorKind::Signing, message, Some(Box::new(error)))
                })?;
                let hash = BodyHash::of(&canonical);
                (Bytes::from(canonical), Some(hash))
            }
        };
        let headers = guard::merge_headers(parts.headers, &options.headers, !body.is_empty())?;
        Ok(Self {
            sender,
            host: operation.host,
            scheme,
            method: parts.method,
            uri: parts.uri,
            headers,
            extensions: parts.extensions,
            body,
            hash,
            timestamp_format: pipeline.timestamp_format,
        })
    }

    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Giver of the bearer token; none for a token call.
    pub(super) fn token(&self) -> Option<&'a TokenManager> {
        self.scheme.is_none().then_some(&self.sender.token)
    }

    /// The request of one attempt.
    pub(super) fn request(
        &self,
        token: Option<&AccessToken>,
        now: Timestamp,
    ) -> Result<Request<Bytes>, CallError> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        *request.extensions_mut() = self.extensions.clone();
        let to = request.headers_mut();
        self.authenticate(to, token, now)
            .map_err(|reason| CallError::not_sent(CallErrorKind::Signing, reason, None))?;
        if let Some(scheme @ TokenScheme::Identity(_)) = &self.scheme {
            // The time is inside the body.
            *request.body_mut() = scheme.body(now);
        }
        Ok(request)
    }

    fn authenticate(
        &self,
        to: &mut HeaderMap,
        token: Option<&AccessToken>,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        if let Some(scheme) = &self.scheme {
            return scheme.authenticate(now, to);
        }
        let token = token.ok_or("a token is missing")?.value().expose();
        let bearer = zeroize::Zeroizing::new(format!("Bearer {token}"));
        headers::set_sensitive(to, header::AUTHORIZATION, &bearer)?;
        if self.host == Host::Identity {
            return Ok(());
        }
        let credential = self
            .sender
            .credential
            .as_ref()
            .ok_or("a credential is missing")?;
        headers::set(to, headers::PARTNER_ID, credential.partner_id())?;
        let Some(body) = self.hash else { return Ok(()) };
        let timestamp = self.timestamp_format.write(now);
        let path = self
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let method = self.method.as_str();
        let to_sign = RequestToSign {
            method,
            path,
            token,
            body,
            timestamp: &timestamp,
        };
        let signature = to_sign.sign(credential.signing_key()).to_hex();
        headers::set(to, headers::TIMESTAMP, &timestamp)?;
        headers::set_sensitive(to, headers::SIGNATURE, &signature)
    }
}
