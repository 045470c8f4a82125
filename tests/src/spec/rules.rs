//! Rules of request bodies: fields that keep them, and fields that break them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Kind, Operation};

type Fields = Map<String, Value>;

/// Fields that break one rule, and the same before that.
#[derive(Debug, Clone)]
pub struct Breach {
    /// The rule, and how it is broken.
    pub rule: String,
    /// The field that has to be named.
    pub field: String,
    /// Fields with which the rule is kept.
    pub kept: Fields,
    /// Fields with which it is broken.
    pub broken: Fields,
}

impl<'a> Operation<'a> {
    /// The rules of its body.
    pub fn rules(&self) -> &'a [Value] {
        let schema = self.body().map(|name| self.document.schema(name));
        let rules = schema.and_then(|schema| schema["x-singapay-rules"].as_array());
        rules.map_or(&[], Vec::as_slice)
    }

    /// All fields that a rule ties to this one, or to the list that it stands in.
    pub fn tied(&self, field: &str) -> BTreeSet<&'a str> {
        let field = field.split('[').next().unwrap_or(field);
        let named = self.rules().iter().map(names);
        named
            .filter(|names| names.contains(&field))
            .flatten()
            .collect()
    }

    /// Adds and takes away fields until all rules are kept; those in `keep` stay.
    ///
    /// # Panics
    ///
    /// The rules cannot all be kept.
    pub fn keep_rules(&self, given: &mut Fields, keep: &[&str]) {
        let mut keep: BTreeSet<&str> = keep.iter().copied().collect();
        for rule in self
            .rules()
            .iter()
            .filter(|rule| rule["rule"] == "together")
        {
            let fields = list(rule, "fields");
            if fields.iter().any(|field| keep.contains(field)) {
                keep.extend(fields);
            }
        }
        for _ in 0..10 {
            let before = given.clone();
            for rule in self.rules() {
                self.keep_rule(rule, given, &keep);
            }
            if *given == before {
                return;
            }
        }
        panic!("{}: the rules cannot all be kept", self.id);
    }

    fn keep_rule(&self, rule: &'a Value, given: &mut Fields, keep: &BTreeSet<&str>) {
        let fields = list(rule, "fields");
        let present: Vec<_> = fields
            .iter()
            .copied()
            .filter(|name| given.contains_key(*name))
            .collect();
        let holds = rule.get("when").is_none_or(|when| self.holds(when, given));
        match rule["rule"].as_str().unwrap() {
            "required-if" if holds => self.add(given, &fields),
            "forbidden-if" if holds => {
                if present.iter().any(|name| keep.contains(name)) {
                    let when = &rule["when"];
                    let other = self.values(when, false);
                    let name = when["field"].as_str().unwrap();
                    given.insert(name.to_owned(), other[0].clone().unwrap());
                } else {
                    given.retain(|name, _| !fields.contains(&name.as_str()));
                }
            }
            "together" if !present.is_empty() && present.len() < fields.len() => {
                let kept = fields.iter().any(|name| keep.contains(name));
                if kept || self.is_free(&fields) {
                    self.add(given, &fields);
                } else {
                    given.retain(|name, _| !fields.contains(&name.as_str()));
                }
            }
            "at-least-one" if present.is_empty() => self.add(given, &fields[..1]),
            "at-most-one" if present.len() > 1 => {
                let survivor = present
                    .iter()
                    .find(|name| keep.contains(*name))
                    .unwrap_or(&present[0]);
                given.retain(|name, _| !fields.contains(&name.as_str()) || name == survivor);
            }
            "one-of" if holds => {
                let name = rule["field"].as_str().unwrap();
                let values = list(rule, "values");
                if let Some(value) = given.get_mut(name)
                    && !values.contains(&text(value).as_str())
                {
                    *value = like(value, values[0]);
                }
            }
            "not-below" => {
                let [field, other] = ["field", "other"].map(|key| rule[key].as_str().unwrap());
                if let Some((number, least)) = given.get(field).zip(given.get(other))
                    && number.as_i64() < least.as_i64()
                {
                    given.insert(field.to_owned(), least.clone());
                }
            }
            "sum" => {
                let [field, list] = ["field", "list"].map(|key| rule[key].as_str().unwrap());
                let total = given.get(list).map(|items| sum(items, rule));
                if let (Some(total), Some(value)) = (total, given.get_mut(field)) {
                    *value = total.into();
                }
            }
            "required-if" | "forbidden-if" | "together" | "at-least-one" | "at-most-one"
            | "one-of" => {}
            other => panic!("{other} is no rule"),
        }
    }

    /// True if no other rule takes one of these fields away.
    fn is_free(&self, fields: &[&str]) -> bool {
        let choices = self
            .rules()
            .iter()
            .filter(|rule| rule["rule"] == "at-most-one");
        !choices
            .flat_map(|rule| list(rule, "fields"))
            .any(|name| fields.contains(&name))
    }

    fn add(&self, given: &mut Fields, fields: &[&str]) {
        for name in fields {
            if !given.contains_key(*name) {
                given.insert((*name).to_owned(), self.sample_of(name));
            }
        }
    }

    fn sample_of(&self, name: &str) -> Value {
        let inputs = self.inputs();
        let index = inputs.iter().position(|input| input.name == name).unwrap();
        inputs[index].sample(self.document, index)
    }

    fn holds(&self, when: &Value, given: &Fields) -> bool {
        let value = given.get(when["field"].as_str().unwrap()).map(text);
        let value = value.or_else(|| when["default"].as_str().map(str::to_owned));
        let among = when.get("is").is_some();
        let values = list(when, if among { "is" } else { "is-not" });
        value.is_some_and(|value| values.contains(&value.as_str()) == among)
    }

    /// Values of the condition's field for which it holds, or does not; `None` is an absent field.
    fn values(&self, when: &Value, wanted: bool) -> Vec<Option<Value>> {
        let name = when["field"].as_str().unwrap();
        let inputs = self.inputs();
        let input = inputs.iter().find(|input| input.name == name).unwrap();
        let mut values: Vec<Option<Value>> = match self.document.kind(input.schema) {
            Kind::Enum(known) => known.into_iter().map(|value| Some(value.into())).collect(),
            Kind::Boolean => vec![Some(true.into()), Some(false.into())],
            Kind::Integer => (0..3).map(|number| Some(number.into())).collect(),
            _ => vec![Some(self.sample_of(name))],
        };
        values.push(None);
        values.retain(|value| {
            let given = value.clone().map(|value| (name.to_owned(), value));
            self.holds(when, &given.into_iter().collect()) == wanted
        });
        values
    }

    /// Every rule broken in every way: under each value of its condition, by each of its fields.
    ///
    /// # Panics
    ///
    /// A rule is of a kind that is not known here.
    pub fn breaches(&self) -> Vec<Breach> {
        let mut found = Vec::new();
        for rule in self.rules() {
            let under = match rule.get("when") {
                Some(when) => {
                    let name = when["field"].as_str().unwrap();
                    self.values(when, true)
                        .into_iter()
                        .map(|value| Some((name, value)))
                        .collect()
                }
                None => vec![None],
            };
            for condition in under {
                found.extend(self.broken(rule, condition));
            }
        }
        found
    }

    fn broken(&self, rule: &Value, condition: Option<(&str, Option<Value>)>) -> Vec<Breach> {
        let fields = list(rule, "fields");
        let single = rule["field"].as_str();
        // Fields that the rule is about stay, if they can.
        let kept = |wanted: &[&str]| {
            let mut given = self.needed();
            let mut keep = wanted.to_vec();
            if let Some((name, value)) = &condition {
                keep.push(name);
                match value {
                    Some(value) => given.insert((*name).to_owned(), value.clone()),
                    None => given.remove(*name),
                };
            }
            self.add(&mut given, wanted);
            self.keep_rules(&mut given, &keep);
            given
        };
        let breach = |field: &str, kept: Fields, change: &dyn Fn(&mut Fields)| {
            let mut broken = kept.clone();
            change(&mut broken);
            let under = condition
                .as_ref()
                .map(|(name, value)| json!({*name: value}));
            let rule = format!(
                "{} {field} {}",
                rule["rule"].as_str().unwrap(),
                under.unwrap_or_default()
            );
            Breach {
                rule,
                field: field.to_owned(),
                kept,
                broken,
            }
        };
        let without = |name: &str| {
            let name = name.to_owned();
            move |given: &mut Fields| {
                given.remove(&name);
            }
        };
        match rule["rule"].as_str().unwrap() {
            "required-if" | "together" => {
                let each = fields
                    .iter()
                    .map(|name| breach(name, kept(&fields), &without(name)));
                each.collect()
            }
            "forbidden-if" => {
                let each = fields
                    .iter()
                    .map(|name| breach(name, kept(&[]), &|given| self.add(given, &[name])));
                each.collect()
            }
            "at-least-one" => {
                let gone =
                    |given: &mut Fields| given.retain(|name, _| !fields.contains(&name.as_str()));
                vec![breach(fields[0], kept(&fields[..1]), &gone)]
            }
            "at-most-one" => {
                vec![breach(fields[0], kept(&fields[..1]), &|given| {
                    self.add(given, &fields)
                })]
            }
            "one-of" => {
                let name = single.unwrap();
                vec![breach(name, kept(&[name]), &|given| {
                    let value = given.get_mut(name).unwrap();
                    // One of the other type is not what this is about.
                    *value = if value.is_number() {
                        13.into()
                    } else {
                        "XYZ".into()
                    };
                })]
            }
            "not-below" => {
                let (name, other) = (single.unwrap(), rule["other"].as_str().unwrap());
                vec![breach(name, kept(&[name, other]), &|given| {
                    let less = given[other].as_i64().unwrap() - 1;
                    given.insert(name.to_owned(), less.into());
                })]
            }
            "sum" => {
                let name = single.unwrap();
                vec![breach(name, kept(&[name]), &|given| {
                    let more = given[name].as_i64().unwrap() + 1;
                    given.insert(name.to_owned(), more.into());
                })]
            }
            other => panic!("{other} is no rule"),
        }
    }
}

/// All fields that a rule looks at.
fn names(rule: &Value) -> Vec<&str> {
    let single = ["field", "other", "list"]
        .into_iter()
        .filter_map(|key| rule[key].as_str());
    let condition = rule["when"]["field"].as_str();
    list(rule, "fields")
        .into_iter()
        .chain(single)
        .chain(condition)
        .collect()
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let list = value.get(key).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A listed value of the same type.
fn like(value: &Value, listed: &str) -> Value {
    match value {
        Value::Number(_) => listed.parse::<i64>().unwrap().into(),
        _ => listed.into(),
    }
}

fn sum(items: &Value, rule: &Value) -> i64 {
    let factors = list(rule, "factors");
    let product = |item: &Value| {
        factors
            .iter()
            .map(|name| item[*name].as_i64().unwrap())
            .product::<i64>()
    };
    items.as_array().unwrap().iter().map(product).sum()
}
