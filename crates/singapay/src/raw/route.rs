//! Finds what is known about a path, and what pays out, however it is spelled.

use singapay_api::operations;
use singapay_core::{
    Operation,
    operation::{Effect, Host},
};

/// What a method and path lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// An operation that is modelled.
    Known(&'static Operation),
    /// Nothing that is modelled.
    New(Likeness),
    /// An operation that is modelled, of another host.
    OfHost(Host),
}

/// How much an unknown path looks like one that pays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Not at all.
    None,
    /// It is about a resource from which money is paid out.
    Resource,
    /// It differs from a path that pays out by method, host, version or the like alone.
    Payout,
}

/// Looks up a path that [`super::path::problem`] passed.
pub(super) fn route(host: Host, method: &str, path: &str) -> Route {
    let matching = || {
        let all = operations::ALL.iter().copied();
        all.filter(|operation| is_match(operation.path, path))
    };
    let known = matching()
        .filter(|operation| operation.host == host && operation.method == method)
        .min_by_key(|operation| (!pays_out(operation), operation.path.matches('{').count()));
    if let Some(operation) = known {
        return Route::Known(operation);
    }
    if matching().any(pays_out) {
        return Route::New(Likeness::Payout);
    }
    match matching().find(|operation| operation.method == method) {
        Some(operation) => Route::OfHost(operation.host),
        None => Route::New(likeness(path)),
    }
}

fn pays_out(operation: &'static Operation) -> bool {
    operation.effect == Effect::MoneyOut
}

fn is_match(template: &str, path: &str) -> bool {
    let mut path = path.split('/');
    template.split('/').all(|expected| {
        path.next()
            .is_some_and(|segment| expected.starts_with('{') || is_same(expected, segment))
    }) && path.next().is_none()
}

/// Letter case and dots at the end make no difference: some servers ignore them.
fn is_same(expected: &str, segment: &str) -> bool {
    expected.eq_ignore_ascii_case(segment.trim_end_matches('.'))
}

fn likeness(path: &str) -> Likeness {
    let segments: Vec<&str> = path.split('/').collect();
    let paying = operations::ALL.iter().copied().filter(|row| pays_out(row));
    paying
        .filter_map(|operation| {
            // "", "api", the version, the resource.
            let resource = operation.path.split('/').nth(3)?;
            segments
                .iter()
                .any(|segment| is_same(singular(resource), singular(segment)))
                .then(|| {
                    let ends_alike = operation.path.rsplit('/').next().is_some_and(|end| {
                        segments.last().is_some_and(|segment| is_same(end, segment))
                    });
                    match ends_alike {
                        true => Likeness::Payout,
                        false => Likeness::Resource,
                    }
                })
        })
        .max_by_key(|likeness| *likeness == Likeness::Payout)
        .unwrap_or(Likeness::None)
}

/// Older paths name some resources in the plural.
fn singular(segment: &str) -> &str {
    segment.trim_end_matches('.').trim_end_matches(['s', 'S'])
}
