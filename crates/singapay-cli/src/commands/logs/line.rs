//! One line of the log, for people and for programs.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use singapay::webhook::Event;

use crate::terminal::{Paint, printable};

/// A request, or an attempt to deliver.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) at_millis: i64,
    pub(super) value: Value,
}

impl Line {
    /// A record of the request log.
    pub(super) fn request(mut record: Value, bodies: bool) -> Self {
        if let Some(members) = record.as_object_mut().filter(|_| !bodies) {
            members.remove("request_body");
            members.remove("answer_body");
        }
        record["log"] = json!("request");
        Self {
            at_millis: record["at_millis"].as_i64().unwrap_or_default(),
            value: record,
        }
    }

    /// One attempt of a delivery, by its place among them; `detail` is all of the delivery.
    pub(super) fn attempt(detail: &Value, index: usize, bodies: bool) -> Self {
        let attempt = &detail["attempts"][index];
        let body = detail["body"].as_str().unwrap_or_default();
        let event = Event::read(body.as_bytes()).ok();
        let kind = event.as_ref().map(|event| event.kind().as_str());
        let reference = event.as_ref().and_then(|event| event.merchant_reference());
        let mut value = json!({
            "log": "delivery",
            "id": detail["id"],
            "at_millis": attempt["at_millis"],
            "kind": kind,
            "event": detail["event"],
            "reference": reference,
            "attempt": index + 1,
            "status": attempt["status"],
            "url": detail["url"],
        });
        if bodies {
            value["body"] = json!(body);
            value["answer"] = detail["answers"][index].clone();
        }
        Self {
            at_millis: attempt["at_millis"].as_i64().unwrap_or_default(),
            value,
        }
    }

    pub(super) fn text(&self, paint: Paint) -> String {
        let value = &self.value;
        let text = |name: &str| printable(value[name].as_str().unwrap_or_default());
        let number = value["id"].to_string();
        let mut out = match value["log"].as_str() {
            Some("request") => {
                let (verdict, status) = (text("verdict"), &value["status"]);
                let what = match value["operation"].as_str() {
                    Some(operation) => printable(operation),
                    None if text("method").is_empty() => "(unreadable)".to_owned(),
                    None => format!("{} {}", text("method"), text("path")),
                };
                let mut reason = text("reason");
                if let Some(differs) = value["signature"]["differs"].as_str() {
                    let _ = write!(reason, "; {}", printable(differs));
                }
                let padded = format!("{verdict:<8}");
                let verdict = match verdict.as_str() {
                    "accepted" => paint.good(&padded),
                    "faulted" => paint.odd(&padded),
                    _ => paint.bad(&padded),
                };
                let only = match value["documented_only"] == true {
                    true => " (by the document's example; nothing happened)",
                    false => "",
                };
                format!("request  {number:>5}  {what:<34} {status} {verdict} {reason}{only}")
            }
            _ => {
                let status = match value["status"].as_u64() {
                    Some(status) if (200..300).contains(&status) => paint.good(&status.to_string()),
                    Some(status) => paint.bad(&status.to_string()),
                    None => paint.bad("no answer"),
                };
                let kind = match value["kind"].as_str() {
                    Some(kind) => printable(kind),
                    None => "unreadable".to_owned(),
                };
                let reference = match value["reference"].as_str() {
                    Some(reference) => printable(reference),
                    None => "-".to_owned(),
                };
                let attempt = &value["attempt"];
                format!(
                    "delivery {number:>5}  {kind:<25} {reference:<24} attempt {attempt} -> {status}"
                )
            }
        };
        out = format!("{}  {}", time(self.at_millis), out.trim_end());
        if let Some(values) = value["signature"].as_object().filter(|_| self.has_bodies()) {
            for (name, value) in values.iter().filter(|(name, _)| *name != "differs") {
                let shown = printable(value.as_str().unwrap_or_default());
                let _ = write!(out, "\n    {name:<15} {shown}");
            }
        }
        for (name, sign) in [
            ("request_body", '>'),
            ("body", '>'),
            ("answer_body", '<'),
            ("answer", '<'),
        ] {
            if let Some(body) = value[name].as_str() {
                let _ = write!(out, "\n    {sign} {}", printable(body));
            }
        }
        out
    }

    fn has_bodies(&self) -> bool {
        self.value.get("request_body").is_some() || self.value.get("answer_body").is_some()
    }
}

/// In Jakarta, as the gateway writes it.
fn time(millis: i64) -> String {
    let utc = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    match FixedOffset::east_opt(7 * 3600) {
        Some(wib) => utc
            .with_timezone(&wib)
            .format("%Y-%m-%d %H:%M:%S")
            .to_string(),
        None => utc.to_string(),
    }
}
