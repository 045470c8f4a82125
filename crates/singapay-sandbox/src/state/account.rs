//! Accounts of the merchant and the rows of their statements.

use serde::{Deserialize, Serialize};

use super::World;
use crate::{table::Record, wire_time::At};

/// A sub-account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) account_type: String,
    pub(crate) kyb_status: Option<String>,
    pub(crate) kyb_onboarding_url: Option<String>,
    pub(crate) invite_members: Vec<String>,
    /// The Specific credential it is assigned to.
    pub(crate) credential: Option<u64>,
    /// Usable funds, whole rupiah.
    pub(crate) available: i64,
    /// Collected, not yet settled.
    pub(crate) pending: i64,
    /// Locked by open cardless withdrawals.
    pub(crate) held: i64,
}

impl Account {
    pub(crate) fn balance(&self) -> i64 {
        self.available + self.pending + self.held
    }
}

impl Record for Account {
    const TABLE: &'static str = "account";

    fn keys(&self) -> Vec<String> {
        vec![self.id.clone(), format!("number:{}", self.number)]
    }
}

/// Parts of a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bucket {
    Available,
    Pending,
    Held,
}

/// One row of a statement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) merchant_reff_no: Option<String>,
    pub(crate) kind: String,
    pub(crate) debit: i64,
    pub(crate) credit: i64,
    pub(crate) balance_after: i64,
    pub(crate) at: At,
}

impl Record for Entry {
    const TABLE: &'static str = "entry";

    fn keys(&self) -> Vec<String> {
        vec![format!("{}:{}", self.account, self.transaction_id)]
    }
}

/// Reason of a movement, as the statement tells it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cause<'a> {
    pub(crate) transaction_id: &'a str,
    pub(crate) merchant_reff_no: Option<&'a str>,
    pub(crate) kind: &'a str,
}

impl World {
    /// Moves money into (positive) or out of (negative) an account and writes it on the statement.
    /// The only place where a balance changes its total.
    pub(crate) fn post(&mut self, account: u64, bucket: Bucket, amount: i64, cause: Cause<'_>) {
        if amount == 0 {
            return;
        }
        let Some(record) = self.accounts.get_mut(account) else {
            return;
        };
        *record.bucket_mut(bucket) += amount;
        let entry = Entry {
            account,
            transaction_id: cause.transaction_id.to_owned(),
            merchant_reff_no: cause.merchant_reff_no.map(str::to_owned),
            kind: cause.kind.to_owned(),
            debit: (-amount).max(0),
            credit: amount.max(0),
            balance_after: record.balance(),
            at: self.now,
        };
        self.entries.insert(entry);
    }

    /// Moves money between the parts of one balance; the total stays as it is.
    pub(crate) fn shift(&mut self, account: u64, from: Bucket, to: Bucket, amount: i64) {
        if let Some(record) = self.accounts.get_mut(account) {
            *record.bucket_mut(from) -= amount;
            *record.bucket_mut(to) += amount;
        }
    }

    /// Tells that an account holds money or ever took part in a transaction.
    pub(crate) fn has_history(&self, account: u64) -> bool {
        let record = self.accounts.get(account);
        record.is_some_and(|record| record.balance() != 0)
            || self.entries.values().any(|entry| entry.account == account)
            || self
                .hooks
                .iter()
                .any(|hooks| (hooks.has_account)(self, account))
    }

    /// Usable funds of an account.
    pub(crate) fn available(&self, account: u64) -> i64 {
        self.accounts
            .get(account)
            .map_or(0, |record| record.available)
    }
}

impl Account {
    fn bucket_mut(&mut self, bucket: Bucket) -> &mut i64 {
        match bucket {
            Bucket::Available => &mut self.available,
            Bucket::Pending => &mut self.pending,
            Bucket::Held => &mut self.held,
        }
    }
}
