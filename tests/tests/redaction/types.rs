//! Public types full of secrets.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use singapay::{
    Credential, IdentityCredential, Money, MoneyOutPolicy, Rupiah, Secret, Sensitive, Singapay,
    SingapayBuilder,
    types::{EwalletCode, PostpaidCommand, PrepaidPaymentCommand},
    webhook::{Event, Verifier, WebhookKey, sign_delivery},
};
use singapay_auth::{Credentials, Endpoints, token};
use singapay_core::{
    Answer, CallContext, CallOptions, Clock, Refusal, SystemClock, Timestamp,
    envelope::{Biller, FieldError, Identity, V1, V2},
    operation::Host,
};
use singapay_tests::{
    canary::{self, *},
    rig::{self, ACCOUNT},
};

use super::{assert_closed, assert_quiet};

const NOWHERE: &str = "http://127.0.0.1:1";

fn settings() -> SingapayBuilder {
    Singapay::builder()
        .base_url(NOWHERE)
        .credential("partner", "client", SECRET)
        .account(ACCOUNT)
        .biller_credential("biller-partner", "biller-client", BILLER_SECRET)
        .identity_credential("identity-client", IDENTITY_SECRET)
        .specific_credential(Credential::new("shop", "partner", "shop-client", SECRET))
}

#[test]
fn settings_and_credentials() {
    assert_closed("SingapayBuilder", &settings());
    let singapay = settings().build().unwrap();
    assert_closed("Singapay", &singapay);
    let policy = MoneyOutPolicy::new().allow_beneficiaries([PHONE, CARD]);
    assert_closed("MoneyOutPolicy", &policy);
    assert_closed("MoneyOut", &singapay.money_out(policy).unwrap());

    let lookup = |name: &str| match name {
        "SINGAPAY_BASE_URL" => Some(NOWHERE.to_owned()),
        "SINGAPAY_CLIENT_SECRET" => Some(SECRET.to_owned()),
        "SINGAPAY_BILLER_CLIENT_SECRET" => Some(BILLER_SECRET.to_owned()),
        "SINGAPAY_IDENTITY_CLIENT_SECRET" => Some(IDENTITY_SECRET.to_owned()),
        name if name.starts_with("SINGAPAY_CREDENTIAL") => None,
        "SINGAPAY_ACCOUNT_ID" => Some(ACCOUNT.to_owned()),
        name if name.ends_with("_ID") => Some(format!("id-of-{}", name.len())),
        _ => None,
    };
    assert_closed("from_lookup", &SingapayBuilder::from_lookup(lookup));
    assert_closed(
        "from_lookup",
        &SingapayBuilder::from_lookup(lookup).build().unwrap(),
    );
    assert_closed("Credentials", &Credentials::from_lookup(lookup).unwrap());
    assert_closed(
        "Credential",
        &Credential::new("shop", "partner", "client", SECRET),
    );
    assert_closed(
        "IdentityCredential",
        &IdentityCredential::new("client", IDENTITY_SECRET),
    );
    assert_closed("Secret", &(Secret::new(SECRET), Some(Sensitive::new(CARD))));
    assert_closed("Credentials of the sandbox", &Secret::new(TOKEN));
}

#[test]
fn settings_in_the_wrong_place() {
    let misplaced = |variable: &'static str| {
        SingapayBuilder::from_lookup(move |name| match name {
            name if name == variable => Some(SECRET.to_owned()),
            "SINGAPAY_ENVIRONMENT" if variable != "SINGAPAY_BASE_URL" => Some("sandbox".into()),
            "SINGAPAY_PARTNER_ID" | "SINGAPAY_CLIENT_ID" => Some("id".into()),
            _ => None,
        })
    };
    for variable in ["SINGAPAY_ENVIRONMENT", "SINGAPAY_BASE_URL"] {
        assert_closed(variable, &misplaced(variable));
        assert_quiet(variable, &misplaced(variable).build().unwrap_err());
    }
    let in_the_address = format!("https://client:{SECRET}@pay.example");
    for settings in [
        rig::settings(&in_the_address),
        Singapay::builder()
            .base_url(NOWHERE)
            .credential("p", "c", format!(" {SECRET}\n")),
    ] {
        assert_closed("settings", &settings);
        assert_quiet("settings", &settings.build().unwrap_err());
    }
}

