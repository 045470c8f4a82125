//! `singapay replay`: sends a delivery of a running sandbox once more.

use std::{process::ExitCode, time::Duration};

use clap::Args;
use serde_json::{Value, json};

use crate::{admin::Admin, exit, output::Output, runtime, terminal};

/// Send a delivery of a running sandbox again, signed anew, and tell what came back.
///
/// It goes to the address that its kind has now, also when that is another one than before.
///
/// Without a number the deliveries are listed: number, kind, event, state and the statuses that were answered. The
/// sandbox is that of SINGAPAY_BASE_URL.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct ReplayArgs {
    /// Number of the delivery.
    number: Option<u64>,
}

const HELP: &str = "\
Examples:
  singapay replay
  singapay replay --json

Exit status:
  0  the shop answered with 2xx
  1  it did not, or there is no such delivery
  2  the settings name no sandbox that answers";

/// Looks at the log, each a tenth of a second after the one before, until the delivery has ended.
const LOOKS: usize = 150;

/// Runs it.
pub(crate) fn run(args: &ReplayArgs, json: bool) -> ExitCode {
    let output = match runtime::new() {
        Ok(runtime) => runtime
            .block_on(replay(args))
            .unwrap_or_else(Output::unusable),
        Err(output) => output,
    };
    output.print(json)
}

async fn replay(args: &ReplayArgs) -> Result<Output, String> {
    let sandbox = Admin::from_env()?;
    let before = sandbox.get("/deliveries").await?;
    let Some(number) = args.number else {
        let text = match rows(&before).next() {
            Some(_) => listed(&before),
            None => {
                "none yet; `singapay listen` gives the sandbox an address to send to\n".to_owned()
            }
        };
        return Ok(Output::both(text, before));
    };
    if !rows(&before).any(|row| row["id"] == number) {
        let text = format!("the sandbox has no delivery {number}");
        return Ok(Output::failure(
            exit::REFUSED,
            text,
            json!({"delivery": number}),
        ));
    }
    let last = rows(&before)
        .filter_map(|row| row["id"].as_u64())
        .max()
        .unwrap_or(0);
    sandbox
        .post(&format!("/deliveries/{number}/replay"), &json!({}))
        .await?;
    terminal::progress("waiting for the shop's answer …");
    for _ in 0..LOOKS {
        let now = sandbox.get(&format!("/deliveries?after={last}")).await?;
        let tried = |row: &&Value| {
            row["id"].as_u64() > Some(last)
                && row["attempts"].as_array().is_some_and(|it| !it.is_empty())
        };
        if let Some(row) = rows(&now).find(tried) {
            terminal::progress("");
            let text = listed(&Value::Array(vec![row.clone()]));
            let is_good = row["state"] == "delivered";
            let status = if is_good { 0 } else { exit::REFUSED };
            return Ok(Output::both(text, row.clone()).with_status(status));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    terminal::progress("");
    let text = "it was queued, and has not been answered yet".to_owned();
    Ok(Output::failure(
        exit::REFUSED,
        text,
        json!({"delivery": number}),
    ))
}

fn rows(deliveries: &Value) -> impl Iterator<Item = &Value> {
    deliveries.as_array().into_iter().flatten()
}

/// A line for each.
fn listed(deliveries: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let lines = rows(deliveries).map(|row| {
        let attempts = row["attempts"].as_array().into_iter().flatten();
        let answered: Vec<String> = attempts
            .map(|attempt| match attempt["status"].as_u64() {
                Some(status) => status.to_string(),
                None => "no answer".to_owned(),
            })
            .collect();
        format!(
            "{:>5} {:<24} {:<28} {:<10} {}\n",
            row["id"],
            text(&row["kind"]),
            text(&row["event"]),
            text(&row["state"]),
            answered.join(", ")
        )
    });
    lines.collect()
}
