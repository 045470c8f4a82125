//! A subscription of three months: the customer links a card, cycles pass, the customer leaves.
//!
//! It starts a gateway of its own on this machine, plays the customer there and moves its clock.

#[path = "quickstart/receiver.rs"]
mod receiver;
mod support;

use std::{error::Error, time::Duration};

use receiver::Receiver;
use singapay::{
    Rupiah, Singapay, Timestamp,
    types::{PlanSchedule, PlanStatus},
    webhook::Payload,
};
use singapay_sandbox::{Sandbox, WebhookKind};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let mut receiver = Receiver::start("/hooks/singapay").await?;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::SubscriptionCycle, receiver.url())
        .start()
        .await?;
    let singapay = support::client(&sandbox)?;
    let hooks = singapay.webhook_receiver("/hooks/singapay")?;

    let tomorrow = sandbox.now().plus(Duration::from_secs(24 * 3600));
    let plan = singapay
        .plans()
        .create()
        .subscription_id("SUB-2026-0001")
        .name("Coffee every month")
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .customer_phone("081200000001")
        .amount(Rupiah::new(150_000))
        .schedule(PlanSchedule::new(1, "month", tomorrow).total_interval(3))
        .send()
        .await?;
    let page = plan.payment_link_url.as_deref().ok_or("no page")?;
    println!("created   {}, link a card at {page}", plan.status);

    sandbox.link_card(&plan.id, "4111111111111111")?;
    let linked = singapay.plans().get(&plan.id).send().await?;
    println!("linked    {}: it has not started yet", linked.status);

    for cycle in 1..=2 {
        let due = next_payment(&singapay, &plan.id).await?;
        let due = due.ok_or("nothing is planned")?;
        sandbox.advance(due.since(sandbox.now())).await;
        let (headers, body) = receiver.next().await?;
        let event = hooks.receive(&headers, body)?;
        let Payload::SubscriptionCycle(webhook) = event.payload() else {
            return Err(format!("not the event of a subscription: {}", event.name()).into());
        };
        let bill = webhook.data.bill.as_ref();
        let number = bill.and_then(|bill| bill.bill_number.as_deref());
        let number = number.ok_or("no bill number")?;
        println!("webhook   cycle {cycle}: {}, bill {number}", event.name());
    }

    let cancel = singapay.plans().cancel(&plan.id);
    let cancelled = cancel.reason("customer_request").send().await?;
    println!("cancelled {}", cancelled.status);
    let planned = next_payment(&singapay, &plan.id).await?;
    println!("later     next payment: {planned:?}");
    if cancelled.status != PlanStatus::Cancelled || planned.is_some() {
        return Err("a cancelled plan should not be charged again".into());
    }
    Ok(())
}

async fn next_payment(singapay: &Singapay, plan: &str) -> Result<Option<Timestamp>> {
    let plan = singapay.plans().get(plan).send().await?;
    let schedule = plan.schedule.as_ref().ok_or("no schedule")?;
    Ok(schedule
        .next_payment_at
        .as_ref()
        .and_then(|at| at.instant()))
}
