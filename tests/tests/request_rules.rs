//! Every rule that the lowered documents state of a request body, broken in every way: the client
//! refuses what breaks it and takes what keeps it, and the sandbox, which reads none of this,
//! refuses the same.

#![allow(clippy::unwrap_used)]

use http::StatusCode;
use serde_json::{Map, Value};
use singapay::{Delivery, Error, ErrorKind, FieldError, Host, Outcome, RawMoneyOut, Rupiah};
use singapay_sandbox::Sandbox;
use singapay_tests::{
    driver::Clients,
    recorder::Recorder,
    spec::{ACCOUNT_ID, Breach, Document, HOSTS, Operation, Place, violations},
};

type Fields = Map<String, Value>;

#[tokio::test]
async fn the_client_refuses_what_breaks_a_rule_and_takes_what_keeps_it() {
    let documents = HOSTS.map(Document::load);
    let mut text = String::new();
    for operation in documents.iter().flat_map(Document::operations) {
        let breaches = operation.breaches();
        if breaches.is_empty() {
            continue;
        }
        let recorder = Recorder::start(StatusCode::OK, &operation.answer()).await;
        let clients = recorder.clients();
        for (count, breach) in breaches.iter().enumerate() {
            let place = format!("{} {}", operation.id, breach.rule);
            let taken = clients.call(operation.id, breach.kept.clone()).await;
            assert!(taken.is_ok(), "{place}: {}", taken.unwrap_err());
            let error = clients.call(operation.id, breach.broken.clone()).await;
            let error = error.expect_err(&place);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{place}: {error}");
            assert_eq!(error.delivery(), Delivery::NotSent);
            let fields = error.field_errors().iter();
            let said = fields.filter(|own| own.field == breach.field);
            let said: Vec<_> = said.flat_map(|own| &own.messages).cloned().collect();
            assert!(!said.is_empty(), "{place}: {error}");
            text.push_str(&format!("{place}: {}\n", said.join(" | ")));
            // One request for each that keeps the rule, none for those that break it.
            assert_eq!(recorder.calls().len(), count + 1, "{place}");
        }
    }
    insta::assert_snapshot!("rules", text);
}

#[test]
fn every_kind_of_rule_is_used() {
    let documents = HOSTS.map(Document::load);
    let operations = documents.iter().flat_map(Document::operations);
    let mut kinds: Vec<&str> = operations
        .flat_map(|operation| operation.rules().iter())
        .filter_map(|rule| rule["rule"].as_str())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let expected = [
        "at-least-one",
        "at-most-one",
        "forbidden-if",
        "not-below",
        "one-of",
        "required-if",
        "sum",
        "together",
    ];
    assert_eq!(kinds, expected);
}

/// Answer of a gateway to a request that nobody had checked.
struct Said {
    refused: bool,
    fields: Vec<FieldError>,
    text: String,
}

impl Said {
    fn by(error: &Error) -> Self {
        Self {
            refused: error
                .status()
                .is_some_and(|status| (400..500).contains(&status)),
            fields: error.field_errors().to_vec(),
            text: error.message().unwrap_or_default().to_owned(),
        }
    }

    /// Messages about a field; the identity host says one thing, in its message.
    fn of(&self, field: &str) -> Vec<&str> {
        let named = self.fields.iter().filter(|own| own.field == field);
        let mut said: Vec<_> = named
            .flat_map(|own| &own.messages)
            .map(String::as_str)
            .collect();
        if self.fields.is_empty() && self.text.contains(&field.replace('_', " ")) {
            said.push(&self.text);
        }
        said
    }
}

struct Gateway {
    sandbox: Sandbox,
    clients: Clients,
}

