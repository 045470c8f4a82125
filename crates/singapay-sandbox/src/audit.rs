//! Adds everything up again, from other records than those that balances are kept in.

use serde::Serialize;

use crate::state::{Books, Sums, World};

/// Result of an audit: the sums, and all that does not add up.
///
/// Given by [`Sandbox::audit`](crate::Sandbox::audit).
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Audit {
    /// Money in all accounts, in rupiah.
    pub in_accounts: i64,
    /// Opening balances of all accounts.
    pub opened: i64,
    /// Paid by customers, less fees and refunds after the settlement.
    pub collected: i64,
    /// Paid out or on its way, fees included.
    pub paid_out: i64,
    /// Paid from the biller's deposit, refunds not counted.
    pub billed: i64,
    /// Cost of identity checks.
    pub checked: i64,
    /// Everything that does not add up; empty when all is well.
    pub violations: Vec<String>,
}

pub(crate) fn audit(world: &World) -> Audit {
    let mut books = Books::default();
    for hooks in &world.hooks {
        (hooks.audit)(world, &mut books);
    }
    let Books {
        paid,
        held,
        paid_out,
        billed,
        checked,
        mut violations,
    } = books;
    let (sums, opened) = statements(world, &mut violations);
    let (pending, collected) = collections(world, paid, &mut violations);
    let in_accounts = accounts(world, [&sums, &pending, &held], &mut violations);
    if in_accounts != opened + collected - paid_out {
        violations.push(format!(
            "accounts hold {in_accounts}, but {opened} + {collected} - {paid_out} came and went"
        ));
    }
    Audit {
        in_accounts,
        opened,
        collected,
        paid_out,
        billed,
        checked,
        violations,
    }
}

/// Sums of each account's statement, and of all opening balances.
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

/// Sums that each account waits for, and that all have collected.
fn collections(
    world: &World,
    paid: Vec<(String, i64)>,
    violations: &mut Vec<String>,
) -> (Sums, i64) {
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
    for (id, amount) in paid {
        if world.collections.find(&id).map(|c| c.gross) != Some(amount) {
            violations.push(format!("{id} was paid, but not collected"));
        }
    }
    (pending, collected)
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
