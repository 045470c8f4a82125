//! Adds everything up again, from other records than those that balances are kept in.

use std::collections::HashMap;

use serde::Serialize;

use crate::state::{CashStatus, PayoutStatus, World};

/// Whether the books balance.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Audit {
    /// Money in all accounts, in rupiah.
    pub in_accounts: i64,
    /// What the accounts opened with.
    pub opened: i64,
    /// What customers paid, less fees and what was taken back after its settlement.
    pub collected: i64,
    /// What was paid out or is on its way, fees included.
    pub paid_out: i64,
    /// What the biller's deposit has paid for, refunds not counted.
    pub billed: i64,
    /// What identity checks have cost.
    pub checked: i64,
    /// What does not add up; empty when all is well.
    pub violations: Vec<String>,
}

/// Rupiah by account.
type Sums = HashMap<u64, i64>;

pub(crate) fn audit(world: &World) -> Audit {
    let mut violations = Vec::new();
    let (sums, opened) = statements(world, &mut violations);
    let (pending, collected) = collections(world, &mut violations);
    let (held, withdrawn) = withdrawals(world);
    let paid_out = withdrawn + payouts(world, &mut violations);
    let in_accounts = accounts(world, [&sums, &pending, &held], &mut violations);
    if in_accounts != opened + collected - paid_out {
        violations.push(format!(
            "accounts hold {in_accounts}, but {opened} + {collected} - {paid_out} came and went"
        ));
    }
    Audit {
        billed: billed(world, &mut violations),
        checked: checked(world, &mut violations),
        in_accounts,
        opened,
        collected,
        paid_out,
        violations,
    }
}

/// What the rows of each account's statement add up to, and what all accounts opened with.
fn statements(world: &World, violations: &mut Vec<String>) -> (Sums, i64) {
    let mut sums = Sums::new();
    let mut opened = 0;
    for entry in world.entries.values() {
        let amount = entry.credit - entry.debit;
        let sum = sums.entry(entry.account).or_default();
        *sum += amount;
        if *sum != entry.balance_after {
            let id = &entry.transaction_id;
            violations.push(format!(
                "statement row of {id} tells another balance than its sum"
            ));
        }
        if entry.kind == "opening" {
            opened += amount;
        }
    }
    (sums, opened)
}

/// What each account waits for, and what all have collected.
fn collections(world: &World, violations: &mut Vec<String>) -> (Sums, i64) {
    let mut pending = Sums::new();
    let mut collected = 0;
    for collection in world.collections.values() {
        let net = collection.net();
        if !collection.is_gone() {
            collected += net;
        }
        if !collection.settled {
            *pending.entry(collection.account).or_default() += net;
        }
    }
    for (id, amount) in paid(world) {
        if world.collections.find(id).map(|c| c.gross) != Some(amount) {
            violations.push(format!("{id} was paid, but not collected"));
        }
    }
    (pending, collected)
}

/// What is held for cash that nobody has fetched yet, and what was fetched.
fn withdrawals(world: &World) -> (Sums, i64) {
    let mut held = Sums::new();
    let mut withdrawn = 0;
    for cash in world.cash.values() {
        match cash.status {
            CashStatus::Open => *held.entry(cash.account).or_default() += cash.total(),
            CashStatus::Success => withdrawn += cash.total(),
            CashStatus::Expired | CashStatus::Canceled => {}
        }
    }
    (held, withdrawn)
}

fn payouts(world: &World, violations: &mut Vec<String>) -> i64 {
    let mut paid_out = 0;
    for payout in world.payouts.values() {
        if payout.gross() != payout.net + payout.fee || payout.net <= 0 || payout.fee < 0 {
            violations.push(format!("{} is not net plus fee", payout.transaction_id));
        }
        if payout.status != PayoutStatus::Failed {
            paid_out += payout.gross();
        }
    }
    paid_out
}

/// Holds every account to its statement, its collections and its withdrawals.
fn accounts(world: &World, [sums, pending, held]: [&Sums; 3], violations: &mut Vec<String>) -> i64 {
    let mut in_accounts = 0;
    for (row, account) in world.accounts.iter() {
        let id = &account.id;
        let expected = |of: &Sums| of.get(&row).copied().unwrap_or_default();
        in_accounts += account.balance();
        if account.balance() != expected(sums) {
            violations.push(format!("{id} holds another sum than its statement"));
        }
        if account.pending != expected(pending) {
            violations.push(format!("{id} has another pending sum than its collections"));
        }
        if account.held != expected(held) {
            violations.push(format!("{id} has another held sum than its withdrawals"));
        }
        if account.available < 0 || account.pending < 0 || account.held < 0 {
            violations.push(format!("{id} is below zero"));
        }
    }
    in_accounts
}

fn billed(world: &World, violations: &mut Vec<String>) -> i64 {
    let charged = world.bills.values().filter(|bill| bill.status.is_charged());
    let billed: i64 = charged.map(|bill| bill.price).sum();
    for biller in world.billers.values() {
        if biller.deposit != biller.opened - billed || biller.deposit < 0 {
            let (opened, deposit) = (biller.opened, biller.deposit);
            violations.push(format!(
                "the biller's deposit is {deposit}, but {opened} - {billed} came and went"
            ));
        }
    }
    billed
}

fn checked(world: &World, violations: &mut Vec<String>) -> i64 {
    let checks = world.identity_checks.values();
    let checked: i64 = checks.map(|check| check.price).sum();
    for balance in world.identity_balances.values() {
        if balance.left != balance.opened - checked || balance.left < 0 {
            let (opened, left) = (balance.opened, balance.left);
            violations.push(format!(
                "the balance for checks is {left}, but {opened} - {checked} came and went"
            ));
        }
    }
    checked
}

/// What customers paid, under the id of its collection.
fn paid(world: &World) -> impl Iterator<Item = (&str, i64)> {
    let transfers = world.va_transactions.values();
    let transfers = transfers
        .filter(|transfer| transfer.status == "paid")
        .map(|transfer| (transfer.transaction_id.as_str(), transfer.amount));
    let codes = world.qris_codes.values();
    let codes = codes
        .filter(|code| code.status == "paid")
        .map(|code| (code.reff_no.as_str(), code.amount));
    let wallets = world.ewallet_payments.values();
    let wallets = wallets
        .filter(|payment| payment.status == "success")
        .map(|payment| (payment.reff_no.as_str(), payment.amount));
    transfers.chain(codes).chain(wallets)
}
