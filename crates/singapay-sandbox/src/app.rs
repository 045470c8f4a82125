//! The state that every request handler shares.

use std::sync::Arc;

use crate::{
    http::{Routes, operation::Operation},
    request_log::RequestLog,
    state::Store,
    webhook::Sender,
};

#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Arc<Store>,
    pub(crate) sender: Sender,
    pub(crate) log: Arc<RequestLog>,
    /// Every operation that is served.
    pub(crate) operations: Operations,
    pub(crate) routes: Arc<Routes>,
    /// Of this start alone: numbers of logs begin anew with the next one.
    pub(crate) run: Arc<str>,
    /// Only this machine can call.
    pub(crate) is_loopback: bool,
}

/// Operations of all parts, in their order.
pub(crate) type Operations = Arc<[&'static Operation]>;
