//! Payment links and the attempts to pay them.

use serde_json::json;

use super::record::PaymentLink;
use crate::state::{Agenda, SweepEvent, Swept, World};

impl World {
    /// Every check has been made.
    pub(crate) fn open_link(&mut self, link: PaymentLink) -> u64 {
        self.sweep_after(link.expired_at);
        self.links.insert(link)
    }

    /// Address at which the customer pays a link.
    pub(crate) fn payment_url(&self, reff_no: &str) -> String {
        let encoded: String = form_urlencoded::byte_serialize(reff_no.as_bytes()).collect();
        format!("{}/b2b/{encoded}", self.settings.base_url)
    }
}

fn untold(world: &World) -> impl Iterator<Item = (u64, &PaymentLink)> {
    world.links.iter().filter(|(_, link)| !link.end_was_told)
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    world.resume_sweeps(
        untold(world).filter_map(|(_, link)| link.expired_at),
        agenda,
    );
}

/// The link itself never changes (seen live), only that it was told of.
pub(super) fn sweep(world: &mut World) -> Vec<Swept> {
    let now = world.now;
    let ended = untold(world).filter(|(_, link)| link.status_computed(now) == "expired");
    let rows: Vec<u64> = ended.map(|(row, _)| row).collect();
    for row in &rows {
        if let Some(link) = world.links.get_mut(*row) {
            link.end_was_told = true;
        }
    }
    vec![Swept {
        event: SweepEvent::Products,
        section: "payment_links",
        rows: rows.iter().map(|id| json!({"id": id})).collect(),
    }]
}
