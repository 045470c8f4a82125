//! Abilities of every builder beside its fields: options of the call, a check, and the ways to send it.

use std::future::Future;

use serde::de::DeserializeOwned;
use singapay_api::ResponseValue;
use singapay_core::{Operation, envelope::Enveloped};

use crate::{
    call::{Call, Intent, Source, Started},
    error::Error,
    money_out::MoneyOut,
    outcome::Outcome,
    response::Response,
    validation::Check,
};

/// Operation, answer and source of a generated builder; written by [`request!`] and [`payout!`].
pub(crate) trait Request: Sized + Send + Sync {
    const OPERATION: &'static Operation;
    /// The answer in its envelope.
    type Answer: Enveloped + DeserializeOwned;
    /// Client or capability that sends it.
    type Source: Source;

    fn call(&self) -> &Call<Self::Source>;
    fn call_mut(&mut self) -> &mut Call<Self::Source>;
}

/// Contents of a generated builder, and the way it goes out.
pub(crate) trait Content: Request {
    /// The account that it is about, where the API has a place for it.
    fn account(&self) -> Option<&str> {
        self.call().account()
    }

    /// Reports every offending field.
    fn validate(&self, check: &mut Check);

    /// Hands it to the raw client.
    fn exchange(&self, started: &Started) -> impl Future<Output = Option<Self::Answer>> + Send;
}

/// The same of one that pays out.
pub(crate) trait Payout: Content<Source = MoneyOut> {
    /// Payment that it makes, and to whom.
    fn intent(&self) -> Intent;
}

type Data<R> = <<R as Request>::Answer as Enveloped>::Data;

/// The answer of a raw client; what it failed of stands in the context of the call.
pub(crate) fn answer<T, E>(result: Result<ResponseValue<T>, singapay_api::Error<E>>) -> Option<T> {
    result.ok().map(ResponseValue::into_inner)
}

pub(crate) fn check<R: Content>(request: &R) -> Result<(), Error> {
    let mut check = Check::new(R::OPERATION);
    request.validate(&mut check);
    check.finish()
}

/// Fields first, then the policy.
pub(crate) fn check_payout<R: Payout>(request: &R) -> Result<(), Error> {
    check(request)?;
    request.call().guard(R::OPERATION, &request.intent())
}

pub(crate) async fn send<R>(mut request: R) -> Result<Response<Data<R>>, Error>
where
    R: Content<Source = crate::Singapay>,
{
    check(&request)?;
    let account = request.account().map(str::to_owned);
    let started = request.call_mut().start(R::OPERATION, account);
    let answer = request.exchange(&started).await;
    started.finish(|_| answer)
}

pub(crate) async fn pay<R: Payout>(mut request: R) -> Result<Outcome<Data<R>>, Error> {
    check(&request)?;
    let intent = request.intent();
    let started = request.call_mut().start_money_out(R::OPERATION, intent)?;
    let answer = request.exchange(&started).await;
    started.finish_money_out(|_| answer)
}

/// Options of the call, and `send_blocking`: the same for every builder. The options start with
/// `with_`, which no API field does.
macro_rules! call_options {
    ($builder:ident, $end:ty) => {
        impl $builder {
            /// Bounds the whole call, repetitions included.
            pub fn with_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.call.options.timeout = Some(timeout);
                self
            }

            /// Uses this credential, by the name it was configured under.
            pub fn with_credential(mut self, name: impl Into<String>) -> Self {
                self.call.options.credential = Some(name.into());
                self
            }

            /// Adds a request header. Headers that authentication owns are refused.
            pub fn with_header(
                mut self,
                name: ::http::HeaderName,
                value: ::http::HeaderValue,
            ) -> Self {
                self.call.options.headers.push((name, value));
                self
            }

            /// Most requests that the call may send; what must not be repeated is sent once
            /// whatever this says.
            pub fn with_max_attempts(mut self, attempts: u32) -> Self {
                self.call.options.max_attempts = Some(attempts);
                self
            }

            /// The same as `send`, for code without an async runtime.
            ///
            /// # Errors
            ///
            /// As `send`.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> Result<$end, $crate::Error> {
                $crate::blocking::wait(self.send())
            }
        }

        // No field: any may be personal data or a secret.
        closed_debug!($builder);
    };
}

