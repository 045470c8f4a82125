//! `singapay payouts approve` and `abandon`: a person's decisions, which need the store alone.

use std::{io::Write, path::Path};

use serde_json::json;
use singapay::{MoneyOutPolicy, PayoutError, PayoutRecord, PayoutStep, Payouts, Singapay};

use super::{
    args::{Approve, Decide},
    facts::{self, Facts},
    failure::Failure,
    file::{self, Row},
    store::{self, Missing},
};
use crate::terminal::printable;

pub(crate) async fn approve(args: Approve, json: bool) -> Result<u8, Failure> {
    let Approve { decide: args, file } = args;
    let rows = file.as_deref().map(rows).transpose()?;
    let flow = flow(&args).await?;
    decide(&flow, &args, json, rows.as_deref(), async |reference| {
        flow.approve(reference, &args.by).await
    })
    .await
}

pub(crate) async fn abandon(args: Decide, json: bool) -> Result<u8, Failure> {
    let flow = flow(&args).await?;
    decide(&flow, &args, json, None, async |reference| {
        flow.abandon(reference, &args.by).await
    })
    .await
}

fn rows(file: &Path) -> Result<Vec<Row>, Failure> {
    match file::read(file)? {
        (rows, problems) if problems.is_empty() => Ok(rows),
        (_, problems) => Err(Failure::Problems(problems)),
    }
}

/// A flow whose client reaches nothing and has no credential of the gateway: who approves needs none.
async fn flow(args: &Decide) -> Result<Payouts, Failure> {
    let store = store::open(&args.store.url, Missing::Refuse).await?;
    let unusable = |error: singapay::Error| Failure::Unusable(error.to_string());
    let client = Singapay::builder()
        .base_url("http://127.0.0.1:9")
        .credential("none", "none", "none")
        .build()
        .map_err(unusable)?;
    let money_out = client.money_out(MoneyOutPolicy::new()).map_err(unusable)?;
    Ok(Payouts::new(&money_out, store))
}

/// Decides one after the other, and shows what each is; what is refused does not keep the others.
async fn decide(
    flow: &Payouts,
    args: &Decide,
    json: bool,
    rows: Option<&[Row]>,
    decision: impl AsyncFn(&str) -> Result<PayoutStep, PayoutError>,
) -> Result<u8, Failure> {
    let mut status = 0;
    for reference in &args.references {
        let record = flow.get(reference).await;
        let facts = record.as_ref().ok().map(|record| Facts::of(&record.facts));
        let result = match record {
            Ok(record) => match rows.and_then(|rows| refusal(rows, &record)) {
                Some(refusal) => Err(Failure::Refused(refusal)),
                None => decision(reference).await.map_err(Failure::from),
            },
            Err(error) => Err(error.into()),
        };
        let told = match &result {
            Ok(step) => step.state().to_string(),
            Err(failure) => failure.to_string(),
        };
        if let Err(failure) = result {
            status = status.max(failure.status());
        }
        let line = match (json, &facts) {
            (true, _) => {
                json!({"reference": reference, "result": told, "facts": facts}).to_string()
            }
            (false, Some(facts)) => format!("{}  {told}\n  {facts}", printable(reference)),
            (false, None) => format!("{}  {told}", printable(reference)),
        };
        let _ = writeln!(std::io::stdout(), "{line}");
    }
    Ok(status)
}

/// What speaks against a payout that should stand in a file as it is stored.
fn refusal(rows: &[Row], record: &PayoutRecord) -> Option<String> {
    let Some(row) = rows.iter().find(|row| row.reference() == record.reference) else {
        return Some("it does not stand in the file".to_owned());
    };
    let columns = facts::differences(row, &record.facts);
    let text = || format!("the file says something else: {}", columns.join(", "));
    (!columns.is_empty()).then(text)
}