#[test]
fn requests() {
    let singapay = settings().build().unwrap();
    let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();
    let header = (
        HeaderName::from_static("x-note"),
        HeaderValue::from_static(TOKEN),
    );

    let card = singapay
        .cards()
        .create()
        .card_number(CARD)
        .card_cvv(CVV)
        .card_expiry(EXPIRY)
        .customer_phone(PHONE)
        .with_header(header.0.clone(), header.1.clone());
    assert_closed("CreateCardPayment", &card);
    let topup = money_out.topup_ewallet().customer_number(PHONE);
    assert_closed("TopupEwallet", &topup.with_header(header.0, header.1));
    let cash = money_out.create_cardless_withdrawal().customer_id(PHONE);
    assert_closed("CreateCardlessWithdrawal", &cash);
    let otp = singapay.direct_debits().verify_otp().otp(OTP);
    assert_closed("VerifyDirectDebitOtp", &otp);
    let bind = singapay.direct_debits().bind().phone_no(PHONE);
    assert_closed("BindCard", &bind);
    let prepaid = money_out
        .pay_prepaid()
        .command(PrepaidPaymentCommand::Pulsa)
        .customer_id(PHONE)
        .password(PASSWORD);
    assert_closed("PayPrepaid", &prepaid);
    let postpaid = money_out
        .pay_postpaid()
        .command(PostpaidCommand::Pdam)
        .phone_number(PHONE)
        .password(PASSWORD);
    assert_closed("PayPostpaid", &postpaid);
    let identity = singapay.identity().verify_ewallet_account();
    assert_closed("VerifyEwalletAccount", &identity.phone_number(PHONE));

    let raw = singapay_api::payment::types::TopupEwalletRequest {
        account_id: Some(ACCOUNT.to_owned()),
        amount: Some(Money::idr(Rupiah::new(10_000))),
        customer_number: Some(PHONE.into()),
        ewallet_code: Some(EwalletCode::other(SECRET)),
        notes: Some(PASSWORD.to_owned()),
        reference_number: Some(OTP.to_owned()),
    };
    assert_closed("TopupEwalletRequest", &raw);
}

/// An object with every name of the model's fields, all of them with this value.
fn model<T: DeserializeOwned>(fields: Value) -> T {
    serde_json::from_value(fields).unwrap()
}

#[test]
fn answers() {
    use singapay::types::{
        AccessToken, CardPayment, CardlessWithdrawalCode, EwalletTopup, PaymentLinkV1,
    };
    let token: AccessToken =
        model(json!({"access_token": TOKEN, "token_type": SECRET, "expires_in": OTP, "x": CARD}));
    let topup: EwalletTopup = model(json!({
        "transaction_id": OTP, "notes": PASSWORD, "x": CARD, "failed_reason": PHONE,
        "transaction_status": {"code": SECRET, "desc": PHONE},
    }));
    let cash: CardlessWithdrawalCode = model(json!({
        "otp_number": OTP, "customer_id": PHONE, "fee": {"a": CARD},
        "transaction_status": {"code": "00", "desc": PHONE},
    }));
    let card: CardPayment = model(json!({
        "transaction_id": OTP, "status": SECRET, "action": TOKEN, "card_masked": CARD,
        "payment_url": PASSWORD,
    }));
    let link: PaymentLinkV1 =
        model(json!({"id": 1, "status": PHONE, "payment_url": TOKEN, "items": [{"name": OTP}]}));
    assert_closed("AccessToken", &token);
    assert_closed("EwalletTopup", &topup);
    assert_closed("TransactionStatus", &topup.transaction_status);
    assert_closed("TransactionStatusCode", &topup.transaction_status.code);
    assert_closed("CardlessWithdrawalCode", &cash);
    assert_closed("CardPayment", &card);
    assert_closed("CardPaymentStatus", &card.status);
    assert_closed("PaymentLinkV1", &link);
    let body = json!({"success": true, "message": PHONE, "code": OTP, "response_code": OTP, "response_message": PHONE, "command": PASSWORD, "request_id": TOKEN, "data": {"card_number": CARD}});
    assert_closed("V1", &model::<V1<Value>>(body.clone()));
    assert_closed("V2", &model::<V2<Value>>(body.clone()));
    assert_closed("Biller", &model::<Biller<Value>>(body.clone()));
    assert_closed("Identity", &model::<Identity<Value>>(body));

    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, HeaderValue::from_static(TOKEN));
    let body = json!({"response_code": SECRET, "response_message": PHONE, "data": {"errors": {CARD: [OTP]}}});
    let body = Bytes::from(body.to_string());
    let status = http::StatusCode::BAD_REQUEST;
    assert_closed("Refusal", &Refusal::parse(status, &body));
    assert_closed("FieldError", &FieldError::new(CARD, OTP));
    assert_closed(
        "Answer",
        &Answer {
            status,
            headers,
            body,
        },
    );
    let mut options = CallOptions::default();
    options
        .headers
        .push((header::COOKIE, HeaderValue::from_static(TOKEN)));
    assert_closed("CallOptions", &options);
    assert_closed("CallContext", &CallContext::new(options));
}

