//! What was told already, over restarts of the sandbox.

use std::collections::HashSet;

use serde_json::Value;

use super::{LogsArgs, line::Line};
use crate::admin::Admin;

/// Deliveries that a sandbox remembers, and some more.
const REMEMBERED: u64 = 2_000;

pub(super) struct Seen {
    requests: bool,
    deliveries: bool,
    bodies: bool,
    last: u32,
    /// The start of the sandbox that the numbers are of.
    run: Option<Value>,
    /// The number after which requests are new.
    request: Option<u64>,
    /// The number after which deliveries may have attempts that are new.
    delivery: Option<u64>,
    /// Attempts that were told: delivery, place, time. A kept state has them after a restart, too.
    told: HashSet<(u64, usize, i64)>,
}

impl Seen {
    pub(super) fn new(args: &LogsArgs) -> Self {
        Self {
            requests: !args.deliveries,
            deliveries: !args.requests,
            bodies: args.bodies,
            last: args.last,
            run: None,
            request: None,
            delivery: None,
            told: HashSet::new(),
        }
    }

    /// Everything that is new, by time.
    pub(super) async fn look(&mut self, sandbox: &Admin) -> Result<Vec<Line>, String> {
        let ask = async |path: &str, after: Option<u64>, wanted: bool| match (wanted, after) {
            (false, _) => Ok(Value::Null),
            (true, None) => sandbox.get(&format!("{path}?limit={}", self.last)).await,
            (true, Some(after)) => sandbox.get(&format!("{path}?after={after}")).await,
        };
        let requests = ask("/requests", self.request, self.requests).await?;
        let deliveries = ask("/deliveries", self.delivery, self.deliveries).await?;
        // Asked last, so that both are of this start or of an earlier one.
        let run = sandbox.get("").await?["run"].clone();
        if self
            .run
            .replace(run.clone())
            .is_some_and(|known| known != run)
        {
            (self.request, self.delivery) = (Some(0), Some(0));
            return Ok(Vec::new());
        }
        let mut lines = Vec::new();
        let records = rows(&requests).cloned();
        lines.extend(records.map(|record| Line::request(record, self.bodies)));
        let mut told = Vec::new();
        for delivery in rows(&deliveries) {
            lines.extend(self.attempts(sandbox, delivery, &mut told).await?);
        }
        // Noted once all of it is there to be told: what fails in between is looked at again.
        self.told.extend(told);
        let last = rows(&requests).next_back().and_then(number);
        self.request = Some(last.or(self.request).unwrap_or(0));
        let last = rows(&deliveries).next_back().and_then(number);
        let waiting = rows(&deliveries).find(|row| row["state"] == "waiting");
        let waiting = waiting.and_then(number).map(|number| number - 1);
        let after = waiting.or(last).or(self.delivery).unwrap_or(0);
        self.delivery = Some(after);
        self.told.retain(|(number, ..)| number + REMEMBERED > after);
        lines.sort_by_key(|line| line.at_millis);
        Ok(lines)
    }

    async fn attempts(
        &self,
        sandbox: &Admin,
        delivery: &Value,
        told: &mut Vec<(u64, usize, i64)>,
    ) -> Result<Vec<Line>, String> {
        let Some(number) = number(delivery) else {
            return Ok(Vec::new());
        };
        let attempts = delivery["attempts"].as_array().into_iter().flatten();
        let times = attempts.map(|attempt| attempt["at_millis"].as_i64().unwrap_or_default());
        let new: Vec<_> = times
            .enumerate()
            .map(|(index, at)| (number, index, at))
            .filter(|attempt| !self.told.contains(attempt))
            .collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let detail = sandbox.get(&format!("/deliveries/{number}")).await?;
        let lines = new
            .iter()
            .map(|(_, index, _)| Line::attempt(&detail, *index, self.bodies));
        let lines = lines.collect();
        told.extend(new);
        Ok(lines)
    }
}

fn rows(list: &Value) -> std::slice::Iter<'_, Value> {
    list.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
}

fn number(row: &Value) -> Option<u64> {
    row["id"].as_u64()
}
