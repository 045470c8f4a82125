//! The state of a sandbox at its start; also the format of a seed file.

use std::{collections::BTreeMap, net::IpAddr};

use serde::Deserialize;

use crate::{
    settings::{Delays, Fees, Quirks},
    state::{Account, Biller, Bucket, Cause, Credential, Random, World},
    webhook::WebhookKind,
    wire_time::At,
};

/// Identifiers of what a seed makes do not depend on the time of the start.
const NEW_YEAR_2026: At = At(1_767_225_600_000);
/// Deposit at the biller unless said otherwise, in rupiah.
pub(crate) const BILLER_DEPOSIT: i64 = 100_000_000;
/// Balance for identity checks unless said otherwise, in rupiah.
pub(crate) const IDENTITY_BALANCE: i64 = 10_000_000;
/// Opening balance of an account unless said otherwise, in rupiah.
pub(crate) const OPENING_BALANCE: i64 = 1_000_000_000;

/// Starting state and settings. As JSON, members that are left out have their defaults, and
/// unknown members are refused.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Seed {
    /// Source of credentials and identifiers.
    pub seed: u64,
    /// Accounts; the first is the main one.
    pub accounts: Vec<AccountSeed>,
    /// Specific credentials beside the Default one.
    pub credentials: Vec<CredentialSeed>,
    /// Webhook addresses of the Default credential.
    pub webhooks: BTreeMap<WebhookKind, String>,
    /// Registered members that an account may invite.
    pub members: Vec<String>,
    /// Addresses that may call; anyone when empty.
    pub allowed_ips: Vec<IpAddr>,
    /// Deposit at the biller, in rupiah.
    pub biller_deposit: i64,
    /// Balance for identity checks, in rupiah.
    pub identity_balance: i64,
    /// Fees in rupiah.
    pub fees: Fees,
    /// Delays, in seconds.
    pub delays: Delays,
    /// Measured quirks.
    pub quirks: Quirks,
}

impl Default for Seed {
    fn default() -> Self {
        Self {
            seed: 1,
            accounts: vec![AccountSeed::named("Main Account")],
            credentials: Vec::new(),
            webhooks: BTreeMap::new(),
            members: vec!["john@example.com".to_owned(), "jane@example.com".to_owned()],
            allowed_ips: Vec::new(),
            biller_deposit: BILLER_DEPOSIT,
            identity_balance: IDENTITY_BALANCE,
            fees: Fees::default(),
            delays: Delays::default(),
            quirks: Quirks::default(),
        }
    }
}

/// An account to start with.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AccountSeed {
    /// Name, by which credentials refer to it.
    pub name: String,
    /// Opening balance in rupiah.
    #[serde(default = "opening_balance")]
    pub balance: i64,
}

fn opening_balance() -> i64 {
    OPENING_BALANCE
}

impl AccountSeed {
    /// An account with the usual opening balance.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            balance: OPENING_BALANCE,
        }
    }
}

/// A Specific credential: the accounts assigned to it are closed to every other one.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CredentialSeed {
    /// Its name in the dashboard.
    pub name: String,
    /// Names of the accounts assigned to it.
    pub accounts: Vec<String>,
    /// Its own webhook addresses.
    pub webhooks: BTreeMap<WebhookKind, String>,
}

impl CredentialSeed {
    /// A credential for one account.
    pub fn new(name: &str, account: &str) -> Self {
        Self {
            name: name.to_owned(),
            accounts: vec![account.to_owned()],
            webhooks: BTreeMap::new(),
        }
    }

    /// Sets the address for this credential's webhooks of a kind.
    #[must_use]
    pub fn webhook_url(mut self, kind: WebhookKind, url: impl Into<String>) -> Self {
        self.webhooks.insert(kind, url.into());
        self
    }
}

/// Makes credentials and accounts in an empty world. Fails with the name of an account that a
/// credential wants and nobody made.
pub(crate) fn furnish(world: &mut World, seed: Seed) -> Result<(), String> {
    let default = credential(&mut world.random, "Default", true, seed.webhooks);
    world.credentials.insert(default);
    for wanted in seed.accounts {
        let random = &mut world.random;
        let account = Account {
            id: random.ulid(NEW_YEAR_2026),
            number: random.digits(12),
            name: wanted.name,
            active: true,
            account_type: "owned".to_owned(),
            kyb_status: None,
            kyb_onboarding_url: None,
            invite_members: Vec::new(),
            credential: None,
            available: 0,
            pending: 0,
            held: 0,
        };
        let opening = random.transaction_id("66", NEW_YEAR_2026);
        let row = world.accounts.insert(account);
        let cause = Cause {
            transaction_id: &opening,
            merchant_reff_no: None,
            kind: "opening",
        };
        world.post(row, Bucket::Available, wanted.balance, cause);
    }
    for wanted in seed.credentials {
        let made = credential(&mut world.random, &wanted.name, false, wanted.webhooks);
        let owner = world.credentials.insert(made);
        for name in wanted.accounts {
            let row = world
                .accounts
                .iter()
                .find(|(_, a)| a.name == name)
                .map(|(row, _)| row);
            let Some(account) = row.and_then(|row| world.accounts.get_mut(row)) else {
                return Err(name);
            };
            account.credential = Some(owner);
        }
    }
    Ok(())
}

/// Makes the merchant's credential and deposit at the biller, unless they are there.
pub(crate) fn furnish_biller(world: &mut World, deposit: i64) {
    if world.billers.len() > 0 {
        return;
    }
    let random = &mut world.random;
    let biller = Biller {
        partner_id: random.uuid(),
        client_id: random.uuid(),
        client_secret: random.token(40),
        password: random.token(16),
        opened: deposit,
        deposit,
    };
    world.billers.insert(biller);
}

fn credential(
    random: &mut Random,
    name: &str,
    is_default: bool,
    webhooks: BTreeMap<WebhookKind, String>,
) -> Credential {
    Credential {
        name: name.to_owned(),
        partner_id: random.uuid(),
        client_id: random.uuid(),
        client_secret: random.token(40),
        identity_client_id: format!("kc_test_{}", random.hex(6)),
        identity_client_secret: random.token(40),
        is_default,
        webhooks,
    }
}
