//! The sandbox's state: one world behind one lock, so that every operation is atomic.

mod account;
mod bill;
mod biller;
mod binding;
mod card;
mod cash;
mod catalogue;
mod collection;
mod credential;
mod customer;
mod direct_debit;
mod ewallet_payment;
mod identity;
mod kept;
mod link;
mod payout;
mod plan;
mod qris_code;
mod random;
mod settlement;
mod store;
mod sweep;
mod table;
mod transfer;
mod virtual_account;

use std::collections::{BTreeSet, VecDeque};

pub(crate) use account::{Account, Bucket, Cause, Entry};
pub(crate) use bill::{Bill, BillStatus};
pub(crate) use biller::{BillInquiry, Biller};
pub(crate) use binding::{Binding, BindingStatus, NewBinding};
pub(crate) use card::{CardPayment, CardStatus};
pub(crate) use cash::{CashStatus, CashWithdrawal};
pub(crate) use catalogue::{
    GAMES, Kind, Owed, PRODUCTS, Product, by_code as product_by_code, find as find_product, owed,
};
pub(crate) use collection::Collection;
pub(crate) use credential::{Credential, Host, Token};
pub use customer::{CustomerError, PaymentOutcome};
pub(crate) use direct_debit::{Debit, DebitStatus, NewDebit, OTP};
pub(crate) use ewallet_payment::{EwalletPayment, WALLETS, Wallet};
pub(crate) use identity::{IdentityBalance, IdentityCheck};
pub(crate) use link::{Customer, Item, LinkAttempt, METHODS, PaymentLink, echoed};
pub use payout::PayoutOutcome;
pub(crate) use payout::{NewPayout, Payout, PayoutStatus, Target};
pub(crate) use plan::{Plan, PlanStatus, RetryPolicy, Schedule};
pub(crate) use qris_code::QrisCode;
pub(crate) use random::Random;
pub(crate) use settlement::{Settlement, TakenBack};
pub(crate) use store::Store;
pub(crate) use sweep::Swept;
pub(crate) use table::{Change, Record, Table};
pub(crate) use transfer::AccountTransfer;
pub(crate) use virtual_account::{VA_BANKS, VaAmount, VaTransaction, VirtualAccount};

use crate::{fault::Fault, settings::Settings, webhook::Delivery, wire_time::At};

/// Something that happens by itself at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    Payout(u64),
    Settlement(u64),
    CashExpiry(u64),
    Sweep,
    Delivery(u64),
    Binding(u64),
    Debit(u64),
    Card(u64),
    Bill(u64),
    Plan(u64),
}

/// Everything the sandbox knows.
pub(crate) struct World {
    /// The time at which the current operation happens.
    pub(crate) now: At,
    pub(crate) settings: Settings,
    pub(crate) random: Random,
    pub(crate) credentials: Table<Credential>,
    pub(crate) tokens: Table<Token>,
    pub(crate) accounts: Table<Account>,
    pub(crate) entries: Table<Entry>,
    pub(crate) collections: Table<Collection>,
    pub(crate) settlements: Table<Settlement>,
    pub(crate) links: Table<PaymentLink>,
    pub(crate) attempts: Table<LinkAttempt>,
    pub(crate) cards: Table<CardPayment>,
    pub(crate) payouts: Table<Payout>,
    pub(crate) transfers: Table<AccountTransfer>,
    pub(crate) cash: Table<CashWithdrawal>,
    pub(crate) plans: Table<Plan>,
    pub(crate) billers: Table<Biller>,
    pub(crate) bill_inquiries: Table<BillInquiry>,
    pub(crate) bills: Table<Bill>,
    pub(crate) identity_balances: Table<IdentityBalance>,
    pub(crate) identity_checks: Table<IdentityCheck>,
    pub(crate) bindings: Table<Binding>,
    pub(crate) debits: Table<Debit>,
    pub(crate) virtual_accounts: Table<VirtualAccount>,
    pub(crate) va_transactions: Table<VaTransaction>,
    pub(crate) qris_codes: Table<QrisCode>,
    pub(crate) ewallet_payments: Table<EwalletPayment>,
    pub(crate) deliveries: Table<Delivery>,
    /// Deliveries that are due, waiting for the sender.
    pub(crate) outbox: VecDeque<u64>,
    /// Deliveries that are due, but have to go out after one that is on its way.
    pub(crate) held_back: Vec<u64>,
    /// Deliveries that the sender is working on.
    pub(crate) in_flight: usize,
    agenda: BTreeSet<(At, Due)>,
    meta: Table<kept::Meta>,
    /// What is to go wrong.
    pub(crate) faults: Vec<Fault>,
}

impl World {
    pub(crate) fn new(now: At, settings: Settings, seed: u64) -> Self {
        Self {
            now,
            settings,
            random: Random::new(seed),
            credentials: Table::default(),
            tokens: Table::default(),
            accounts: Table::default(),
            entries: Table::default(),
            collections: Table::default(),
            settlements: Table::starting_at(1001),
            links: Table::starting_at(101),
            attempts: Table::starting_at(85),
            cards: Table::default(),
            payouts: Table::default(),
            transfers: Table::default(),
            cash: Table::starting_at(1001),
            plans: Table::default(),
            billers: Table::default(),
            bill_inquiries: Table::default(),
            bills: Table::default(),
            identity_balances: Table::default(),
            identity_checks: Table::default(),
            bindings: Table::default(),
            debits: Table::default(),
            virtual_accounts: Table::default(),
            va_transactions: Table::default(),
            qris_codes: Table::starting_at(101),
            ewallet_payments: Table::starting_at(2001),
            deliveries: Table::default(),
            outbox: VecDeque::new(),
            held_back: Vec::new(),
            in_flight: 0,
            agenda: BTreeSet::new(),
            meta: Table::default(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn schedule(&mut self, at: At, due: Due) {
        self.agenda.insert((at, due));
    }

    /// When the next thing happens by itself.
    pub(crate) fn next_due(&self) -> Option<At> {
        self.agenda.first().map(|(at, _)| *at)
    }

    /// Lets everything happen that is due by `now`, in order and at its own time.
    pub(crate) fn catch_up(&mut self, now: At) {
        while let Some((at, due)) = self.agenda.first().copied().filter(|(at, _)| *at <= now) {
            self.agenda.remove(&(at, due));
            self.now = self.now.max(at);
            match due {
                Due::Payout(row) => self.settle_payout(row),
                Due::Settlement(row) => self.settle(row),
                Due::CashExpiry(row) => {
                    // Ended before its time: nothing is left to expire.
                    let _ = self.end_cash(row, CashStatus::Expired);
                }
                Due::Sweep => self.sweep(),
                Due::Delivery(row) => self.outbox.push_back(row),
                Due::Binding(row) => self.bring_binding(row),
                Due::Debit(row) => self.bring_debit(row),
                Due::Card(row) => self.capture_card(row),
                Due::Bill(row) => self.bring_bill(row),
                Due::Plan(row) => self.bring_plan(row),
            }
        }
        self.now = now;
    }

    /// Whether webhooks are waiting to be sent or being sent.
    pub(crate) fn is_delivering(&self) -> bool {
        self.in_flight > 0 || !self.outbox.is_empty()
    }

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
