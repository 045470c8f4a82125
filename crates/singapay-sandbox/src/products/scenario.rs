//! What has happened before the sandbox starts; also the format of a scenario file.

use std::{cmp::Reverse, net::Ipv4Addr, time::Duration};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{PARTS, payment_links::record::Customer};
use crate::{
    customer::PaymentOutcome,
    http::{call::Call, operation::Operation, refusal::Refusal},
    payouts::{PayoutOutcome, PayoutStatus},
    seed::AccountSeed,
    state::World,
    wire_time::{self, At},
};

/// Accounts, and payment links, virtual accounts, QR codes, wallet payments and payouts in given states, made at the
/// start. As JSON; unknown members are refused. The README of this crate has an example.
///
/// Everything is made by its own operation and paid by the same customers as in a running sandbox, at its time in the
/// past: what falls due until now has happened too.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Scenario {
    accounts: Vec<AccountSeed>,
    payment_links: Vec<Scene<LinkState>>,
    virtual_accounts: Vec<Scene<VaState>>,
    qris: Vec<Scene<QrisState>>,
    ewallets: Vec<Scene<WalletState>>,
    payouts: Vec<Scene<PayoutState>>,
}

/// One object, and what became of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene<S> {
    /// Name of its account; the main one when absent.
    #[serde(default)]
    account: Option<String>,
    /// Made so long before the start.
    #[serde(default)]
    minutes_ago: u32,
    /// Its end, from its making on, in place of `expired_at` of the request.
    #[serde(default)]
    expires_in_minutes: Option<u32>,
    #[serde(default)]
    state: S,
    /// Method of a payment link that was opened or paid.
    #[serde(default)]
    method: Option<String>,
    /// What the customer of an open virtual account transferred, in rupiah.
    #[serde(default)]
    amount: Option<i64>,
    /// Operation of a payout; a bank transfer when absent.
    #[serde(default)]
    operation: Option<String>,
    /// Why a payout failed.
    #[serde(default)]
    failed_reason: Option<String>,
    /// Body of the operation that makes it.
    request: Map<String, Value>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LinkState {
    #[default]
    Open,
    Attempted,
    Paid,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VaState {
    #[default]
    Open,
    Unpaid,
    Failed,
    Paid,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum QrisState {
    #[default]
    Open,
    Paid,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WalletState {
    #[default]
    Open,
    Failed,
    Paid,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PayoutState {
    /// Stays so until somebody decides it.
    #[default]
    Pending,
    Failed,
    Success,
}

/// A scene with its place in the file and its time.
type Act = (u32, String, Deed);
type Deed = Box<dyn FnOnce(&mut World) -> Result<(), String>>;

impl Scenario {
    /// Accounts beside those of the seed.
    pub(crate) fn accounts(&self) -> &[AccountSeed] {
        &self.accounts
    }

    /// Lets it all happen, the oldest first. Fails with the place of what cannot be.
    pub(crate) fn play(self, world: &mut World) -> Result<(), String> {
        let mut acts: Vec<Act> = Vec::new();
        acts.extend(self.payment_links.acts("payment_links", link));
        acts.extend(
            self.virtual_accounts
                .acts("virtual_accounts", virtual_account),
        );
        acts.extend(self.qris.acts("qris", qris));
        acts.extend(self.ewallets.acts("ewallets", ewallet));
        acts.extend(self.payouts.acts("payouts", payout));
        acts.sort_by_key(|(minutes_ago, ..)| Reverse(*minutes_ago));
        let now = world.now;
        let ago = |minutes: u32| At(now.0 - i64::from(minutes) * 60_000);
        if let Some((oldest, ..)) = acts.first() {
            world.now = ago(*oldest);
        }
        for (minutes_ago, place, deed) in acts {
            world.catch_up(ago(minutes_ago));
            deed(world).map_err(|problem| format!("{place}: {problem}"))?;
        }
        world.catch_up(now);
        Ok(())
    }
}

/// Scenes of one section, in order.
trait Section<S> {
    fn acts(self, section: &str, play: Play<S>) -> Vec<Act>;
}

type Play<S> = fn(&mut World, Scene<S>) -> Result<(), String>;

impl<S: 'static> Section<S> for Vec<Scene<S>> {
    fn acts(self, section: &str, play: Play<S>) -> Vec<Act> {
        let scenes = self.into_iter().enumerate();
        scenes
            .map(|(index, scene)| {
                let place = format!("{section}[{index}]");
                let minutes_ago = scene.minutes_ago;
                let deed: Deed = Box::new(move |world| play(world, scene));
                (minutes_ago, place, deed)
            })
            .collect()
    }
}

fn link(world: &mut World, mut scene: Scene<LinkState>) -> Result<(), String> {
    let method = scene.method.take();
    if method.is_some() && scene.state == LinkState::Open {
        return Err("an open link has no method".to_owned());
    }
    scene.make(world, "create_payment_link", wire_time::iso)?;
    let row = newest(world.links.iter().next_back())?;
    if scene.state == LinkState::Open {
        return Ok(());
    }
    let attempt = world.start_attempt(row, method.as_deref(), Customer::default());
    let attempt = attempt.map_err(|error| error.to_string())?;
    match scene.state {
        LinkState::Paid => world
            .pay_attempt(attempt)
            .map_err(|error| error.to_string()),
        LinkState::Open | LinkState::Attempted => Ok(()),
    }
}

fn virtual_account(world: &mut World, mut scene: Scene<VaState>) -> Result<(), String> {
    let amount = scene.amount.take();
    scene.make(world, "create_virtual_account", wire_time::millis)?;
    let row = newest(world.virtual_accounts.iter().next_back())?;
    let outcome = match scene.state {
        VaState::Open if amount.is_some() => {
            return Err("amount is what was transferred, and nothing was".to_owned());
        }
        VaState::Open => return Ok(()),
        VaState::Unpaid => PaymentOutcome::Expired,
        VaState::Failed => PaymentOutcome::Failed,
        VaState::Paid => PaymentOutcome::Paid,
    };
    let paid = world.pay_va(row, amount, outcome);
    paid.map(drop).map_err(|error| error.to_string())
}

fn qris(world: &mut World, mut scene: Scene<QrisState>) -> Result<(), String> {
    scene.make(world, "generate_qris", wire_time::iso)?;
    let row = newest(world.qris_codes.iter().next_back())?;
    match scene.state {
        QrisState::Open => Ok(()),
        QrisState::Paid => world
            .pay_qris(row, PaymentOutcome::Paid)
            .map_err(|error| error.to_string()),
    }
}

fn ewallet(world: &mut World, mut scene: Scene<WalletState>) -> Result<(), String> {
    scene.make(world, "create_ewallet_order", wire_time::iso)?;
    let row = newest(world.ewallet_payments.iter().next_back())?;
    let outcome = match scene.state {
        WalletState::Open => return Ok(()),
        WalletState::Failed => PaymentOutcome::Failed,
        WalletState::Paid => PaymentOutcome::Paid,
    };
    let paid = world.pay_ewallet(row, outcome);
    paid.map_err(|error| error.to_string())
}

fn payout(world: &mut World, mut scene: Scene<PayoutState>) -> Result<(), String> {
    let operation = scene.operation.take();
    let operation = operation.as_deref().unwrap_or("transfer_disbursement");
    if !["transfer_disbursement", "topup_ewallet", "pay_qris"].contains(&operation) {
        return Err(format!(
            "operation: {operation:?} is none of transfer_disbursement, topup_ewallet, pay_qris"
        ));
    }
    let reason = scene.failed_reason.take();
    if reason.is_some() != (scene.state == PayoutState::Failed) {
        return Err("failed_reason belongs to what failed, and to nothing else".to_owned());
    }
    if scene.expires_in_minutes.is_some() {
        return Err("a payout has no expires_in_minutes".to_owned());
    }
    scene.make(world, operation, wire_time::iso)?;
    let row = newest(world.payouts.iter().next_back())?;
    let (outcome, wanted) = match scene.state {
        PayoutState::Pending => (PayoutOutcome::Never, PayoutStatus::Pending),
        PayoutState::Success => (PayoutOutcome::Success, PayoutStatus::Success),
        PayoutState::Failed => {
            let reason = reason.unwrap_or_default();
            (PayoutOutcome::Failed { reason }, PayoutStatus::Failed)
        }
    };
    world.decide_payout(row, outcome);
    match world.payouts.get(row) {
        Some(payout) if payout.status != wanted => Err(format!(
            "its number and the delays of the seed make it {} at once",
            payout.status.desc()
        )),
        _ => Ok(()),
    }
}

impl<S> Scene<S> {
    /// Carries out the operation that makes it. `end` writes a time as the operation reads it.
    fn make(&mut self, world: &mut World, id: &str, end: fn(At) -> String) -> Result<(), String> {
        self.has_no_other_member()?;
        let operation = PARTS.iter().flat_map(|part| part.operations);
        let operation = { operation }.find(|operation| operation.id == id);
        let operation = operation.ok_or_else(|| format!("there is no operation {id}"))?;
        let account = self.account(world)?;
        let id = world.accounts.get(account).map(|it| it.id.clone());
        let id = id.unwrap_or_default();
        let mut body = std::mem::take(&mut self.request);
        if let Some(minutes) = self.expires_in_minutes {
            let at = world.now.plus(Duration::from_secs(u64::from(minutes) * 60));
            if body
                .insert("expired_at".to_owned(), json!(end(at)))
                .is_some()
            {
                return Err("expired_at is given twice".to_owned());
            }
        }
        if !operation.path.contains("{account_id}") {
            body.insert("account_id".to_owned(), json!(id));
        }
        carry_out(world, operation, account, id, body)
    }

    fn account(&self, world: &World) -> Result<u64, String> {
        let mut accounts = world.accounts.iter();
        let found = match &self.account {
            None => accounts.next(),
            Some(name) => accounts.find(|(_, account)| account.name == *name),
        };
        let name = self.account.as_deref().unwrap_or("main");
        found
            .map(|(row, _)| row)
            .ok_or_else(|| format!("there is no account named {name:?}"))
    }

    /// What a product takes of these was taken out before.
    fn has_no_other_member(&self) -> Result<(), String> {
        let others = [
            ("method", self.method.is_some()),
            ("amount", self.amount.is_some()),
            ("operation", self.operation.is_some()),
            ("failed_reason", self.failed_reason.is_some()),
        ];
        match others.into_iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => Err(format!("{name} does not belong here")),
            None => Ok(()),
        }
    }
}

fn carry_out(
    world: &mut World,
    operation: &Operation,
    account: u64,
    account_id: String,
    body: Map<String, Value>,
) -> Result<(), String> {
    let call = Call {
        params: vec![("account_id", account_id)],
        query: Vec::new(),
        headers: http::HeaderMap::new(),
        endpoint: String::new(),
        raw: Bytes::new(),
        body,
        caller: Ipv4Addr::LOCALHOST.into(),
        credential: world.credential_of(account).unwrap_or_default(),
    };
    match operation.run(world, &call) {
        Ok(_) => Ok(()),
        Err(Refusal::Fields(errors) | Refusal::FieldsAs(_, errors)) => {
            let fields = errors.iter();
            let fields = fields.map(|(field, message)| format!("request.{field}: {message}"));
            Err(fields.collect::<Vec<_>>().join(" "))
        }
        Err(refusal) => {
            let (_, why) = refusal.explained();
            Err(why.reason.unwrap_or_default().into_owned())
        }
    }
}

/// The row that was made last.
fn newest<T>(last: Option<(u64, T)>) -> Result<u64, String> {
    last.map(|(row, _)| row)
        .ok_or_else(|| "nothing was made".to_owned())
}