impl Gateway {
    async fn start() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let (payment, biller) = (sandbox.credentials(), sandbox.biller_credentials());
        let client = singapay::Singapay::builder()
            .base_url(sandbox.base_url())
            .credential(
                &payment.partner_id,
                &payment.client_id,
                payment.client_secret.clone(),
            )
            .biller_credential(
                &biller.partner_id,
                &biller.client_id,
                biller.client_secret.clone(),
            )
            .identity_credential(
                &payment.identity_client_id,
                payment.identity_client_secret.clone(),
            )
            .clock(sandbox.clock())
            .build()
            .unwrap();
        Self {
            sandbox,
            clients: Clients::of(client),
        }
    }

    /// Sends a body as it is, around the client's checks.
    async fn send(&self, operation: &Operation<'_>, given: &Fields, id: Option<&str>) -> Said {
        let mut path = operation.path.to_owned();
        for input in operation.inputs() {
            if input.place == Place::Path {
                let text = match (input.account, id) {
                    (false, Some(id)) => id.to_owned(),
                    _ => text(&given[&input.name]),
                };
                path = path.replace(&format!("{{{}}}", input.name), &text);
            }
        }
        let path = path.replace(ACCOUNT_ID, self.sandbox.account_id());
        let body = self.body(operation, given);
        let host = match operation.document.name {
            "biller" => Host::Biller,
            "identity" => Host::Identity,
            _ => Host::Payment,
        };
        if operation.metadata("effect") == "money-out" {
            let call = self.clients.money_out.request(operation.method, path);
            let call = stating(call.host(host), operation, &body, self.sandbox.account_id());
            let call = call.body(body);
            return match call.send().await.unwrap() {
                Outcome::Refused(error) => Said::by(&error),
                Outcome::Duplicate(unresolved) | Outcome::Unknown(unresolved) => {
                    Said::by(unresolved.error())
                }
                Outcome::Accepted(_) => Said {
                    refused: false,
                    fields: Vec::new(),
                    text: String::new(),
                },
            };
        }
        let call = self
            .clients
            .client
            .request(operation.method, path)
            .host(host);
        match call.body(body).send().await {
            Ok(_) => Said {
                refused: false,
                fields: Vec::new(),
                text: String::new(),
            },
            Err(error) => Said::by(&error),
        }
    }

    /// Makes the thing that a request changes, and gives its id.
    async fn changed(&self, operation: &str, document: &Document) -> Option<String> {
        let (maker, member, value) = match operation {
            "update_plan" => ("create_plan", "name", "Bulanan"),
            "update_payment_link" | "update_payment_link_v1" => {
                ("create_payment_link", "reff_no", operation)
            }
            "update_virtual_account" => ("create_virtual_account", "kind", "permanent"),
            _ => return None,
        };
        let maker = document.operation(maker);
        let mut given = maker.given(|input| input.required);
        given.insert(member.to_owned(), value.into());
        if let Some(schedule) = given.get_mut("schedule") {
            schedule["interval_unit"] = "month".into();
        }
        let path = maker
            .path
            .replace("{account_id}", self.sandbox.account_id());
        let call = self.clients.client.request(maker.method, path);
        let made = call.body(self.body(&maker, &given)).send().await.unwrap();
        Some(text(&made["id"]))
    }

    /// The body, about the account that is there.
    fn body(&self, operation: &Operation<'_>, given: &Fields) -> Value {
        let body = Value::from(operation.body_of(given)).to_string();
        let body = body.replace(ACCOUNT_ID, self.sandbox.account_id());
        serde_json::from_str(&body).unwrap()
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// States what the body says: a payout whose words differ is not sent.
fn stating(
    mut call: RawMoneyOut,
    operation: &Operation<'_>,
    body: &Value,
    account: &str,
) -> RawMoneyOut {
    let said = |names: &[&str]| {
        let of = |name: &&str| body.get(*name).or_else(|| body["data"].get(*name));
        names.iter().find_map(of)
    };
    let text = |names| said(names).and_then(Value::as_str);
    if operation.metadata("account") == "path" {
        call = call.account_id(account);
    }
    if let Some(account) = text(&["account_id"]) {
        call = call.account_id(account);
    }
    if let Some(amount) = said(&["amount"]) {
        let amount = amount.get("value").unwrap_or(amount).clone();
        call = call.amount(serde_json::from_value::<Rupiah>(amount).unwrap());
    }
    if let Some(bank) = text(&["bank_code", "bank_swift_code"]) {
        call = call.bank(bank);
    }
    let numbers = [
        "bank_account_number",
        "beneficiary_account_number",
        "customer_number",
        "customer_id",
        "qr_data",
    ];
    if let Some(number) = text(&numbers) {
        call = call.beneficiary(number);
    }
    if let Some(reference) = text(&["reference_number", "merchant_ref_no"]) {
        call = call.reference(reference);
    }
    call
}

/// Limits that a field is checked for by its format, or by not being empty.
fn of_text(operation: &Operation<'_>) -> Vec<Breach> {
    let mut found = Vec::new();
    for (index, input) in operation.inputs().iter().enumerate() {
        // An account id is checked in its own way, by raw requests too.
        if input.place != Place::Body || input.account {
            continue;
        }
        for violation in violations(operation.document, input, index) {
            let checked = ["minLength 1", "format "]
                .iter()
                .any(|own| violation.limit.starts_with(own));
            let one =
                !violation.limit.starts_with("minLength 1") || violation.limit == "minLength 1";
            if checked && one {
                let kept = operation.given_with(&input.name);
                let mut broken = kept.clone();
                broken.insert(input.name.clone(), violation.value);
                found.push(Breach {
                    rule: violation.limit,
                    field: violation.field,
                    kept,
                    broken,
                });
            }
        }
    }
    found
}

#[tokio::test]
async fn the_sandbox_refuses_what_the_client_refuses() {
    let documents = HOSTS.map(Document::load);
    let gateway = Gateway::start().await;
    let mut wrong = Vec::new();
    let mut count = 0;
    for document in &documents {
        for operation in document.operations() {
            if operation.metadata("auth") != "bearer" {
                continue;
            }
            let breaches = [operation.breaches(), of_text(&operation)].concat();
            let id = match breaches.is_empty() {
                true => None,
                false => gateway.changed(operation.id, document).await,
            };
            for breach in breaches {
                count += 1;
                let place = format!("{} {} {}", operation.id, breach.rule, breach.field);
                let kept = gateway.send(&operation, &breach.kept, id.as_deref()).await;
                let broken = gateway
                    .send(&operation, &breach.broken, id.as_deref())
                    .await;
                // In the framework's spelling, "items[0].name" is "items.0.name".
                let field = breach.field.replace('[', ".").replace(']', "");
                let new = |said: &&str| !kept.of(&field).contains(said);
                if !broken.refused || !broken.of(&field).iter().any(new) {
                    wrong.push(format!(
                        "{place}: kept {} broken {}",
                        kept.text, broken.text
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 150, "only {count}");
}
