//! `singapay payouts approve` and `abandon`: a person's decisions, which need the store alone.

use std::io::Write;

use singapay::{MoneyOutPolicy, PayoutError, PayoutStep, Payouts, Singapay};

use super::{args::Decide, failure::Failure, store};

pub(crate) async fn approve(args: Decide, json: bool) -> Result<u8, Failure> {
    let flow = flow(&args).await?;
    decide(&args, json, async |reference: &str| {
        flow.approve(reference, &args.by).await
    })
    .await
}

pub(crate) async fn abandon(args: Decide, json: bool) -> Result<u8, Failure> {
    let flow = flow(&args).await?;
    decide(&args, json, async |reference: &str| {
        flow.abandon(reference, &args.by).await
    })
    .await
}

/// A flow whose client reaches nothing and has no credential of the gateway: who approves needs none.
async fn flow(args: &Decide) -> Result<Payouts, Failure> {
    let store = store::open(&args.store.url, true).await?;
    let unusable = |error: singapay::Error| Failure::Unusable(error.to_string());
    let client = Singapay::builder()
        .base_url("http://127.0.0.1:9")
        .credential("none", "none", "none")
        .build()
        .map_err(unusable)?;
    let money_out = client.money_out(MoneyOutPolicy::new()).map_err(unusable)?;
    Ok(Payouts::new(&money_out, store))
}

/// Decides one after the other; what is refused does not keep the others.
async fn decide(
    args: &Decide,
    json: bool,
    decision: impl AsyncFn(&str) -> Result<PayoutStep, PayoutError>,
) -> Result<u8, Failure> {
    let mut status = 0;
    for reference in &args.references {
        let result = decision(reference).await;
        let told = match &result {
            Ok(step) => step.state().to_string(),
            Err(error) => error.to_string(),
        };
        if let Err(error) = result {
            status = status.max(Failure::from(error).status());
        }
        let line = match json {
            true => serde_json::json!({"reference": reference, "result": told}).to_string(),
            false => format!("{reference}  {told}"),
        };
        let _ = writeln!(std::io::stdout(), "{line}");
    }
    Ok(status)
}
