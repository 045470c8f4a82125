//! Recurring plans: upgrades, the end, and what is refused.

#![allow(clippy::unwrap_used)]

mod common;

use common::Client;
use common::plans::{GOOD, PLANS, create, days, id, pending, plan, show, start};
use serde_json::json;
use singapay_sandbox::{CredentialSeed, Sandbox};

#[tokio::test]
async fn a_plan_is_changed_in_place_or_replaced() {
    let (sandbox, mut client) = start().await;
    let made = create(&client, plan(&client)).await;
    let path = format!("{PLANS}/{}", id(&made));
    let early = client.call("PATCH", &path, json!({"name": "Pro"})).await;
    assert_eq!((early.status, early.code()), (409, "SP102"));
    let dearer = client
        .call("PATCH", &path, json!({"amount": 200_000}))
        .await;
    assert_eq!((dearer.status, dearer.code()), (409, "SP102"));
    assert_eq!(
        dearer.body["response_message"],
        "Plan must be active to perform an upgrade or downgrade"
    );
    sandbox.link_card(id(&made), GOOD).unwrap();
    days(&sandbox, 22).await;
    client.login().await;
    let body =
        json!({"name": "Pro", "merchant_reff_no": "R-2", "metadata": {"description": "New"}});
    let changed = client.call("PATCH", &path, body).await.ok();
    assert_eq!(
        (changed["id"].clone(), changed["name"].clone()),
        (made["id"].clone(), json!("Pro"))
    );
    assert_eq!(changed["metadata"]["description"], "New");
    assert!(changed["merchant_reff_no"].is_null() && changed.get("upgrade").is_none());

    let before = pending(&sandbox, &client);
    let dearer = client
        .call("PATCH", &path, json!({"amount": 200_000}))
        .await
        .ok();
    assert_ne!(dearer["id"], made["id"]);
    assert_eq!(dearer["parent_plan_id"], made["id"]);
    assert_eq!(
        (dearer["status"].clone(), dearer["amount"].clone()),
        (json!("active"), json!("200000"))
    );
    assert_eq!(dearer["subscription_id"], made["subscription_id"]);
    let charge = dearer["upgrade"]["prorated_charge"].clone();
    assert_eq!(
        (charge["amount"].clone(), charge["status"].clone()),
        (json!("50000"), json!("pending"))
    );
    let old = show(&mut client, &made).await;
    assert_eq!(old["status"], "cancelled");
    assert!(old["schedule"]["next_payment_at"].is_null());
    let next = format!("{PLANS}/{}", id(&dearer));
    let waits = client.call("PATCH", &next, json!({"name": "x"})).await;
    assert_eq!(waits.status, 409);
    assert_eq!(
        waits.body["response_message"],
        "Plan cannot be updated in its current state"
    );
    let page = charge["payment_link_url"].as_str().unwrap();
    client.http.post(page).send().await.unwrap();
    assert!(
        sandbox.pay_prorated_charge(id(&dearer)).is_err(),
        "paid already"
    );
    let shown = show(&mut client, &dearer).await;
    assert_eq!(shown["upgrade"]["prorated_charge"]["status"], "paid");
    assert_eq!(pending(&sandbox, &client) - before, 47_000);
    // Cheaper: nothing is due. The schedule goes on where it was.
    let cheaper = client
        .call("PATCH", &next, json!({"amount": 100_000}))
        .await
        .ok();
    assert!(cheaper["upgrade"]["prorated_charge"].is_null());
    days(&sandbox, 31).await;
    assert_eq!(pending(&sandbox, &client) - before, 47_000 + 97_000);
    let items = json!({"items": [{"item_name": "Seat", "quantity": 2, "unit_price": 60_000}]});
    client.login().await;
    let next = format!("{PLANS}/{}", id(&cheaper));
    assert_eq!(
        client.call("PATCH", &next, items.clone()).await.code(),
        "SP102"
    );
    let mut both = items;
    both["amount"] = json!(50_000);
    assert_eq!(client.call("PATCH", &next, both).await.code(), "SP018");
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn items_add_up_and_a_charge_can_be_set_by_hand() {
    let (sandbox, client) = start().await;
    let mut body = plan(&client);
    body.as_object_mut().unwrap().remove("amount");
    body["items"] = json!([
        {"item_name": "Seat", "quantity": 2, "unit_price": 60_000, "item_type": "subscription"},
        {"item_name": "Support", "quantity": 1, "unit_price": 30_000},
    ]);
    body["charge_immediately"] = json!(true);
    let made = create(&client, body).await;
    assert_eq!(made["amount"], "150000");
    assert_eq!(made["items"][0]["item_name"], "Seat");
    sandbox.link_card(id(&made), GOOD).unwrap();
    let path = format!("{PLANS}/{}", id(&made));
    let mut change = json!({
        "items": [{"item_name": "Seat", "quantity": 5, "unit_price": 60_000}],
        "prorated_charge_mode": "manual",
    });
    let missing = client.call("PATCH", &path, change.clone()).await;
    assert!(missing.data()["errors"]["prorated_charge_amount"][0].is_string());
    change["prorated_charge_amount"] = json!(20_000);
    let changed = client.call("PATCH", &path, change).await.ok();
    assert_eq!(changed["amount"], "300000");
    assert_eq!(changed["upgrade"]["prorated_charge"]["amount"], "20000");
}

#[tokio::test]
async fn a_cancelled_plan_is_never_charged_again() {
    let (sandbox, mut client) = start().await;
    let before = pending(&sandbox, &client);
    let made = create(&client, plan(&client)).await;
    sandbox.link_card(id(&made), GOOD).unwrap();
    let path = format!("{PLANS}/cancel/{}", id(&made));
    let ended = client
        .post(&path, json!({"reason": "customer_request"}))
        .await
        .ok();
    assert_eq!(ended["status"], "cancelled");
    assert_eq!(
        ended["metadata"]["extra"]["cancellation_reason"],
        "customer_request"
    );
    let again = client.post(&path, json!({})).await;
    assert_eq!((again.status, again.code()), (409, "SP102"));
    let other = create(&client, plan(&client)).await;
    let path = format!("{PLANS}/cancel/{}", id(&other));
    let ended = client.call("POST", &path, json!(null)).await.ok();
    let reason = &ended["metadata"]["extra"]["cancellation_reason"];
    assert_eq!(*reason, "merchant_api_cancel");
    assert!(sandbox.link_card(id(&other), GOOD).is_err());
    days(&sandbox, 60).await;
    assert_eq!(pending(&sandbox, &client), before);
    assert_eq!(show(&mut client, &made).await["status"], "cancelled");
}

#[tokio::test]
async fn fields_are_checked_and_plans_belong_to_accounts() {
    let (sandbox, client) = start().await;
    for (pointer, value, field) in [
        ("/name", json!(null), "name"),
        ("/customer_email", json!("nobody"), "customer_email"),
        ("/customer_phone", json!(8), "customer_phone"),
        ("/amount", json!(9_999), "amount"),
        ("/amount", json!(null), "amount"),
        ("/schedule", json!("monthly"), "schedule"),
        ("/schedule/interval", json!(0), "schedule.interval"),
        (
            "/schedule/interval_unit",
            json!("fortnight"),
            "schedule.interval_unit",
        ),
        ("/schedule/start_time", json!("soon"), "schedule.start_time"),
        (
            "/schedule/total_interval",
            json!(0),
            "schedule.total_interval",
        ),
    ] {
        let mut body = plan(&client);
        *body.pointer_mut(pointer).unwrap() = value.clone();
        let answer = client.post(PLANS, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "SP018"),
            "{pointer} {value}"
        );
        assert!(
            answer.data()["errors"][field][0].is_string(),
            "{}",
            answer.body
        );
    }
    for (member, value) in [
        (
            "items",
            json!([{"item_name": "Seat", "quantity": 1, "unit_price": 10_000}]),
        ),
        ("retry_policy", json!({"max_attempts": -1})),
        ("retry_interval_days", json!(0)),
        ("failed_payment_action", json!("explode")),
        ("payment_type", json!("ovo")),
        ("currency", json!("USD")),
        ("charge_immediately", json!("perhaps")),
        ("return_url", json!("nowhere")),
        ("metadata", json!("x")),
        ("subscription_id", json!("x".repeat(101))),
    ] {
        let mut body = plan(&client);
        body[member] = value.clone();
        let answer = client.post(PLANS, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "SP018"),
            "{member} {value}"
        );
    }
    let mut body = plan(&client);
    body["account_id"] = json!("01K946KF851RK7FX075GJHBVKF");
    assert_eq!(client.post(PLANS, body).await.code(), "SP020");
    let unknown = client
        .get(&format!("{PLANS}/9f8b6c2e-1a2b-4c3d-8e4f-5a6b7c8d9e0f"))
        .await;
    assert_eq!((unknown.status, unknown.code()), (404, "SP014"));
    assert!(sandbox.link_card("nobody", GOOD).is_err());
    assert!(sandbox.pay_prorated_charge("nobody").is_err());

    let assigned = Sandbox::builder()
        .account("Assigned", 0)
        .credential(CredentialSeed::new("Cabang", "Assigned"))
        .start()
        .await
        .unwrap();
    let mut branch = Client::of(&assigned).await;
    let stranger = Client::of(&assigned).await;
    branch.credentials = assigned.credentials_named("Cabang").unwrap();
    branch.account = assigned.accounts()[1].id.clone();
    branch.login().await;
    let made = create(&branch, plan(&branch)).await;
    assert_eq!(stranger.post(PLANS, plan(&branch)).await.code(), "SP403");
    for (method, path) in [("GET", ""), ("PATCH", ""), ("POST", "cancel/")] {
        let path = format!("{PLANS}/{path}{}", id(&made));
        let refused = stranger.call(method, &path, json!({})).await;
        assert_eq!(refused.code(), "SP403", "{method} {path}");
    }
}
