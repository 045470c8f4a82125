//! Identity checks that were made, and the balance they are billed to.

use serde_json::Value;

use super::record::{IdentityBalance, IdentityCheck};
use crate::state::{Books, World};

impl World {
    pub(crate) fn identity_balance(&self) -> i64 {
        self.identity_balances
            .values()
            .next()
            .map_or(0, |balance| balance.left)
    }

    /// Writes a check down, in the place of one that had failed, and bills it if it ran.
    pub(crate) fn note_check(&mut self, request_id: &str, digest: String, answer: Option<Value>) {
        let price = match answer {
            Some(_) => self.settings.fees.identity_check,
            None => 0,
        };
        let check = IdentityCheck {
            request_id: request_id.to_owned(),
            digest,
            answer,
            price,
        };
        match self.identity_checks.row_of(request_id) {
            Some(row) => self.identity_checks.replace(row, check),
            None => {
                self.identity_checks.insert(check);
            }
        }
        let row = self.identity_balances.iter().next().map(|(row, _)| row);
        if let Some(balance) = row.and_then(|row| self.identity_balances.get_mut(row)) {
            balance.left -= price;
        }
    }
}

/// Opens the balance unless it is there.
pub(crate) fn furnish(world: &mut World, balance: i64) {
    if world.identity_balances.len() == 0 {
        world.identity_balances.insert(IdentityBalance {
            opened: balance,
            left: balance,
        });
    }
}

pub(super) fn audit(world: &World, books: &mut Books) {
    let checks = world.identity_checks.values();
    books.checked = checks.map(|check| check.price).sum();
    for balance in world.identity_balances.values() {
        if balance.left != balance.opened - books.checked || balance.left < 0 {
            let (opened, left, checked) = (balance.opened, balance.left, books.checked);
            books.violations.push(format!(
                "the balance for checks is {left}, but {opened} - {checked} came and went"
            ));
        }
    }
}
