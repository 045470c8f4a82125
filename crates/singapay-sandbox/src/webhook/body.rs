//! Parts that the bodies of several events share.

use serde_json::{Value, json};

use crate::{state::World, wire_time};

/// Version 1 envelope. `success` only says that the event was emitted.
pub(crate) fn v1(world: &World, event: &str, data: Value) -> Value {
    json!({
        "status": 200,
        "success": true,
        "event": event,
        "timestamp": wire_time::text(world.now),
        "data": data,
    })
}

/// Number of one try to pay.
pub(crate) fn event_id(row: u64, events: u64) -> u64 {
    row * 100 + events
}
