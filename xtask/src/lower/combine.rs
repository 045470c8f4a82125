//! allOf, oneOf and anyOf.
//!
//! Ours become one schema: alternatives of one object are an object with the fields of all, because
//! the generator's own choice takes the first alternative that decodes, and with tolerant fields
//! every one does. Alternatives of foreign documents are in `choice`.

use serde_json::{Value, json};

use super::{
    Profile, Side, free_form,
    merge::{self, ANNOTATIONS, SCALARS},
    schema::{Place, Schemas, Shape, plain},
};
use crate::document::{Pointer, flag, items, text};

/// Deeper nesting of references in allOf is taken for a cycle.
pub(super) const DEPTH: usize = 64;

impl Schemas<'_> {
    /// Lowers a schema that is made of others.
    pub(super) fn combination(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Shape {
        if self.profile == Profile::Foreign
            && let Some(spread) = self.spread(schema, at)
        {
            return self.lower(&spread, at, place);
        }
        let parts = ["allOf", "oneOf", "anyOf"].map(|key| items(schema, key));
        if parts.iter().filter(|parts| !parts.is_empty()).count() > 1 {
            self.report
                .problem(at, "allOf, oneOf and anyOf beside each other");
            return plain(json!({}));
        }
        let [all, one, any] = parts;
        if !all.is_empty() {
            return self.all_of(schema, all, at, place);
        }
        let alternatives = if one.is_empty() { any } else { one };
        let key = if one.is_empty() { "anyOf" } else { "oneOf" };
        if let [only] = alternatives {
            self.report
                .change("combination", at, format!("{key} of one"));
            return self.lower(&merge::beside(schema, only, key), at, place);
        }
        match self.profile {
            Profile::Foreign => self.choice(alternatives, key, at, place),
            Profile::Gateway => self.union(schema, alternatives, key, at, place),
        }
    }

    fn all_of(&mut self, schema: &Value, all: &[Value], at: &Pointer, place: &Place) -> Shape {
        let mut own = schema.as_object().cloned().unwrap_or_default();
        own.remove("allOf");
        let only_annotates = own.keys().all(|key| {
            ANNOTATIONS.contains(&key.as_str()) || key == "nullable" || key.starts_with("x-")
        });
        // The way in which 3.0 describes a place that holds a component.
        if let ([one], true) = (all, only_annotates)
            && text(one, "$ref").is_some()
        {
            return self.lower(one, at, place);
        }
        let mut merged = Value::Object(own);
        for part in all {
            match self.resolved(part, at, DEPTH) {
                Ok(part) => merge::all_of(&mut merged, &part, at, self.profile, self.report),
                Err(why) => self.report.problem(at, why),
            }
        }
        self.report.change(
            "combination",
            at,
            format!("allOf {}: one schema", all.len()),
        );
        self.lower(&merged, at, place)
    }

    /// The schema without a reference or allOf at its top.
    pub(super) fn resolved(
        &self,
        schema: &Value,
        at: &Pointer,
        depth: usize,
    ) -> Result<Value, String> {
        if depth == 0 {
            return Err("references in allOf form a cycle".to_owned());
        }
        if let Some(target) = text(schema, "$ref") {
            let found = self.references.target(target);
            let found = found.ok_or_else(|| format!("reference `{target}` points to nothing"))?;
            return self.resolved(found, at, depth - 1);
        }
        let all = items(schema, "allOf");
        if all.is_empty() {
            return Ok(schema.clone());
        }
        let mut merged = schema.clone();
        if let Some(object) = merged.as_object_mut() {
            object.remove("allOf");
        }
        for part in all {
            merge::all_of(
                &mut merged,
                &self.resolved(part, at, depth - 1)?,
                at,
                self.profile,
                self.report,
            );
        }
        Ok(merged)
    }

    fn union(
        &mut self,
        schema: &Value,
        alternatives: &[Value],
        key: &str,
        at: &Pointer,
        place: &Place,
    ) -> Shape {
        let union = match merge::kinds(alternatives).as_slice() {
            ["object"] => Ok(merge::union_of(alternatives)),
            // PHP writes an empty object as an empty list, and readers take it for one.
            ["array", "object"]
                if place.side == Side::Response && merge::empty_lists(alternatives) =>
            {
                let objects: Vec<_> = alternatives
                    .iter()
                    .filter(|one| text(one, "type") != Some("array"))
                    .cloned()
                    .collect();
                Ok(if let [one] = objects.as_slice() {
                    one.clone()
                } else {
                    merge::union_of(&objects)
                })
            }
            ["array"] => Ok(merge::lists(alternatives)),
            ["string"] => Ok(merge::texts(alternatives)),
            kinds if kinds.iter().all(|kind| SCALARS.contains(kind)) => match place.side {
                // Readers take a number or a flag for text.
                Side::Response => Ok(json!({"type": "string"})),
                Side::Request if kinds.contains(&"string") => Ok(json!({"type": "string"})),
                Side::Request => Err("alternatives of which none is text"),
            },
            _ => Err("alternatives of different kinds"),
        };
        match union {
            Ok(mut union) => {
                if alternatives.iter().any(|one| flag(one, "nullable")) {
                    union["nullable"] = json!(true);
                }
                self.report
                    .change("combination", at, format!("{key}: one schema"));
                self.lower(&merge::beside(schema, &union, key), at, place)
            }
            Err(_) if text(schema, free_form::EXTENSION).is_some() => {
                plain(free_form::lower(self, schema, at))
            }
            Err(why) => {
                self.report.problem(at, format_args!("{key}: {why}"));
                plain(json!({}))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{core_type, field, good},
        *,
    };

    #[test]
    fn alternatives_of_an_object_are_one_object() {
        let schema = json!({"oneOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"type": "object", "required": ["a", "b"], "properties": {
                "a": {"type": "integer"}, "b": {"type": "boolean"}}}]});
        let lowered = good(Side::Request, "x", schema.clone());
        let component = &lowered.components["ParentX"];
        assert_eq!(component["required"], json!(["a"]));
        assert_eq!(component["properties"]["a"], json!({"type": "string"}));
        assert_eq!(
            component["properties"]["b"],
            json!({"type": "boolean", "nullable": true})
        );
    }

    #[test]
    fn an_empty_list_stands_for_an_empty_object_in_answers_only() {
        let schema = json!({"oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "array"}]});
        let lowered = good(Side::Response, "x", schema.clone());
        assert_eq!(
            lowered.schema,
            json!({"$ref": "#/components/schemas/ParentX"})
        );
        let lowered = field(Side::Request, "x", schema);
        assert_eq!(
            lowered.problems,
            ["#/here: oneOf: alternatives of different kinds"]
        );
    }

    #[test]
    fn scalars_are_text_where_text_is_read_or_allowed() {
        let schema = json!({"anyOf": [{"type": "boolean"}, {"type": "integer"}]});
        let lowered = good(Side::Response, "x", schema.clone());
        assert_eq!(lowered.schema, json!({"type": "string"}));
        let lowered = field(Side::Request, "x", schema);
        assert_eq!(
            lowered.problems,
            ["#/here: anyOf: alternatives of which none is text"]
        );
        let enums = json!({"oneOf": [
            {"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"], "nullable": true}]});
        let lowered = good(Side::Request, "x", enums);
        assert_eq!(
            lowered.components["ParentX"]["x-singapay-enum"],
            json!(["a", "b"])
        );
        assert_eq!(lowered.schema["nullable"], json!(true));
    }

    #[test]
    fn a_bare_amount_and_one_with_currency_are_money() {
        let money = json!({"type": "object", "properties": {
            "value": {"type": "string"}, "currency": {"type": "string"}}});
        let schema = json!({"oneOf": [{"type": "number"}, money]});
        assert_eq!(
            core_type(&good(Side::Response, "net_amount", schema).schema),
            "Money"
        );
    }

    #[test]
    fn parts_of_all_of_are_merged_and_may_not_contradict() {
        let lowered = good(
            Side::Request,
            "x",
            json!({"allOf": [
                {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
                {"required": ["b"], "properties": {"b": {"type": "string"}}}]}),
        );
        assert_eq!(lowered.components["ParentX"]["required"], json!(["a", "b"]));
        let lowered = field(
            Side::Request,
            "x",
            json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
        );
        assert_eq!(
            lowered.problems,
            ["#/here: allOf: two parts contradict in `type`"]
        );
    }

    #[test]
    fn alternatives_of_nothing_in_common_need_a_reason() {
        let schema = json!({"oneOf": [{"type": "string"}, {"type": "object"}]});
        assert_eq!(field(Side::Response, "x", schema.clone()).problems.len(), 1);
        let mut reasoned = schema;
        reasoned["x-singapay-free-form"] = json!("both were seen");
        assert_eq!(good(Side::Response, "x", reasoned).schema, json!({}));
    }
}
