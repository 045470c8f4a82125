//! The binding or charge that a request names.

use super::record::Binding;
use crate::{
    http::{call::Call, refusal::Refusal},
    state::World,
};

/// The binding in the path; bindings belong to the merchant, not to an account.
pub(super) fn named<'a>(world: &'a World, call: &Call) -> Result<(u64, &'a Binding), Refusal> {
    let id = route_id(call, "binding_id")?;
    binding(world, id)
}

pub(super) fn binding<'a>(world: &'a World, id: &str) -> Result<(u64, &'a Binding), Refusal> {
    let row = world.bindings.row_of(&Binding::key(id));
    row.and_then(|row| Some((row, world.bindings.get(row)?)))
        .ok_or_else(|| Refusal::code(404, "SP014", "Not Found"))
}

/// A malformed id has no route.
pub(super) fn route_id<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    let id = call.param(name);
    let hyphens = [8, 13, 18, 23];
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(at, b)| {
            if hyphens.contains(&at) {
                b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        });
    if is_uuid {
        return Ok(id);
    }
    let path = call.endpoint.split('?').next().unwrap_or_default();
    let route = path.trim_start_matches('/');
    let message = format!("The route {route} could not be found.");
    Err(Refusal::v1(404, message))
}
