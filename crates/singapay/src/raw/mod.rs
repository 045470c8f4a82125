//! Requests for what is not modelled yet, under the same rules as everything else.

mod answer;
mod draft;
mod known;
mod money_out;
mod path;
mod route;
#[cfg(test)]
mod tests;

pub use answer::RawData;
pub(crate) use answer::read;
pub use money_out::RawMoneyOut;

use serde::Serialize;
use singapay_core::operation::{Effect, Host};

use self::draft::Draft;
use crate::{call::Call, client::Singapay, error::Error, response::Response};

/// A request by method and path, for an operation that this crate does not model yet.
///
/// It is authenticated, signed, bounded, watched and judged like any other. A method and path that
/// the crate does model keep what is known about them: they are signed if they must be, answered in
/// their own envelope, and never taken for more harmless than they are.
///
/// Payouts are refused here, and so is whatever the crate does not model and is not a GET: it
/// goes through [`MoneyOut::request`](crate::MoneyOut::request), since nobody knows what it does.
///
/// ```no_run
/// use singapay::{Effect, Singapay};
///
/// # async fn example(singapay: Singapay) -> Result<(), singapay::Error> {
/// let answer = singapay
///     .request("GET", "/api/v3.0/payment-link/search")
///     .query("reff_no", "INV-2026-0001")
///     .effect(Effect::Read)
///     .send()
///     .await?;
/// println!("{}", answer["payment_url"]);
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a request goes out when `send` is awaited"]
pub struct RawRequest {
    call: Call,
    draft: Draft,
    effect: Option<Effect>,
}

/// Setters that both kinds of raw requests have.
macro_rules! draft_setters {
    ($builder:ident) => {
        impl $builder {
            /// Host that serves it; the payment host unless set.
            pub fn host(mut self, host: Host) -> Self {
                self.draft.host = host;
                self
            }

            /// The body, a JSON object. In a signed request amounts are whole numbers or text:
            /// fractions and whatever else canonical JSON refuses is refused before sending.
            pub fn body(mut self, body: impl Serialize) -> Self {
                self.draft.body = Some(serde_json::to_value(body).map_err(drop));
                self
            }

            /// Account (ULID) that the request is about; chooses the credential, and goes nowhere else.
            pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
                self.draft.account = Some(account_id.into());
                self
            }

            /// Signs the request (`X-Signature`, `X-Timestamp`). What is known to be signed is
            /// signed without this.
            pub fn signed(mut self) -> Self {
                self.draft.signed = true;
                self
            }
        }
    };
}
use draft_setters;

draft_setters!(RawRequest);
call_options!(RawRequest, Response<RawData>);

impl Singapay {
    /// A request that no handle offers: a GET, or one that is known not to pay out. `method` is `GET`,
    /// `POST`, `PUT`, `PATCH` or `DELETE`; `path` starts with `/api/` and holds letters, digits and
    /// `-._~` between its slashes.
    pub fn request(&self, method: impl AsRef<str>, path: impl Into<String>) -> RawRequest {
        RawRequest {
            call: Call::new(self),
            draft: Draft::new(method.as_ref(), path.into()),
            effect: None,
        }
    }
}

impl RawRequest {
    /// Adds a query parameter; it is escaped here.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.draft.query.push((name.into(), value.into()));
        self
    }

    /// Effect of the request. Without this it is taken for one that collects money: sent again only
    /// when it was proven not sent, or its token was rejected. [`Effect::Read`] allows repetition,
    /// so say it only of what changes nothing.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// Checks the request, and sends it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the request, all of it at once, before anything is sent;
    /// otherwise see [`Error::kind`] and [`Error::delivery`].
    pub async fn send(mut self) -> Result<Response<RawData>, Error> {
        let prepared = self.draft.prepare(&self.call, self.effect)?;
        let started = self.call.start(prepared.operation, prepared.account);
        started.exchange(prepared.request).await;
        let answer = started.finish(answer::read)?;
        Ok(answer.map(RawData::new))
    }
}
