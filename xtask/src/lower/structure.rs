//! The shape of an OpenAPI 3.0 or 3.1 document, as a table: which members an object may have, and
//! what they hold. What is not in the table is an error, never dropped.

use serde_json::Value;

use super::report::Report;
use crate::document::Pointer;

/// Kinds of objects in an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Document,
    Info,
    Components,
    /// One path, or one webhook.
    PathItem,
    Operation,
    Parameter,
    /// A response header.
    Header,
    RequestBody,
    /// One media type of a body.
    MediaType,
    Response,
    Schema,
}

/// Contents of a member.
#[derive(Debug, Clone, Copy)]
enum Member {
    /// Anything; not looked into.
    Opaque,
    /// An object of this kind.
    One(Node),
    /// A list of them.
    List(Node),
    /// Names to objects of this kind.
    Map(Node),
}

use Member::{List, Map, One, Opaque};
use Node::{
    Components, Document, Header, Info, MediaType, Operation, Parameter, PathItem, RequestBody,
    Response, Schema,
};

/// Names whose members stand at the same level of every object of their kind.
const ANYWHERE: [&str; 3] = ["description", "summary", "$ref"];

fn member(node: Node, key: &str) -> Option<Member> {
    if key.starts_with("x-") || ANYWHERE.contains(&key) {
        return Some(Opaque);
    }
    let member = match (node, key) {
        (Document, "info") => One(Info),
        (Document, "paths" | "webhooks") => Map(PathItem),
        (Document, "components") => One(Components),
        (
            Document,
            "openapi" | "servers" | "security" | "tags" | "externalDocs" | "jsonSchemaDialect",
        ) => Opaque,

        (Info, "title" | "version" | "termsOfService" | "contact" | "license") => Opaque,

        (Components, "schemas") => Map(Schema),
        (Components, "responses") => Map(Response),
        (Components, "parameters") => Map(Parameter),
        (Components, "requestBodies") => Map(RequestBody),
        (Components, "headers") => Map(Header),
        (Components, "pathItems") => Map(PathItem),
        (Components, "securitySchemes" | "examples" | "links") => Opaque,

        (PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
            One(Operation)
        }
        (PathItem | Operation, "parameters") => List(Parameter),
        (PathItem | Operation, "servers") => Opaque,

        (Operation, "requestBody") => One(RequestBody),
        (Operation, "responses") => Map(Response),
        (Operation, "operationId" | "tags" | "deprecated" | "security" | "externalDocs") => Opaque,

        (Parameter | Header, "schema") => One(Schema),
        (Parameter | Header, "content") => Map(MediaType),
        (
            Parameter | Header,
            "name" | "in" | "required" | "deprecated" | "allowEmptyValue" | "style" | "explode"
            | "allowReserved" | "example" | "examples",
        ) => Opaque,

        (RequestBody | Response, "content") => Map(MediaType),
        (RequestBody, "required") => Opaque,
        (Response, "headers") => Map(Header),
        (Response, "links") => Opaque,

        (MediaType, "schema") => One(Schema),
        (MediaType, "example" | "examples" | "encoding") => Opaque,

        (Schema, "properties" | "$defs" | "definitions") => Map(Schema),
        (Schema, "items" | "additionalProperties") => One(Schema),
        (Schema, "allOf" | "oneOf" | "anyOf") => List(Schema),
        (
            Schema,
            "type" | "format" | "title" | "default" | "example" | "examples" | "enum" | "const"
            | "nullable" | "required" | "deprecated" | "readOnly" | "writeOnly" | "minLength"
            | "maxLength" | "pattern" | "minimum" | "maximum" | "exclusiveMinimum"
            | "exclusiveMaximum" | "multipleOf" | "minItems" | "maxItems" | "uniqueItems"
            | "minProperties" | "maxProperties" | "externalDocs" | "xml" | "$comment",
        ) => Opaque,
        _ => return None,
    };
    Some(member)
}

/// True if an object of this kind may have this member.
pub(super) fn is_known(node: Node, key: &str) -> bool {
    member(node, key).is_some()
}

/// Records every member that the table does not know.
pub(super) fn check(document: &mut Value, report: &Report) {
    // Unused components are left out of the output, so what they hold does not matter.
    visit_mut(document, &mut |value, node, at| match value.as_object() {
        Some(object) => {
            for key in object.keys().filter(|key| !is_known(node, key)) {
                let finding = format_args!("`{key}` is not supported here");
                report.problem(&at.child(key), finding);
            }
        }
        // JSON Schema allows `true` and `false` as schemas.
        None if node == Schema && value.is_boolean() => {}
        None => report.problem(at, format_args!("an object is expected here ({node:?})")),
    });
}

/// Visits every object of a document, parents first; the visitor may rewrite what it is given.
pub(super) fn visit_mut(document: &mut Value, visit: &mut dyn FnMut(&mut Value, Node, &Pointer)) {
    visit_node(document, Document, &Pointer::root(), visit);
}

fn visit_node(
    value: &mut Value,
    node: Node,
    at: &Pointer,
    visit: &mut dyn FnMut(&mut Value, Node, &Pointer),
) {
    visit(value, node, at);
    for (key, value) in value.as_object_mut().into_iter().flatten() {
        let at = at.child(key);
        match member(node, key) {
            None | Some(Opaque) => {}
            Some(One(node)) => visit_node(value, node, &at, visit),
            Some(List(node)) => {
                for (index, item) in value.as_array_mut().into_iter().flatten().enumerate() {
                    visit_node(item, node, &at.child(index), visit);
                }
            }
            Some(Map(node)) => {
                for (key, item) in value.as_object_mut().into_iter().flatten() {
                    if !is_extension(key, &at) {
                        visit_node(item, node, &at.child(key), visit);
                    }
                }
            }
        }
    }
}

/// True of extensions among paths and among the responses of an operation.
fn is_extension(key: &str, at: &Pointer) -> bool {
    let among = at.as_str();
    let responses = among.ends_with("/responses") && among != "/components/responses";
    key.starts_with("x-") && (among == "/paths" || responses)
}
