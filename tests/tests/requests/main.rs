//! Requests of every facade call: method, path, query, headers, and the exact bytes of the body.
//!
//! Each operation is called with every setter and with the required ones only. What is sent is
//! compared with what the lowered documents announce, its authentication with a computation of
//! its own, and all of it is kept as a snapshot.

#![allow(clippy::unwrap_used)]

mod accounts;
mod authentication;
mod pinned;
mod sent;

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Map, Value};
use singapay_api::operations;
use singapay_tests::{
    generated::calls::CALLS,
    recorder::{Recorded, Recorder, TOKEN_PATHS},
    spec::{Document, HOSTS, Input, Kind, Operation},
};

macro_rules! operations {
    ($($id:ident)*) => {
        /// Every operation of the API.
        const OPERATIONS: &[&str] = &[$(stringify!($id)),*];

        $(
            #[tokio::test]
            async fn $id() {
                check(stringify!($id)).await;
            }
        )*
    };
}

operations! {
    // Tokens.
    create_access_token create_access_token_basic create_biller_token create_identity_token
    // Accounts.
    list_accounts create_account get_account update_account delete_account
    get_merchant_balance get_account_balance list_statements get_statement
    transfer_between_accounts list_account_transfers get_account_transfer
    // Money in.
    list_payment_methods list_payment_links create_payment_link_v1 get_payment_link_v1
    update_payment_link_v1 delete_payment_link create_payment_link get_payment_link
    update_payment_link list_payment_link_histories get_payment_link_history
    list_virtual_accounts create_virtual_account get_virtual_account update_virtual_account
    delete_virtual_account
    list_va_transactions list_va_transactions_by_number get_va_transaction
    list_qris generate_qris get_qris
    create_ewallet_checkout create_ewallet_order get_ewallet_status list_ewallet_transactions
    get_ewallet_transaction
    create_card_payment get_card_status cancel_card_payment
    create_plan get_plan update_plan cancel_plan
    bind_card unbind_card verify_direct_debit_otp get_binding charge_direct_debit
    get_direct_debit_transaction
    // Money out.
    check_beneficiary check_beneficiary_v2 check_disbursement_fee transfer_disbursement
    transfer_disbursement_v1 list_disbursements get_disbursement get_disbursement_status
    get_disbursement_status_v1
    inquire_ewallet_account topup_ewallet get_ewallet_topup_status
    inquire_qris_merchant pay_qris get_qris_status
    create_cardless_withdrawal list_cardless_withdrawals get_cardless_withdrawal
    cancel_cardless_withdrawal
    // Bills.
    check_biller_balance inquire_prepaid pay_prepaid inquire_postpaid pay_postpaid
    inquire_prepaid_v1 pay_prepaid_v1 inquire_postpaid_v1 pay_postpaid_v1
    list_bill_transactions get_bill_transaction get_game_topup_parameters reset_customer_id
    // Identity.
    verify_bank_account verify_ewallet_account
}

/// Operations of which the gateway checks a signature.
const SIGNED: [&str; 7] = [
    "charge_direct_debit",
    "create_cardless_withdrawal",
    "pay_qris",
    "topup_ewallet",
    "transfer_between_accounts",
    "transfer_disbursement",
    "transfer_disbursement_v1",
];

/// Operations that pay out.
const MONEY_OUT: [&str; 10] = [
    "create_cardless_withdrawal",
    "pay_postpaid",
    "pay_postpaid_v1",
    "pay_prepaid",
    "pay_prepaid_v1",
    "pay_qris",
    "topup_ewallet",
    "transfer_between_accounts",
    "transfer_disbursement",
    "transfer_disbursement_v1",
];

