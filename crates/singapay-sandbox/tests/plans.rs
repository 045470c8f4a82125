//! Recurring plans: linking a card, cycles on the clock, retries, upgrades, the end.

#![allow(clippy::unwrap_used)]

mod common;

use common::plans::{DECLINED, GOOD, June, PLANS, create, days, id, pending, plan, show, start};
use common::{Client, Receiver};
use serde_json::json;
use singapay_sandbox::{Sandbox, WebhookKind};

#[tokio::test]
async fn a_plan_is_created_as_documented() {
    let (_sandbox, mut client) = start().await;
    let mut body = plan(&client);
    body["subscription_id"] = json!("SUB-2026-0001");
    body["merchant_reff_no"] = json!("REF-0001");
    body["payment_type"] = json!("credit_card");
    let made = create(&client, body.clone()).await;
    let base = &client.base;
    let url = made["payment_link_url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{base}/sub/")));
    assert_eq!(
        made,
        json!({
            "id": made["id"], "name": "Monthly Pro Subscription", "amount": "150000",
            "currency": "IDR", "created_at": "2026-06-09T10:00:00+07:00",
            "schedule": {
                "interval": 1, "interval_unit": "month", "current_interval": 1,
                "total_interval": 3, "start_time": "2026-07-01T00:00:00+07:00",
                "previous_payment_at": null, "next_payment_at": "2026-07-01T00:00:00+07:00",
            },
            "status": "pending_card_linking", "payment_type": null,
            "retry_policy": {
                "max_attempts": 3, "interval_days": 1, "failed_payment_action": "continue_plan",
            },
            "metadata": {"description": "Pro plan monthly billing", "extra": []},
            "subscription_id": "SUB-2026-0001", "merchant_reff_no": null,
            "payment_link_url": url, "parent_plan_id": null, "created_from": null,
        })
    );
    assert_eq!(show(&mut client, &made).await, made);
    let again = client.post(PLANS, body).await;
    assert_eq!((again.status, again.code()), (422, "SP018"));
    let generated = create(&client, plan(&client)).await;
    assert!(
        generated["subscription_id"]
            .as_str()
            .unwrap()
            .starts_with("SUB-")
    );
}

#[tokio::test]
async fn cycles_are_charged_until_the_last() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .clock(June)
        .webhook_url(WebhookKind::SubscriptionCycle, receiver.url("/subs"))
        .start()
        .await
        .unwrap();
    let mut client = Client::of(&sandbox).await;
    let before = pending(&sandbox, &client);
    let made = create(&client, plan(&client)).await;
    // Without a card nothing is charged.
    let page = made["payment_link_url"].as_str().unwrap();
    let form = format!("card_number={}", GOOD.replace(' ', "+"));
    let linked = client.http.post(page).body(form).send().await.unwrap();
    assert!(linked.text().await.unwrap().contains("pending_payment"));
    days(&sandbox, 21).await;
    assert_eq!(pending(&sandbox, &client), before);
    for (cycle, wait, next) in [
        (2, 1, json!("2026-08-01T00:00:00+07:00")),
        (3, 31, json!("2026-09-01T00:00:00+07:00")),
        (3, 31, json!(null)),
    ] {
        days(&sandbox, wait).await;
        let shown = show(&mut client, &made).await;
        assert_eq!(shown["schedule"]["current_interval"], cycle);
        assert_eq!(shown["schedule"]["next_payment_at"], next);
        assert!(shown["schedule"]["previous_payment_at"].is_string());
    }
    assert_eq!(show(&mut client, &made).await["status"], "completed");
    days(&sandbox, 60).await;
    assert_eq!(pending(&sandbox, &client) - before, 3 * 147_000);
    assert!(sandbox.audit().violations.is_empty());

    let arrivals = receiver.arrivals();
    let events: Vec<_> = arrivals.iter().map(|a| a.json()["event"].clone()).collect();
    let paid = "subscription.cycle.payment_success";
    assert_eq!(
        events,
        [paid, paid, paid, "subscription.plan.status_changed"]
    );
    assert!(
        arrivals
            .iter()
            .all(|a| a.is_signed_by(sandbox.credentials()))
    );
    let bills: std::collections::HashSet<_> = arrivals[..3]
        .iter()
        .map(|a| a.json()["data"]["bill"]["bill_number"].to_string())
        .collect();
    assert_eq!(bills.len(), 3, "every cycle has a bill of its own");
    let last = arrivals[3].json();
    assert_eq!(last["data"]["plan"]["status"], "completed");
    assert!(last["data"].get("bill").is_none());
}

