//! What customers, banks and time do; shared by the library and the admin routes.

pub(crate) mod bills;
pub(crate) mod direct_debits;
pub(crate) mod money_in;
pub(crate) mod plans;

use std::time::Duration;

use singapay_core::Clock;

pub use money_in::VaAttempted;

use crate::{
    sandbox::{LinkAttempted, Payer},
    state::{CashStatus, Customer, CustomerError, PayoutOutcome, Store, World},
    webhook::Sender,
    wire_time::At,
};

pub(crate) async fn advance(store: &Store, sender: &Sender, by: Duration) {
    webhooks_sent(store, sender).await;
    let target = At::from(store.clock.now()).plus(by);
    while let Some(at) = store
        .run(|world| world.next_due())
        .filter(|at| *at <= target)
    {
        store.clock.forward(at.since(At::from(store.clock.now())));
        webhooks_sent(store, sender).await;
    }
    store
        .clock
        .forward(target.since(At::from(store.clock.now())));
    webhooks_sent(store, sender).await;
    store.changed.notify_one();
}

pub(crate) async fn webhooks_sent(store: &Store, sender: &Sender) {
    loop {
        let delivered = store.delivered.notified();
        tokio::pin!(delivered);
        delivered.as_mut().enable();
        sender.send_due();
        if !store.run(|world| world.is_delivering()) {
            return;
        }
        delivered.await;
    }
}

pub(crate) fn pay_payment_link(
    store: &Store,
    link: &str,
    payer: Payer,
) -> Result<LinkAttempted, CustomerError> {
    store.run(|world| {
        let history_id = start(world, link, payer)?;
        world.pay_attempt(history_id)?;
        Ok(opened(world, history_id))
    })
}

pub(crate) fn open_payment_link(
    store: &Store,
    link: &str,
    payer: Payer,
) -> Result<LinkAttempted, CustomerError> {
    store.run(|world| {
        let history_id = start(world, link, payer)?;
        Ok(opened(world, history_id))
    })
}

/// A link goes by its id or its reference.
fn start(world: &mut World, link: &str, payer: Payer) -> Result<u64, CustomerError> {
    let by_id = link
        .parse()
        .ok()
        .filter(|row| world.links.get(*row).is_some());
    let row = by_id
        .or_else(|| world.links.row_of(link))
        .ok_or_else(|| CustomerError::Unknown(link.to_owned()))?;
    let customer = Customer {
        name: payer.name,
        email: payer.email,
        phone: payer.phone,
    };
    world.start_attempt(row, payer.method.as_deref(), customer)
}

fn opened(world: &World, history_id: u64) -> LinkAttempted {
    let attempt = world.attempts.get(history_id);
    LinkAttempted {
        history_id,
        reff_no: attempt.map(|a| a.reff_no.clone()).unwrap_or_default(),
    }
}

pub(crate) fn complete_3d_secure(
    store: &Store,
    payment: &str,
    approve: bool,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .card_row(payment)
            .ok_or_else(|| CustomerError::Unknown(payment.to_owned()))?;
        world.decide_card(row, approve)
    })
}

pub(crate) fn decide_payout(
    store: &Store,
    transaction_id: &str,
    outcome: PayoutOutcome,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .payouts
            .row_of(&format!("id:{transaction_id}"))
            .ok_or_else(|| CustomerError::Unknown(transaction_id.to_owned()))?;
        if world.decide_payout(row, outcome) {
            return Ok(());
        }
        let word = world
            .payouts
            .get(row)
            .map_or("", |payout| payout.status.desc());
        Err(CustomerError::AlreadyDecided(word.to_owned()))
    })
}

pub(crate) fn fetch_cash(store: &Store, transaction_id: &str) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .cash
            .row_of(&format!("id:{transaction_id}"))
            .ok_or_else(|| CustomerError::Unknown(transaction_id.to_owned()))?;
        world.end_cash(row, CashStatus::Success)
    })
}

pub(crate) fn approve_kyb(store: &Store, account_id: &str) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world.accounts.row_of(account_id);
        let account = row
            .and_then(|row| world.accounts.get_mut(row))
            .ok_or_else(|| CustomerError::Unknown(account_id.to_owned()))?;
        match account.kyb_status.as_deref() {
            Some("kyb_in_review") => {
                account.kyb_status = Some("kyb_verified".to_owned());
                account.kyb_onboarding_url = None;
                Ok(())
            }
            other => Err(CustomerError::AlreadyDecided(
                other.unwrap_or("not needed").to_owned(),
            )),
        }
    })
}
