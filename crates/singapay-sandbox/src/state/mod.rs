//! The sandbox's state: one world behind one lock, so that every operation is atomic.
//!
//! This folder alone, beside the list of parts, names records of products: here they are put
//! together.

mod account;
mod agenda;
mod credential;
mod hooks;
mod kept;
mod random;
mod store;
mod token;

use std::collections::{BTreeSet, VecDeque};

pub(crate) use account::{Account, Bucket, Cause, Entry};
pub(crate) use agenda::Due;
pub(crate) use credential::{Biller, Credential};
pub(crate) use hooks::{Agenda, Books, Hooks, Settles, Sums, SweepEvent, Swept};
pub(crate) use random::Random;
pub(crate) use store::Store;
pub(crate) use token::{Host, Token, register};

use crate::{
    fault::Faults,
    payouts::record::Payout,
    products::{
        account_transfers::record::AccountTransfer,
        bills::record::{Bill, BillInquiry},
        cardless_withdrawals::record::CardlessWithdrawal,
        cards::record::CardPayment,
        direct_debits::record::{Binding, Debit},
        ewallets::record::EwalletPayment,
        identity::record::{IdentityBalance, IdentityCheck},
        payment_link_histories::record::LinkAttempt,
        payment_links::record::PaymentLink,
        plans::record::Plan,
        qris::record::QrisCode,
        va_transactions::record::VaTransaction,
        virtual_accounts::record::VirtualAccount,
    },
    settings::Settings,
    settlements::record::{Collection, Settlement},
    table::{Change, Table},
    webhook::{Reign, record::Delivery},
    wire_time::At,
};

/// Declares the world: the number of each table's first row, and all that is done table by table.
macro_rules! world {
    ($($table:ident: $record:ty = $first:literal,)*) => {
        /// Everything the sandbox knows.
        pub(crate) struct World {
            /// The time at which the current operation happens.
            pub(crate) now: At,
            pub(crate) settings: Settings,
            pub(crate) hooks: Vec<&'static Hooks>,
            pub(crate) random: Random,
            $(pub(crate) $table: Table<$record>,)*
            /// Deliveries that are due, waiting for the sender.
            pub(crate) outbox: VecDeque<u64>,
            /// Deliveries that are due, but have to go out after one that is on its way.
            pub(crate) held_back: Vec<u64>,
            /// Deliveries that the sender is working on.
            pub(crate) in_flight: usize,
            agenda: BTreeSet<(At, Due)>,
            meta: Table<kept::Meta>,
            /// Faults to come.
            pub(crate) faults: Faults,
            /// Treatment of webhooks to come.
            pub(crate) chaos: Option<Reign>,
        }

        impl World {
            pub(crate) fn new(
                now: At,
                settings: Settings,
                seed: u64,
                hooks: Vec<&'static Hooks>,
            ) -> Self {
                Self {
                    now,
                    settings,
                    hooks,
                    random: Random::new(seed),
                    $($table: Table::starting_at($first),)*
                    outbox: VecDeque::new(),
                    held_back: Vec::new(),
                    in_flight: 0,
                    agenda: BTreeSet::new(),
                    meta: Table::default(),
                    faults: Faults::default(),
                    chaos: None,
                }
            }

            /// Hands over every record that changed since the last call.
            fn take_changed_records(&mut self) -> Vec<Change> {
                let mut changes = Vec::new();
                $(self.$table.take_changes(&mut changes);)*
                changes
            }

            /// For a state that is not kept.
            fn forget_changes(&mut self) {
                $(self.$table.forget_changes();)*
            }

            /// Puts a stored record back; `false` when it is of no known table.
            #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
            fn restore_record(&mut self, name: &str, row: u64, json: &str) -> Result<bool, String> {
                Ok($(self.$table.restore(name, row, json)? ||)* false)
            }
        }
    };
}

world! {
    credentials: Credential = 1,
    tokens: Token = 1,
    accounts: Account = 1,
    entries: Entry = 1,
    collections: Collection = 1,
    settlements: Settlement = 1001,
    links: PaymentLink = 101,
    attempts: LinkAttempt = 85,
    cards: CardPayment = 1,
    payouts: Payout = 1,
    transfers: AccountTransfer = 1,
    cardless_withdrawals: CardlessWithdrawal = 1001,
    plans: Plan = 1,
    billers: Biller = 1,
    bill_inquiries: BillInquiry = 1,
    bills: Bill = 1,
    identity_balances: IdentityBalance = 1,
    identity_checks: IdentityCheck = 1,
    bindings: Binding = 1,
    debits: Debit = 1,
    virtual_accounts: VirtualAccount = 1,
    va_transactions: VaTransaction = 1,
    qris_codes: QrisCode = 101,
    ewallet_payments: EwalletPayment = 2001,
    deliveries: Delivery = 1,
}

impl World {
    /// The merchant's Default credential.
    pub(crate) fn default_credential(&self) -> Option<u64> {
        self.credentials
            .iter()
            .find(|(_, record)| record.is_default)
            .map(|(row, _)| row)
    }

    /// The credential that owns an account.
    pub(crate) fn credential_of(&self, account: u64) -> Option<u64> {
        self.accounts
            .get(account)?
            .credential
            .or_else(|| self.default_credential())
    }
}
