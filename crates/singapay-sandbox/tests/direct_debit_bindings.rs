//! Direct debit: binding a card, and ending that.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use common::direct_debits::{BIND, CHARGE, OTP, binding, bound, charge, show, text, transaction};
use serde_json::{Value, json};
use singapay_sandbox::Sandbox;

#[tokio::test]
async fn a_card_is_bound_on_the_page_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let mut body = binding("WITH_OTP");
    body.as_object_mut().unwrap().remove("bank_code");
    body["success_redirect_url"] = json!("https://example.com/thanks");
    let answer = client.post(BIND, body).await;
    assert_eq!(answer.body["response_message"], "Binding initiated");
    let made = answer.ok();
    assert_eq!(made["status"], "PENDING_AUTH");
    assert!(made["bank_code"].is_null());
    let id = text(&made, "binding_id");
    assert!(show(&client, id).await["masked_card"].is_null());

    let page = text(&made, "redirect_url");
    let open = client.http.get(page).send().await.unwrap();
    assert!(open.text().await.unwrap().contains("Approve"));
    let form = "bank_code=014&answer=approve";
    let answered = client.http.post(page).body(form).send().await.unwrap();
    let answered = answered.text().await.unwrap();
    assert!(
        answered.contains("https://example.com/thanks"),
        "{answered}"
    );
    let shown = show(&client, id).await;
    assert_eq!(shown["status"], "ACTIVE");
    assert_eq!(shown["bank_code"], "014");
    assert!(text(&shown, "masked_card").contains("xxxxxxxxx"));

    let again = client
        .http
        .post(page)
        .body("answer=decline")
        .send()
        .await
        .unwrap();
    assert!(again.text().await.unwrap().contains("ACTIVE"));
    assert!(sandbox.answer_binding(id, false).is_err());
    assert_eq!(show(&client, id).await["status"], "ACTIVE");
}

#[tokio::test]
async fn a_binding_fails_or_expires() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let declined = client.post(BIND, binding("WITH_OTP")).await.ok();
    let declined = text(&declined, "binding_id");
    sandbox.answer_binding(declined, false).unwrap();
    let shown = show(&client, declined).await;
    assert_eq!(shown["status"], "FAILED");
    assert!(shown["failure_reason"].is_string());

    let late = client.post(BIND, binding("WITH_OTP")).await.ok();
    let late = text(&late, "binding_id");
    sandbox.advance(Duration::from_secs(15 * 60)).await;
    assert_eq!(show(&client, late).await["status"], "EXPIRED");
    // Nothing but an active binding can be charged or ended.
    for id in [declined, late] {
        let refused = client.signed(CHARGE, charge(&client, id, id, 10_000)).await;
        assert_eq!((refused.status, refused.code()), (422, "SP018"));
        assert!(refused.data()["errors"]["binding_id"][0].is_string());
        let unbind = client.post(&format!("{BIND}/{id}/unbind"), json!({})).await;
        assert_eq!((unbind.status, unbind.code()), (500, "SP002"));
    }
}

#[tokio::test]
async fn unbinding_asks_for_a_code_and_takes_a_moment() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let id = bound(&sandbox, &client, "WITH_OTP").await;
    let waiting = client
        .signed(CHARGE, charge(&client, &id, "R-1", 10_000))
        .await;
    let waiting = waiting.body["data"].clone();
    let unbind = format!("{BIND}/{id}/unbind");
    let asked = client.post(&unbind, json!({})).await;
    assert_eq!((asked.status, asked.code()), (202, "SP000"));
    assert_eq!(asked.data()["otp_required"], true);
    let context = asked.data()["otp_handoff"].clone();
    assert_eq!(context["flow"], "UNBINDING");
    let confirm = |otp: &str, context: &Value| json!({"otp": otp, "binding_id": id, "unbind_context": context});
    let mut other = context.clone();
    other["reference_no"] = json!("1");
    assert_eq!(
        client.post(OTP, confirm("123456", &other)).await.status,
        422
    );
    assert_eq!(
        client.post(OTP, confirm("999999", &context)).await.status,
        422
    );
    let confirmed = client.post(OTP, confirm("123456", &context)).await.ok();
    assert_eq!(confirmed["status"], "ACTIVE");
    assert!(confirmed.get("transaction_id").is_none());
    sandbox.advance(Duration::from_secs(2)).await;
    assert_eq!(show(&client, &id).await["status"], "UNBOUND");
    // A charge that waited for a code has nobody to ask.
    assert_eq!(transaction(&client, &waiting).await["status"], "FAILED");

    let silent = bound(&sandbox, &client, "WITHOUT_OTP").await;
    let ended = client
        .post(&format!("{BIND}/{silent}/unbind"), json!([]))
        .await;
    assert_eq!(ended.status, 200);
    assert_eq!(ended.ok()["status"], "ACTIVE");
    sandbox.advance(Duration::from_secs(2)).await;
    assert_eq!(show(&client, &silent).await["status"], "UNBOUND");
}

#[tokio::test]
async fn malformed_ids_have_no_route_and_unknown_ones_are_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for path in [
        "/api/v2.0/direct-debit/binding/17",
        "/api/v2.0/direct-debit/transaction/not-a-uuid-not-a-uuid-not-a-uuid-not-",
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 404);
        let message = answer.body["error"]["message"].as_str().unwrap();
        assert!(message.starts_with("The route api/"), "{message}");
    }
    let unknown = "9a1c5b3e-2d4f-4d8c-93cf-9a1c5b3e2d4f";
    let binding = client.get(&format!("{BIND}/{unknown}")).await;
    assert_eq!((binding.status, binding.code()), (404, "SP014"));
    let path = format!("/api/v2.0/direct-debit/transaction/{unknown}");
    let transaction = client.get(&path).await;
    assert_eq!((transaction.status, transaction.code()), (404, "SP009"));
}
