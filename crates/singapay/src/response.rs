//! A typed answer together with what is known about the exchange.

use std::{fmt, ops::Deref, sync::OnceLock, time::Duration};

use bytes::Bytes;
use singapay_core::{
    Answer, Operation,
    envelope::{Page, Refusal},
};

use crate::error::is_printable_code;

/// The answer to a successful call. Derefs to its data.
///
/// `Debug` prints the data's closed form and the exchange's figures, never the body.
///
/// In the book: `docs/book/src/start.md`.
pub struct Response<T> {
    data: T,
    exchange: Box<Exchange>,
    /// Code and message, read when somebody asks.
    gateway_result: OnceLock<GatewayResult>,
}

#[derive(Clone)]
struct GatewayResult {
    code: Option<String>,
    message: Option<String>,
}

/// Facts about the exchange beside the data.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) operation: &'static Operation,
    pub(crate) answer: Answer,
    pub(crate) page: Option<Page>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl Exchange {
    /// Code, message and field errors of the answer.
    pub(crate) fn refusal(&self) -> Refusal {
        Refusal::parse(self.answer.status, &self.answer.body)
    }
}

impl<T> Response<T> {
    pub(crate) fn new(data: T, exchange: Exchange) -> Self {
        Self {
            data,
            exchange: Box::new(exchange),
            gateway_result: OnceLock::new(),
        }
    }

    fn gateway_result(&self) -> &GatewayResult {
        self.gateway_result.get_or_init(|| {
            let Refusal { code, message, .. } = self.exchange.refusal();
            GatewayResult { code, message }
        })
    }

    /// The same exchange with other data.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            data: change(self.data),
            exchange: self.exchange,
            gateway_result: self.gateway_result,
        }
    }

    /// The same with page metadata that was found elsewhere.
    pub(crate) fn with_page(mut self, page: Option<Page>) -> Self {
        self.exchange.page = page;
        self
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.exchange.operation
    }

    /// The data alone.
    pub fn into_data(self) -> T {
        self.data
    }

    /// The data.
    pub fn data(&self) -> &T {
        &self.data
    }

    /// HTTP status.
    pub fn http_status(&self) -> u16 {
        self.exchange.answer.status.as_u16()
    }

    /// The gateway's own code, such as `SP000`; the v1 envelope has none.
    pub fn gateway_code(&self) -> Option<&str> {
        self.gateway_result().code.as_deref()
    }

    /// The gateway's message. It varies; do not compare it.
    pub fn gateway_message(&self) -> Option<&str> {
        self.gateway_result().message.as_deref()
    }

    /// Headers of the answer.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.exchange.answer.headers
    }

    /// Requests sent for this call.
    pub fn attempts(&self) -> u32 {
        self.exchange.attempts
    }

    /// Time from the first step of the call to the last byte of the answer.
    pub fn elapsed(&self) -> Duration {
        self.exchange.elapsed
    }

    /// The body as received. It may hold personal data: mind where it goes.
    pub fn raw(&self) -> &Bytes {
        &self.exchange.answer.body
    }

    /// Page metadata of a list.
    pub fn page(&self) -> Option<&Page> {
        self.exchange.page.as_ref()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

impl<T: Clone> Clone for Response<T> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            exchange: self.exchange.clone(),
            gateway_result: self.gateway_result.clone(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.gateway_code();
        let code = code.filter(|code| is_printable_code(code, self.http_status()));
        f.debug_struct("Response")
            .field("data", &self.data)
            .field("status", &self.http_status())
            .field("code", &code)
            .field("attempts", &self.exchange.attempts)
            .field("elapsed", &self.exchange.elapsed)
            .finish_non_exhaustive()
    }
}
