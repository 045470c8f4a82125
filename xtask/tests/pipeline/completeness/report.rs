//! The report as it is printed.

use std::collections::BTreeMap;

use serde_json::Value;

/// The changes at each place, as rule and note.
#[derive(Debug)]
pub(crate) struct Report(BTreeMap<String, Vec<(String, String)>>);

/// Rules about one member or value.
const OF_EACH: [&str; 4] = ["left-out", "read-only", "values-dropped", "write-only"];

fn without_alternatives(place: &str) -> String {
    let mut parts = place.split('/').peekable();
    let mut kept = Vec::new();
    while let Some(part) = parts.next() {
        let is_number = |next: &&str| next.parse::<usize>().is_ok();
        if !(["anyOf", "oneOf"].contains(&part) && parts.next_if(is_number).is_some()) {
            kept.push(part);
        }
    }
    kept.join("/")
}

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
                    let place = format!("{group}{rest}");
                    // What stands beside alternatives is merged into each, and told of each.
                    if OF_EACH.contains(&rule.as_str()) {
                        let whole = without_alternatives(&place);
                        places.entry(whole).or_default().push(change.clone());
                    }
                    places.entry(place).or_default().push(change);
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

    /// True if a change of a rule names that among others.
    pub(crate) fn tells(&self, rule: &str, word: &str) -> bool {
        let mut changes = self.0.values().flatten();
        changes.any(|(own, note)| {
            own == rule
                && note
                    .trim_matches(['[', ']'])
                    .split(',')
                    .any(|one| one == word)
        })
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
