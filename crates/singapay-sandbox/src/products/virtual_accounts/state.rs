//! Virtual accounts, and the bank transfers that pay them.

use serde_json::json;

use super::record::{VaBank, VirtualAccount};
use crate::state::{Agenda, SweepEvent, Swept, World};

impl World {
    /// A number of this bank's that nobody has had before.
    pub(crate) fn va_number(&mut self, bank: &VaBank) -> String {
        loop {
            let number = format!("9{}{}", bank.number, self.random.digits(12));
            let key = format!("number:{number}");
            if self.virtual_accounts.row_of(&key).is_none() {
                return number;
            }
        }
    }
}

fn untold(world: &World) -> impl Iterator<Item = (u64, &VirtualAccount)> {
    world
        .virtual_accounts
        .iter()
        .filter(|(_, va)| !va.end_was_told)
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    world.resume_sweeps(untold(world).filter_map(|(_, va)| va.expired_at), agenda);
}

/// The virtual account itself never changes (seen live), only that it was told of.
pub(super) fn sweep(world: &mut World) -> Vec<Swept> {
    let now = world.now;
    let ended = untold(world).filter(|(_, va)| va.is_past_its_end(now));
    let ended: Vec<u64> = ended.map(|(row, _)| row).collect();
    let mut rows = Vec::new();
    for row in ended {
        if let Some(va) = world.virtual_accounts.get_mut(row) {
            va.end_was_told = true;
            rows.push(json!({"id": va.id}));
        }
    }
    vec![Swept {
        event: SweepEvent::Products,
        section: "virtual_accounts",
        rows,
    }]
}
