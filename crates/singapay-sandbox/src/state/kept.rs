//! The world as rows: what changed, and how it comes back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CardStatus, Change, Due, PayoutStatus, Random, Record, Table, World};
use crate::webhook::DeliveryState;

/// What is not in any table: the source of identifiers and how far the clock was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    random: Random,
    ahead_millis: u64,
}

impl Record for Meta {
    const TABLE: &'static str = "meta";

    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Calls `$act` for every table of the world.
macro_rules! for_each_table {
    ($world:ident, $table:ident => $act:expr) => {{
        {
            let $table = &mut $world.credentials;
            $act;
        }
        {
            let $table = &mut $world.tokens;
            $act;
        }
        {
            let $table = &mut $world.accounts;
            $act;
        }
        {
            let $table = &mut $world.entries;
            $act;
        }
        {
            let $table = &mut $world.collections;
            $act;
        }
        {
            let $table = &mut $world.settlements;
            $act;
        }
        {
            let $table = &mut $world.links;
            $act;
        }
        {
            let $table = &mut $world.attempts;
            $act;
        }
        {
            let $table = &mut $world.cards;
            $act;
        }
        {
            let $table = &mut $world.payouts;
            $act;
        }
        {
            let $table = &mut $world.transfers;
            $act;
        }
        {
            let $table = &mut $world.cash;
            $act;
        }
        {
            let $table = &mut $world.plans;
            $act;
        }
        {
            let $table = &mut $world.billers;
            $act;
        }
        {
            let $table = &mut $world.bill_inquiries;
            $act;
        }
        {
            let $table = &mut $world.bills;
            $act;
        }
        {
            let $table = &mut $world.identity_balances;
            $act;
        }
        {
            let $table = &mut $world.identity_checks;
            $act;
        }
        {
            let $table = &mut $world.bindings;
            $act;
        }
        {
            let $table = &mut $world.debits;
            $act;
        }
        {
            let $table = &mut $world.virtual_accounts;
            $act;
        }
        {
            let $table = &mut $world.va_transactions;
            $act;
        }
        {
            let $table = &mut $world.qris_codes;
            $act;
        }
        {
            let $table = &mut $world.ewallet_payments;
            $act;
        }
        {
            let $table = &mut $world.deliveries;
            $act;
        }
    }};
}

impl World {
    /// Hands over every record that changed since the last call.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for_each_table!(self, table => table.take_changes(&mut changes));
        if !changes.is_empty() {
            self.meta.take_changes(&mut changes);
        }
        changes
    }

    /// For a state that is not kept.
    pub(super) fn forget_changes(&mut self) {
        for_each_table!(self, table => table.forget_changes());
    }

    pub(super) fn note_clock(&mut self, ahead: Duration) {
        let ahead_millis = u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX);
        let meta = Meta {
            random: self.random.clone(),
            ahead_millis,
        };
        if self.meta.get(1) != Some(&meta) {
            self.meta.replace(1, meta);
        }
    }

    /// Puts a stored record back. `Err` when it is of no known table or form.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(crate) fn restore(&mut self, name: &str, row: u64, json: &str) -> Result<(), String> {
        let mut known = false;
        for_each_table!(self, table => known |= table.restore(name, row, json)?);
        known |= self.meta.restore(name, row, json)?;
        if known {
            Ok(())
        } else {
            Err(format!("unknown table {name}"))
        }
    }

    /// Plans again what is still ahead, and tells how far the clock was moved.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(crate) fn resume(&mut self) -> Duration {
        let mut plan = Vec::new();
        for (row, payout) in self.payouts.iter() {
            if let Some(at) = payout
                .settle_at
                .filter(|_| payout.status == PayoutStatus::Pending)
            {
                plan.push((at, Due::Payout(row)));
            }
        }
        for (row, collection) in self.collections.iter().filter(|(_, c)| !c.settled) {
            plan.push((collection.settle_at, Due::Settlement(row)));
        }
        for (row, delivery) in self.deliveries.iter() {
            if delivery.state == DeliveryState::Waiting {
                plan.push((delivery.next_at, Due::Delivery(row)));
            }
        }
        let sweep = self.settings.delays.expiry_sweep;
        let links = self.links.values().filter(|link| !link.end_was_told);
        let ends = links.filter_map(|link| link.expired_at);
        let virtual_accounts = self.virtual_accounts.values().filter(|va| !va.end_was_told);
        let ends = ends.chain(virtual_accounts.filter_map(|va| va.expired_at));
        plan.extend(ends.map(|at| (at.plus(sweep), Due::Sweep)));
        for (_, attempt) in self.attempts.iter().filter(|(_, a)| a.status == "pending") {
            plan.push((attempt.expired_at.plus(sweep), Due::Sweep));
        }
        for (_, unpaid) in self.va_transactions.iter().filter(|(_, t)| t.waits()) {
            plan.push((unpaid.expires_at.plus(sweep), Due::Sweep));
        }
        for (_, code) in self.qris_codes.iter().filter(|(_, c)| c.status == "open") {
            plan.extend(code.expired_at.map(|at| (at.plus(sweep), Due::Sweep)));
        }
        for (row, cash) in self.cash.iter().filter(|(_, c)| c.is_open()) {
            plan.push((cash.expires_at, Due::CashExpiry(row)));
        }
        let card = self.settings.delays.card;
        for (row, payment) in self.cards.iter() {
            if payment.status == CardStatus::Processing {
                plan.push((payment.created_at.plus(card), Due::Card(row)));
            }
        }
        self.plan_bills(&mut plan);
        self.plan_plans(&mut plan);
        self.plan_direct_debits(&mut plan);
        for (at, due) in plan {
            self.schedule(at, due);
        }
        let Some(meta) = self.meta.get(1) else {
            return Duration::ZERO;
        };
        self.random = meta.random.clone();
        Duration::from_millis(meta.ahead_millis)
    }
}

impl<T: Record> Table<T> {
    /// Takes the row if it belongs here.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    fn restore(&mut self, name: &str, row: u64, json: &str) -> Result<bool, String> {
        if name != T::TABLE {
            return Ok(false);
        }
        let record = serde_json::from_str(json)
            .map_err(|error| format!("{name} row {row} cannot be read: {error}"))?;
        self.put(row, record);
        Ok(true)
    }
}
