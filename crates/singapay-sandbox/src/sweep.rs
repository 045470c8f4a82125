//! The periodic sweep of what is past its time. Wallets are not part of it (seen live).

use serde_json::{Map, Value, json};

use crate::{
    state::{Agenda, Due, SweepEvent, Swept, World},
    webhook::{WebhookKind, announce, v1},
    wire_money::decimal,
    wire_time::{self, At},
};

impl World {
    /// Plans a sweep some time after this.
    pub(crate) fn sweep_after(&mut self, end: Option<At>) {
        if let Some(end) = end {
            self.schedule(self.sweep_time(end), Due::Sweep);
        }
    }

    /// Plans again the sweeps after these ends.
    pub(crate) fn resume_sweeps(&self, ends: impl Iterator<Item = At>, agenda: &mut Agenda) {
        agenda.extend(ends.map(|end| (self.sweep_time(end), Due::Sweep)));
    }

    fn sweep_time(&self, end: At) -> At {
        end.plus(self.settings.delays.expiry_sweep)
    }

    /// Ends what is past its time, and tells it in one webhook. All of it has ended before the
    /// first is told.
    pub(crate) fn sweep(&mut self) {
        let hooks = self.hooks.clone();
        let swept: Vec<Swept> = hooks.iter().flat_map(|hooks| (hooks.sweep)(self)).collect();
        let transactions = sections(&swept, SweepEvent::Transactions);
        let products = sections(&swept, SweepEvent::Products);
        if let Some(mut data) = transactions {
            let count = |(name, rows): (&String, &Value)| {
                (name.clone(), json!(rows.as_array().map_or(0, Vec::len)))
            };
            let summary: Map<String, Value> = data.iter().map(count).collect();
            data.insert("summary".to_owned(), summary.into());
            let body = v1(self, "transaction-expiration", data.into());
            self.tell_default(WebhookKind::TransactionExpiration, &body);
        }
        // Documented, and never seen: links and virtual accounts left past their end stayed silent.
        if let Some(data) = products.filter(|_| !self.settings.quirks.products_expire_silently) {
            let body = v1(self, "product-expiration", data.into());
            self.tell_default(WebhookKind::ProductExpiration, &body);
        }
    }

    /// The sweep is signed by the Default credential (seen live).
    fn tell_default(&mut self, kind: WebhookKind, body: &Value) {
        let default = self.default_credential();
        announce(self, default, kind, "", body);
    }
}

/// The sections of an event; `None` when all of them are empty.
fn sections(swept: &[Swept], event: SweepEvent) -> Option<Map<String, Value>> {
    let mine = || swept.iter().filter(|part| part.event == event);
    let any = mine().any(|part| !part.rows.is_empty());
    any.then(|| {
        mine()
            .map(|part| (part.section.to_owned(), json!(part.rows)))
            .collect()
    })
}

/// An attempt as the sweep's event lists it.
pub(crate) fn expired_row(
    row: u64,
    reff_no: &str,
    status: &str,
    amount: i64,
    expired_at: At,
) -> Value {
    json!({
        "id": row,
        "reff_no": reff_no,
        "status": status,
        "amount": decimal(amount),
        "expired_at": wire_time::text(expired_at),
    })
}