#[test]
fn tokens() {
    let now = Timestamp::from_unix_seconds(1_761_000_000);
    let stored = token::StoredToken::new(Secret::new(TOKEN), now, now);
    assert_closed("StoredToken", &stored);
    assert_closed("StoredToken as text", &stored.to_text());
    let credential = Arc::new(Credential::new("shop", "partner", "client", SECRET));
    assert_closed(
        "TokenScheme",
        &token::TokenScheme::Signed(credential.clone()),
    );
    assert_closed("TokenScheme", &token::TokenScheme::Basic(credential));
    let endpoints = Endpoints::single("https://pay.example").unwrap();
    let endpoint = endpoints.get(Host::Payment).clone();
    assert_closed("TokenKey", &token::TokenKey::new(endpoint, "client"));
}

const EVENTS: [&str; 12] = [
    "va-transaction",
    "qris-acquirer-transaction",
    "payment-link-transaction",
    "ewallet-native-transaction",
    "disbursement",
    "ewallet-topup",
    "qris-issuer",
    "settlement.completed",
    "direct_debit.charge",
    "payment-link-inquiry",
    "subscription.payment.success",
    TOKEN,
];

#[test]
fn webhooks() {
    let key = || WebhookKey::new("default", &Secret::new(SECRET)).partner_id("partner");
    let verifier = Verifier::builder()
        .key(key())
        .path("/hook")
        .clock(Arc::new(SystemClock));
    assert_closed("WebhookKey", &key());
    assert_closed("VerifierBuilder", &verifier);
    let verifier = verifier.build().unwrap();
    assert_closed("Verifier", &verifier);

    for name in EVENTS {
        let body = json!({
            "event": name,
            "data": {
                "transaction": {"reff_no": OTP, "status": SECRET, "type": TOKEN, "amount": {"value": "1", "currency": "IDR"}},
                "customer": {"phone": PHONE, "name": PASSWORD, "email": TOKEN},
                "transaction_id": OTP, "reference_number": PHONE, "notes": PASSWORD,
                "transaction_status": {"code": "00", "desc": SECRET},
                "bank": {"account_number": CARD}, CARD: CVV,
            },
        });
        let body = body.to_string();
        let event = Event::read(body.as_bytes()).unwrap();
        assert_closed(name, &event);
        assert_closed(name, event.payload());

        let now = SystemClock.now();
        let signed = sign_delivery(&Secret::new(SECRET), "partner", "/hook", body.clone(), now);
        let signed = signed.unwrap();
        assert_closed("SignedDelivery", &signed);
        let headers = signed.headers;
        let verified = verifier.verify(&headers, body.clone()).unwrap();
        assert_closed("Verified", &verified);
        let mut wrong = headers.clone();
        wrong.insert("x-signature", HeaderValue::from_static(TOKEN));
        assert_quiet(
            "VerifyError",
            &verifier.verify(&wrong, body.clone()).unwrap_err(),
        );
        wrong.insert("x-timestamp", HeaderValue::from_static(CARD));
        assert_quiet(
            "VerifyError",
            &verifier.verify(&wrong, body.clone()).unwrap_err(),
        );
        let broken = format!("{body}{TOKEN}");
        assert_quiet(
            "VerifyError",
            &verifier.verify(&headers, broken.clone()).unwrap_err(),
        );
        assert_quiet("EventError", &Event::read(broken.as_bytes()).unwrap_err());
    }
    assert_quiet(
        "EventError",
        &Event::read(format!("\"{SECRET}\"").as_bytes()).unwrap_err(),
    );
}

#[test]
fn the_search_finds_what_is_there() {
    for value in canary::ALL {
        assert_eq!(canary::found_in(&format!("{:?}", Some(value))), [value]);
    }
}
