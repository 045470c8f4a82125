//! The report as it is printed.

use std::collections::BTreeMap;

use serde_json::Value;

/// The changes at each place, as rule and note.
#[derive(Debug)]
pub(crate) struct Report(BTreeMap<String, Vec<(String, String)>>);

impl Report {
    pub(crate) fn of(rules: &Value) -> Self {
        let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (rule, changes) in rules.as_object().unwrap() {
            for (group, lines) in changes["changes"].as_object().unwrap() {
                for line in lines.as_array().unwrap() {
                    let line = line.as_str().unwrap();
                    let (rest, note) = match line.starts_with('/') {
                        true => line.split_once(": ").unwrap_or((line, "")),
                        false => ("", line),
                    };
                    let change = (rule.clone(), note.to_owned());
                    places
                        .entry(format!("{group}{rest}"))
                        .or_default()
                        .push(change);
                }
            }
        }
        Self(places)
    }

    /// True if one of the places has a change of one of the rules whose note says that.
    pub(crate) fn says(
        &self,
        places: &[String],
        rules: &[&str],
        mut note: impl FnMut(&str) -> bool,
    ) -> bool {
        let mut changes = places
            .iter()
            .filter_map(|place| self.0.get(place))
            .flatten();
        changes.any(|(rule, text)| rules.contains(&rule.as_str()) && note(text))
    }

    /// Places to which the report sends readers on from these.
    pub(crate) fn same(&self, places: &[String]) -> Vec<String> {
        let mut same = Vec::new();
        self.says(places, &["combination"], |note| {
            let first = note.split_once(": as at #").map(|(_, first)| first);
            same.extend(first.map(str::to_owned));
            false
        });
        same
    }

    /// True if one of the places has a change of one of the rules.
    pub(crate) fn has(&self, places: &[String], rules: &[&str]) -> bool {
        self.says(places, rules, |_| true)
    }
}