/// A builder of an operation that pays nothing out.
#[allow(unused_macros, reason = "a build may have no product")]
macro_rules! request {
    ($builder:ident, $operation:ident, $envelope:ident, $data:ty) => {
        impl $builder {
            /// Checks the request, and sends nothing.
            ///
            /// # Errors
            ///
            /// Offending fields, all of them at once.
            pub fn check(&self) -> Result<(), $crate::Error> {
                $crate::request::check(self)
            }

            /// Checks the request, and sends it.
            ///
            /// # Errors
            ///
            /// Offending fields, all of them at once, before anything is sent; otherwise see
            /// `Error::kind` and `Error::delivery`.
            pub async fn send(self) -> Result<$crate::Response<$data>, $crate::Error> {
                $crate::request::send(self).await
            }
        }

        call_options!($builder, $crate::Response<$data>);
        request!(@of $builder, $operation, $envelope<$data>, $crate::Singapay);
    };
    (@of $builder:ident, $operation:ident, $envelope:ident<$data:ty>, $source:ty) => {
        impl $crate::request::Request for $builder {
            const OPERATION: &'static ::singapay_core::Operation =
                &::singapay_api::operations::$operation;
            type Answer = ::singapay_core::envelope::$envelope<$data>;
            type Source = $source;

            fn call(&self) -> &$crate::call::Call<$source> {
                &self.call
            }

            fn call_mut(&mut self) -> &mut $crate::call::Call<$source> {
                &mut self.call
            }
        }
    };
}

/// A builder of an operation that pays out.
#[allow(unused_macros, reason = "a build may have no product")]
macro_rules! payout {
    ($builder:ident, $operation:ident, $envelope:ident, $data:ty) => {
        impl $builder {
            /// Checks the request and the handle's policy, and sends nothing.
            ///
            /// # Errors
            ///
            /// Offending fields, all of them at once; else what the policy refuses.
            pub fn check(&self) -> Result<(), $crate::Error> {
                $crate::request::check_payout(self)
            }

            /// Checks the request, and sends it once.
            ///
            /// # Errors
            ///
            /// Nothing was sent: offending fields (all of them at once), the handle's policy,
            /// settings, or no connection. Whatever happened after sending is an `Outcome`.
            pub async fn send(self) -> Result<$crate::Outcome<$data>, $crate::Error> {
                $crate::request::pay(self).await
            }
        }

        call_options!($builder, $crate::Outcome<$data>);
        request!(@of $builder, $operation, $envelope<$data>, $crate::MoneyOut);
    };
}

/// A builder of a list whose pages are numbered; the order is the gateway's while no filter is set.
#[allow(unused_macros, reason = "a build may have no product")]
macro_rules! pages {
    ($builder:ident, $row:ty, [$($filter:ident),*]) => {
        impl $crate::pages::Paged for $builder {
            type Row = $row;

            fn page_number(&self) -> i64 {
                self.page.unwrap_or(1)
            }

            fn is_newest_first(&self) -> bool {
                true $(&& self.$filter.is_none())*
            }

            fn at_page(self, page: i64) -> Self {
                self.page(page)
            }

            async fn fetch(self) -> Result<$crate::Response<Vec<$row>>, $crate::Error> {
                self.send().await
            }
        }

        impl $builder {
            /// All pages from the chosen one on, fetched as they are asked for.
            pub fn by_page(self) -> $crate::pages::Pages<Self> {
                $crate::pages::Pages::new(self)
            }

            /// All rows from the chosen page on, fetched page by page.
            pub fn by_item(self) -> $crate::pages::Items<Self> {
                $crate::pages::Items::new(self)
            }
        }
    };
}
