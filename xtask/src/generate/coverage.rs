//! Makes `spec/COVERAGE.md`: every operation and event, and how far each is proven.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    document,
    error::Result,
    generate::{api::Client, facade, source, spec},
    lower::{Absent, Lowered},
    metadata::EXTENSION,
    output::Output,
};

/// Path of the page.
const PATH: &str = "spec/COVERAGE.md";

const HEAD: &str = include_str!("../../templates/coverage.md");

/// The page.
pub(crate) fn output(clients: &[Client<'_>], lowered: &Lowered) -> Result<Output> {
    let mut products: BTreeMap<(&str, &str), Vec<facade::Call<'_>>> = BTreeMap::new();
    let calls = facade::calls(clients)?;
    let total = calls.len();
    for call in calls {
        let product = (call.operation.metadata.product.as_str(), call.host);
        products.entry(product).or_default().push(call);
    }
    let mut text = format!("{HEAD}\n{total} operations.\n");
    for ((product, host), calls) in &products {
        text.push_str(&format!("\n## {product} ({host} host)\n\n"));
        text.push_str("| Operation | Request | Call | Effect | Envelope | Evidence |\n");
        text.push_str("|---|---|---|---|---|---|\n");
        for call in calls {
            let operation = call.operation;
            let metadata = &operation.metadata;
            let signed = if metadata.signed { ", signed" } else { "" };
            let legacy = if operation.deprecated { ", legacy" } else { "" };
            text.push_str(&format!(
                "| `{}` | `{} {}` | `{}` | {}{signed}{legacy} | {} | {} |\n",
                operation.id,
                operation.method.to_ascii_uppercase(),
                operation.path,
                call.call,
                source::word(metadata.effect),
                source::word(metadata.envelope),
                source::word(metadata.evidence),
            ));
        }
    }
    text.push_str(&events_table(&lowered.events));
    text.push_str(&absent_table(&lowered.absent));
    Ok(Output::new(PATH, text))
}

fn events_table(events: &Value) -> String {
    let Some(events) = events.get("x-singapay-events").and_then(Value::as_object) else {
        return String::new();
    };
    let mut text = format!("\n## Webhook events\n\n{} events.\n\n", events.len());
    text.push_str("| Event | Type | What happened | Evidence |\n|---|---|---|---|\n");
    for (name, event) in events {
        let model = spec::reference_of(&event["schema"]).unwrap_or("-");
        let summary = spec::text(event, "summary");
        let evidence = document::text(&event[EXTENSION], "evidence").unwrap_or("-");
        let evidence = evidence.replace('-', " ");
        text.push_str(&format!(
            "| `{name}` | `{model}` | {summary} | {evidence} |\n"
        ));
    }
    text
}

fn absent_table(absent: &[Absent]) -> String {
    if absent.is_empty() {
        return String::new();
    }
    let mut text = "\n## Documented, but absent or superseded\n\n".to_owned();
    text.push_str("In a document of the gateway, old or new; not offered by the SDK.\n\n");
    text.push_str("| Request | Host | What was found |\n|---|---|---|\n");
    for one in absent {
        let (request, host, reason) = (&one.request, &one.host, &one.reason);
        text.push_str(&format!("| `{request}` | {host} | {reason} |\n"));
    }
    text
}
