//! `x-singapay-rules`: what a request needs beyond the limits of its single fields.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    document::{items, text, texts},
    error::Made,
};

/// Name of the extension: at a request body, and at the root for what holds of every request.
pub(crate) const EXTENSION: &str = "x-singapay-rules";
/// The only rule of the root: a required text is not empty.
const NON_EMPTY: &str = "non-empty";

/// One rule of a request body. Fields are named as the API names them, inner ones with a dot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Rule {
    /// These fields are needed when the condition holds.
    RequiredIf { fields: Vec<String>, when: When },
    /// These fields do not belong here when the condition holds.
    ForbiddenIf { fields: Vec<String>, when: When },
    /// All of these fields or none.
    Together { fields: Vec<String> },
    /// One of these fields, or more.
    AtLeastOne { fields: Vec<String> },
    /// One of these fields, or none.
    AtMostOne { fields: Vec<String> },
    /// The field has one of these values, if it is given.
    OneOf {
        field: String,
        values: Vec<String>,
        when: Option<When>,
    },
    /// The field is at least as large as the other, where both are given.
    NotBelow { field: String, other: String },
    /// The field is the sum over the entries of a list, each the product of these members.
    Sum {
        field: String,
        list: String,
        factors: Vec<String>,
    },
}

/// A condition on another field. Numbers and truth values are compared as text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct When {
    pub(crate) field: String,
    /// Holds for these values.
    pub(crate) is: Option<Vec<String>>,
    /// Holds for every value but these; an empty list: whenever the field is given.
    pub(crate) is_not: Option<Vec<String>>,
    /// Value that the gateway takes an absent field for. Without it no condition holds of an absent field.
    pub(crate) default: Option<String>,
}

impl Rule {
    /// The rules of a lowered or overlaid body.
    pub(crate) fn of(body: &Value) -> Made<Vec<Self>> {
        match body.get(EXTENSION) {
            None => Ok(Vec::new()),
            Some(rules) => Vec::deserialize(rules).map_err(|cause| cause.to_string()),
        }
    }

    fn when(&self) -> Option<&When> {
        match self {
            Self::RequiredIf { when, .. } | Self::ForbiddenIf { when, .. } => Some(when),
            Self::OneOf { when, .. } => when.as_ref(),
            _ => None,
        }
    }

    /// The fields that it is about, without that of its condition.
    pub(crate) fn subjects(&self) -> Vec<&str> {
        match self {
            Self::RequiredIf { fields, .. }
            | Self::ForbiddenIf { fields, .. }
            | Self::Together { fields }
            | Self::AtLeastOne { fields }
            | Self::AtMostOne { fields } => fields.iter().map(String::as_str).collect(),
            Self::OneOf { field, .. } => vec![field],
            Self::NotBelow { field, other } => vec![field, other],
            Self::Sum { field, list, .. } => vec![field, list],
        }
    }

    /// All fields that it looks at.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let condition = self.when().map(|when| when.field.as_str());
        self.subjects().into_iter().chain(condition).collect()
    }
}

/// Problems of the rules of a request body, before it is lowered.
pub(crate) fn problems(body: &Value) -> Vec<String> {
    let rules = match Rule::of(body) {
        Ok(rules) => rules,
        Err(cause) => return vec![cause],
    };
    let mut found = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let mut say = |problem: String| found.push(format!("rule {}: {problem}", index + 1));
        if rules[..index].contains(rule) {
            say("stands there twice".into());
        }
        for name in rule.fields() {
            if field(body, name).is_none() {
                say(format!("no field `{name}`"));
            }
        }
        let demanded = rule
            .subjects()
            .into_iter()
            .find(|name| is_required(body, name));
        if let (Rule::ForbiddenIf { .. }, Some(name)) = (rule, demanded) {
            say(format!("`{name}` is required, and forbidden at times"));
        }
        match rule {
            Rule::RequiredIf { fields, .. } | Rule::ForbiddenIf { fields, .. }
                if fields.is_empty() =>
            {
                say("names no field".into());
            }
            Rule::Together { fields }
            | Rule::AtLeastOne { fields }
            | Rule::AtMostOne { fields }
                if fields.len() < 2 =>
            {
                say("names fewer than two fields".into());
            }
            Rule::OneOf { values, .. } if values.is_empty() => say("allows no value".into()),
            Rule::Sum { list, factors, .. } => {
                let entry = field(body, list).and_then(|list| list.get("items"));
                let known = |name| entry.is_some_and(|entry| is_number(entry, name));
                if factors.is_empty() || !factors.iter().all(|name| known(name)) {
                    let factors = factors.join(", ");
                    say(format!("`{list}` has no such numbers: {factors}"));
                }
            }
            _ => {}
        }
        if let Some(when) = rule.when() {
            when.problems(body).into_iter().for_each(&mut say);
        }
    }
    found
}

impl When {
    /// The values that decide, and whether it holds for them or for all others.
    pub(crate) fn values(&self) -> (&[String], bool) {
        match (&self.is, &self.is_not) {
            (Some(values), _) => (values, true),
            (None, values) => (values.as_deref().unwrap_or_default(), false),
        }
    }

    fn problems(&self, body: &Value) -> Vec<String> {
        let mut found = Vec::new();
        if self.is.is_some() == self.is_not.is_some() {
            found.push("a condition has one of `is` and `is-not`".to_owned());
        }
        let Some(schema) = field(body, &self.field) else {
            return found;
        };
        let values = items(schema, "enum").iter().filter_map(Value::as_str);
        let known: Vec<&str> = match text(schema, "type") {
            Some("boolean") => vec!["true", "false"],
            _ => values.collect(),
        };
        let named = self.values().0.iter().chain(&self.default);
        let strange = named.filter(|it| !known.is_empty() && !known.contains(&it.as_str()));
        found.extend(strange.map(|value| format!("`{}` has no value `{value}`", self.field)));
        found
    }
}

/// The schema of a field, through the objects that its dotted name passes.
fn field<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    let mut parts = name.split('.');
    parts.try_fold(body, |schema, part| schema.get("properties")?.get(part))
}

fn is_required(body: &Value, name: &str) -> bool {
    texts(body, "required").any(|one| one == name)
}

fn is_number(entry: &Value, name: &str) -> bool {
    let kind = field(entry, name).and_then(|schema| text(schema, "type"));
    is_required(entry, name) && matches!(kind, Some("integer" | "number"))
}

/// True if the document says that required texts are not empty.
pub(crate) fn required_text_is_not_empty(document: &Value) -> Made<bool> {
    match document.get(EXTENSION) {
        None => Ok(false),
        Some(rules) if *rules == json!([{"rule": NON_EMPTY}]) => Ok(true),
        Some(_) => Err(format!("the only rule of all requests is `{NON_EMPTY}`")),
    }
}
