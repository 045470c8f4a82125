//! Identity checks: does this account, or this wallet, belong to that name?
//!
//! It starts a gateway of its own on this machine.

use std::error::Error;

use singapay::{
    Singapay,
    types::{EwalletVerificationStatus, IdentityEwalletCode},
};
use singapay_sandbox::Sandbox;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let credentials = sandbox.credentials();
    let singapay = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            &credentials.partner_id,
            &credentials.client_id,
            credentials.client_secret.clone(),
        )
        .identity_credential(
            &credentials.identity_client_id,
            credentials.identity_client_secret.clone(),
        )
        .build()?;

    // The payment host tells the holder's name; the identity host only compares.
    let holder = singapay
        .disbursements()
        .check_beneficiary_v1()
        .bank_swift_code("CENAIDJA")
        .bank_account_number("1000000000")
        .send()
        .await?;
    let holder = holder.bank_account_name.as_deref().ok_or("no name")?;
    println!("holder    {holder}");

    let mut suggestions = Vec::new();
    for (id, name) in [
        ("KYC-0001", holder),
        ("KYC-0002", "Zainal Qodir"),
        ("KYC-0001", holder),
    ] {
        let check = singapay
            .identity()
            .verify_bank_account()
            .request_id(id)
            .bank_code("014")
            .account_number("1000000000")
            .name(name)
            .send()
            .await?;
        let similarity = check.similarity.as_deref().unwrap_or("?");
        let suggestion = check.suggestion.clone().ok_or("no suggestion")?;
        println!(
            "bank      {id} {name}: {} {similarity}, {suggestion}",
            check.status
        );
        suggestions.push(suggestion);
    }
    if suggestions[0] == suggestions[1] || suggestions[0] != suggestions[2] {
        return Err("the names should be told apart, and a repetition should not".into());
    }
    println!(
        "billed    {} rupiah for two checks",
        sandbox.audit().checked
    );

    let wallet = singapay
        .identity()
        .verify_ewallet_account()
        .request_id("KYC-0003")
        .ewallet_code(IdentityEwalletCode::Dana)
        .phone_number("089900000001")
        .name(holder)
        .send()
        .await?;
    println!("wallet    {}: the check ran, and says so", wallet.status);
    if wallet.status != EwalletVerificationStatus::NotFound {
        return Err("nobody has that wallet".into());
    }
    Ok(())
}