#[test]
fn every_operation_has_a_call_and_these_are_signed_and_pay_out() {
    let known: BTreeSet<&str> = operations::ALL
        .iter()
        .map(|operation| operation.id)
        .collect();
    assert_eq!(known, OPERATIONS.iter().copied().collect());
    assert_eq!(known, CALLS.iter().map(|(id, _)| *id).collect());
    let chosen = |wanted: fn(&singapay_core::Operation) -> bool| {
        let all = operations::ALL.iter();
        all.filter(|operation| wanted(operation))
            .map(|operation| operation.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(chosen(|operation| operation.signed), SIGNED);
    let paying = chosen(|operation| operation.effect == singapay_core::operation::Effect::MoneyOut);
    assert_eq!(paying, MONEY_OUT);
}

async fn check(id: &str) {
    let documents = HOSTS.map(Document::load);
    let operation = documents.iter().find_map(|document| {
        document
            .operations()
            .into_iter()
            .find(|operation| operation.id == id)
    });
    let operation = operation.unwrap();
    let inputs = operation.inputs();
    let mut text = String::new();
    let all = operation.given(|_| true);
    let left: Vec<_> = inputs
        .iter()
        .filter(|input| !all.contains_key(&input.name))
        .collect();
    let mut variants = vec![("every field".to_owned(), all)];
    // A field that a rule takes out stands in a request of its own.
    for input in left {
        variants.push((
            format!("with {}", input.name),
            operation.given_with(&input.name),
        ));
    }
    if inputs.iter().any(|input| is_optional(input)) {
        variants.push((
            "required fields".to_owned(),
            operation.given(|input| input.required),
        ));
    }
    let cleared = cleared(&operation);
    if !cleared.is_empty() {
        let mut given = operation.given(|input| input.required);
        given.extend(cleared);
        variants.push(("cleared fields".to_owned(), given));
    }
    for (name, given) in variants {
        let request = send(&operation, given.clone()).await;
        sent::check(&operation, &given, &request);
        authentication::check(&operation, &request);
        text.push_str(&sent::show(&name, &request));
    }
    if let Some(given) = of_tomorrow(&operation) {
        let request = send(&operation, given.clone()).await;
        sent::check(&operation, &given, &request);
        authentication::check(&operation, &request);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(id, text));
}

fn is_optional(input: &Input<'_>) -> bool {
    !input.required && input.place != singapay_tests::spec::Place::Path
}

/// Null for every input of which null means something.
fn cleared(operation: &Operation<'_>) -> Map<String, Value> {
    let inputs = operation.inputs().into_iter();
    inputs
        .filter(|input| {
            input.schema.pointer("/x-rust-type/path") == Some(&"singapay_core::Nullable".into())
        })
        .map(|input| (input.name, Value::Null))
        .collect()
}

/// All fields, with values that this version does not know wherever there is an open list of known
/// ones.
fn of_tomorrow(operation: &Operation<'_>) -> Option<Map<String, Value>> {
    let mut given = operation.given(|_| true);
    let mut found = false;
    for input in operation.inputs() {
        let closed = |rule: &Value| rule["rule"] == "one-of" && rule["field"] == *input.name;
        if operation.rules().iter().any(closed) {
            continue;
        }
        if let Kind::Enum(_) = operation.document.kind(input.schema) {
            given.insert(input.name, "A_VALUE_OF_TOMORROW".into());
            found = true;
        }
    }
    found.then_some(given)
}

/// A made-up answer repeats another amount and another beneficiary than a payout asked for.
fn forget_what_was_asked(id: &str, data: &mut Value) {
    let Some(payout) = operations::find(id).and_then(|operation| operation.payout) else {
        return;
    };
    let echo = payout.echo;
    let names = echo.amounts.iter().copied();
    let names = names.chain(echo.bank).chain(echo.beneficiary);
    for name in names.chain(echo.same.iter().map(|(_, told)| *told)) {
        let pointer = format!("/{}", name.replace('.', "/"));
        if let Some(value) = data.pointer_mut(&pointer) {
            *value = Value::Null;
        }
    }
}

/// The one request that a call sends; its answer is read without complaint.
async fn send(operation: &Operation<'_>, given: Map<String, Value>) -> Recorded {
    let mut answer = operation.answer();
    forget_what_was_asked(operation.id, &mut answer["data"]);
    let recorder = Recorder::start(StatusCode::OK, &answer).await;
    let end = recorder.clients().call(operation.id, given).await;
    let expected = match MONEY_OUT.contains(&operation.id) {
        true => "accepted",
        false => "response",
    };
    assert_eq!(end.unwrap(), expected);
    let requests = match TOKEN_PATHS.contains(&operation.path) {
        true => recorder.all(),
        false => recorder.calls(),
    };
    let [request] = requests.as_slice() else {
        panic!("{} requests", requests.len());
    };
    request.clone()
}
