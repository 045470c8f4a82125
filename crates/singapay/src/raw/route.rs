//! Finds what is known about a path.

use singapay_api::operations;
use singapay_core::{
    Operation,
    operation::{Effect, Host},
};

use crate::validation::is_ulid;

/// Operation that a method and path lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// An operation that is modelled.
    Known(&'static Operation),
    /// An operation that is modelled, of another host.
    OfHost(Host),
    /// Nothing that is modelled.
    New,
}

/// Looks up a path that [`super::path::problem`] passed.
pub(super) fn route(host: Host, method: &str, path: &str) -> Route {
    let matching = || {
        let all = operations::ALL.iter().copied();
        all.filter(|operation| operation.method == method && operation.has_path(path))
            .filter(|operation| pays_out(operation) || has_account(operation, path))
    };
    let known = matching()
        .filter(|operation| operation.host == host)
        .min_by_key(|operation| (!pays_out(operation), operation.path.matches('{').count()));
    match (known, matching().next()) {
        (Some(operation), _) => Route::Known(operation),
        (None, Some(operation)) => Route::OfHost(operation.host),
        (None, None) => Route::New,
    }
}

/// True if an account's id is where it belongs: a word in its place leads to something else.
fn has_account(operation: &Operation, path: &str) -> bool {
    let mut places = operation.path.split('/').zip(path.split('/'));
    places.all(|(place, id)| place != "{account_id}" || is_ulid(id))
}

fn pays_out(operation: &'static Operation) -> bool {
    operation.effect == Effect::MoneyOut
}

/// True if a path is that of a payout on any host and under any method. Letter case and dots at the
/// end of a segment make no difference: some servers ignore them.
pub(super) fn is_payout(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let segments = path.split('/').map(|segment| segment.trim_end_matches('.'));
    let path = segments.collect::<Vec<_>>().join("/");
    let mut all = operations::ALL.iter().copied();
    all.any(|operation| pays_out(operation) && operation.has_path(&path))
}
