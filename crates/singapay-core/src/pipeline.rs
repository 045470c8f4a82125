//! The trait through which a call leaves the generated client: [`Pipeline`].
//!
//! In use: `crates/singapay-api/src/hooks.rs`.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use crate::{
    call::{CallContext, CallError, Judged},
    operation::Operation,
    transport::BoxFuture,
};

/// Takes an unauthenticated request through tokens, signing, sending and classifying.
///
/// The attempt loop lives behind this trait; what it may repeat comes with the call.
pub trait Pipeline: fmt::Debug + Send + Sync {
    /// Sends the request, as often as the operation's effect and the call's options allow.
    ///
    /// The final answer is returned with what it proves, whatever its status: a refusal is an answer, not an error.
    ///
    /// # Errors
    ///
    /// A [`CallError`] when no answer was received.
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>>;
}

impl<T: Pipeline + ?Sized> Pipeline for Arc<T> {
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>> {
        (**self).execute(operation, request, context)
    }
}