#[tokio::test]
async fn a_declined_card_is_tried_again_and_the_plan_goes_on_or_stops() {
    let receiver = Receiver::start().await;
    for stops in [false, true] {
        receiver.arrivals.lock().unwrap().clear();
        let sandbox = Sandbox::builder()
            .clock(June)
            .webhook_url(WebhookKind::SubscriptionCycle, receiver.url("/subs"))
            .start()
            .await
            .unwrap();
        let mut client = Client::of(&sandbox).await;
        let before = pending(&sandbox, &client);
        let mut body = plan(&client);
        body["retry_policy"] = json!({"max_attempts": 2, "interval_days": 3});
        body["failed_payment_action"] = json!(if stops { "stop_plan" } else { "continue_plan" });
        let made = create(&client, body).await;
        sandbox.link_card(id(&made), DECLINED).unwrap();
        days(&sandbox, 22).await;
        let failing = show(&mut client, &made).await;
        assert_eq!(failing["status"], "active");
        let retry = "2026-07-04T00:00:00+07:00";
        assert_eq!(failing["schedule"]["next_payment_at"], retry);
        days(&sandbox, 6).await;
        let shown = show(&mut client, &made).await;
        let tries = receiver.arrivals();
        let failed = "subscription.cycle.payment_failed";
        assert!(tries[..3].iter().all(|a| a.json()["event"] == failed));
        let bill = |at: usize| tries[at].json()["data"]["bill"].clone();
        assert_eq!(bill(0)["bill_number"], bill(2)["bill_number"]);
        assert_eq!(
            (bill(0)["attempt"].clone(), bill(2)["attempt"].clone()),
            (json!(1), json!(3))
        );
        assert_eq!(
            tries[0].json()["success"],
            true,
            "says only that it was sent"
        );
        assert_eq!(pending(&sandbox, &client), before);
        if stops {
            assert_eq!(shown["status"], "suspended");
            assert!(shown["schedule"]["next_payment_at"].is_null());
            let told = tries[3].json();
            assert_eq!(told["event"], "subscription.plan.status_changed");
            assert_eq!(told["data"]["plan"]["status"], "suspended");
            assert!(sandbox.link_card(id(&made), GOOD).is_err());
            let path = format!("{PLANS}/cancel/{}", id(&made));
            assert_eq!(
                client.post(&path, json!({})).await.ok()["status"],
                "cancelled"
            );
        } else {
            assert_eq!(tries.len(), 3);
            assert_eq!(shown["schedule"]["current_interval"], 2);
            assert_eq!(
                shown["schedule"]["next_payment_at"],
                "2026-08-01T00:00:00+07:00"
            );
            // Another card, and the first retry of the next cycle goes through.
            days(&sandbox, 25).await;
            sandbox.link_card(id(&made), GOOD).unwrap();
            days(&sandbox, 3).await;
            assert_eq!(pending(&sandbox, &client) - before, 147_000);
            let told = receiver.arrivals().last().unwrap().json();
            assert_eq!(told["event"], "subscription.cycle.payment_success");
            assert_eq!(told["data"]["bill"]["attempt"], 2);
        }
    }
}

#[tokio::test]
async fn charging_immediately_succeeds_or_cancels_the_plan() {
    let (sandbox, mut client) = start().await;
    let before = pending(&sandbox, &client);
    let mut body = plan(&client);
    body["charge_immediately"] = json!(true);
    let made = create(&client, body.clone()).await;
    sandbox.link_card(id(&made), GOOD).unwrap();
    let shown = show(&mut client, &made).await;
    assert_eq!(shown["status"], "active");
    assert_eq!(
        shown["schedule"]["previous_payment_at"],
        "2026-06-09T10:00:00+07:00"
    );
    assert_eq!(
        shown["schedule"]["next_payment_at"],
        "2026-07-01T00:00:00+07:00"
    );
    assert_eq!(pending(&sandbox, &client) - before, 147_000);
    let refused = create(&client, body).await;
    sandbox.link_card(id(&refused), DECLINED).unwrap();
    let shown = show(&mut client, &refused).await;
    assert_eq!(shown["status"], "cancelled");
    let reason = &shown["metadata"]["extra"]["cancellation_reason"];
    assert_eq!(*reason, "initial_linking_failed");
    // A start in the past: the first cycle at once, the others from there.
    let mut body = plan(&client);
    body["schedule"]["start_time"] = json!("2026-01-31");
    body["schedule"]
        .as_object_mut()
        .unwrap()
        .remove("total_interval");
    let past = create(&client, body).await;
    sandbox.link_card(id(&past), GOOD).unwrap();
    let shown = show(&mut client, &past).await;
    assert_eq!(
        shown["schedule"]["next_payment_at"],
        "2026-07-09T10:00:00+07:00"
    );
    assert!(shown["schedule"]["total_interval"].is_null());
}
