//! Lowers one schema for the tests of the rules.

use serde_json::{Value, json};

use super::{
    Profile, Side,
    report::Report,
    schema::{Place, Schemas},
};
use crate::document::Pointer;

/// A lowered schema, the named schemas it made and what could not be lowered.
pub(super) struct Lowered {
    pub(super) schema: Value,
    pub(super) components: Value,
    pub(super) problems: Vec<String>,
}

/// Lowers `schema` as the field `field` of the type `Parent`.
pub(super) fn field(side: Side, field: &str, schema: Value) -> Lowered {
    let document = json!({});
    let report = Report::default();
    let mut schemas = Schemas::new(&document, Profile::Gateway, &report);
    let place = Place {
        field: field.to_owned(),
        ..Place::body(side, super::naming::join("Parent", field))
    };
    let shape = schemas.lower(&schema, &Pointer::parse("/here"), &place);
    let nullable = shape.nullable;
    Lowered {
        schema: shape.into_schema(nullable),
        components: schemas.components.into_json(),
        problems: report.take_findings(),
    }
}

/// The same for one that must be lowered without a problem.
pub(super) fn good(side: Side, name: &str, schema: Value) -> Lowered {
    let lowered = field(side, name, schema);
    assert_eq!(lowered.problems, Vec::<String>::new());
    lowered
}

/// The type of `singapay-core` that a schema stands for, after its crate.
pub(super) fn core_type(schema: &Value) -> &str {
    let path = schema["x-rust-type"]["path"].as_str().unwrap_or_default();
    path.strip_prefix("singapay_core::").unwrap_or_default()
}

/// Lowers a document with one foreign operation, `POST /things/{id}`, called `make_thing`.
pub(super) fn operation(operation: Value, components: Value) -> Result<Value, Vec<String>> {
    let mut operation = operation;
    operation["operationId"] = json!("makeThing");
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true,
                "schema": {"type": "integer"}}],
            "post": operation}},
        "components": {"schemas": components},
    });
    match super::lower(document, Profile::Foreign) {
        Ok(outcome) => Ok(outcome.document),
        Err(error) => Err(error.findings().to_vec()),
    }
}
