//! Parameters of an operation.

use serde_json::{Value, json};

use super::{
    Profile, Side, headers, naming,
    operations::Operation,
    paths,
    report::Report,
    schema::{Place, Schemas},
};
use crate::document::{Pointer, flag, items, text};

/// Lowers the parameters of the path and of the operation; those of the operation win.
pub(super) fn lower(schemas: &mut Schemas<'_>, operation: &Operation<'_>) -> Vec<Value> {
    let mut parameters: Vec<(Pointer, Value)> = Vec::new();
    for (owner, at) in [operation.item, (operation.node, &operation.at)] {
        for (index, parameter) in items(owner, "parameters").iter().enumerate() {
            let at = at.child("parameters").child(index);
            let parameter = schemas.resolve(parameter);
            let same = |(_, other): &&mut (Pointer, Value)| {
                other.get("name") == parameter.get("name") && other.get("in") == parameter.get("in")
            };
            match parameters.iter_mut().find(same) {
                Some(present) => *present = (at, parameter),
                None => parameters.push((at, parameter)),
            }
        }
    }
    let report = schemas.report;
    headers::strip(&mut parameters, report);
    if report.profile == Profile::Foreign {
        cookies(&mut parameters, report);
    }
    paths::complete(&mut parameters, operation.path, &operation.at, report);
    paths::check_names(&mut parameters, operation.node, report);
    parameters
        .into_iter()
        .map(|(at, parameter)| one(schemas, &parameter, &at, &operation.id))
        .collect()
}

/// All cookies are one header, whose text is left to users.
fn cookies(parameters: &mut Vec<(Pointer, Value)>, report: &Report) {
    let cookies = parameters.extract_if(.., |(_, one)| text(one, "in") == Some("cookie"));
    let cookies: Vec<_> = cookies.collect();
    for (at, one) in &cookies {
        let name = text(one, "name").unwrap_or_default();
        let how = format!("`{name}=…` in the header `Cookie`, with `; ` between");
        report.change("one-text", at, how);
    }
    if let Some((at, _)) = cookies.first() {
        let required = cookies.iter().any(|(_, one)| flag(one, "required"));
        let header = json!({"name": "Cookie", "in": "header", "required": required,
            "schema": {"type": "string"}, "description": "Cookies: `name=value`, with `; ` between."});
        parameters.push((at.clone(), header));
    }
}

fn one(schemas: &mut Schemas<'_>, parameter: &Value, at: &Pointer, id: &str) -> Value {
    let name = text(parameter, "name").unwrap_or_default();
    let place_in = text(parameter, "in").unwrap_or_default();
    check(schemas, parameter, at, name, place_in);
    let place = Place {
        field: name.to_owned(),
        as_text: matches!(place_in, "path" | "header"),
        ..Place::body(Side::Request, naming::join(id, name))
    };
    let schema = match as_one_text(schemas, parameter, place_in) {
        Some(how) => {
            schemas.change("one-text", at, how);
            json!({"type": "string"})
        }
        None if is_deep(schemas, parameter) => {
            schemas.change("members", at, "by their whole names, as in `a[b]`");
            json!({"type": "object", "additionalProperties": {"type": "string"}})
        }
        None => parameter
            .get("schema")
            .cloned()
            .unwrap_or_else(|| json!({"type": "string"})),
    };
    let shape = schemas.lower(&schema, &at.child("schema"), &place);
    let mut lowered = json!({
        "name": name,
        "in": place_in,
        "required": place_in == "path" || flag(parameter, "required"),
        "schema": shape.into_schema(false),
    });
    if let Some(description) = text(parameter, "description") {
        lowered["description"] = json!(description.trim());
    }
    lowered
}

/// Form in which a value that is no scalar is one text, which foreign documents leave to users.
fn as_one_text(schemas: &Schemas<'_>, parameter: &Value, place_in: &str) -> Option<&'static str> {
    if schemas.profile == Profile::Gateway {
        return None;
    }
    if parameter.get("content").is_some() {
        return Some("text of the media type");
    }
    let schema = parameter.get("schema")?;
    match (text(parameter, "style"), place_in) {
        (Some("spaceDelimited"), "query") => return Some("list with spaces between"),
        (Some("pipeDelimited"), "query") => return Some("list with `|` between"),
        (Some("label"), "path") => return Some("parts with `.` before each"),
        (Some("matrix"), "path") => return Some("parts with `;name=` before each"),
        _ => {}
    }
    let joined = place_in != "query" || parameter.get("explode") == Some(&json!(false));
    (joined && !schemas.is_scalar(schema)).then_some("parts with commas between")
}

/// Members as parameters of their own, whose names and values are left to users.
fn is_deep(schemas: &Schemas<'_>, parameter: &Value) -> bool {
    schemas.profile == Profile::Foreign
        && text(parameter, "style") == Some("deepObject")
        && text(parameter, "in") == Some("query")
}

fn check(schemas: &Schemas<'_>, parameter: &Value, at: &Pointer, name: &str, place_in: &str) {
    let problem = |finding: &str| schemas.problem(at, finding);
    match place_in {
        "header" if schemas.profile == Profile::Gateway => problem(
            "no builder sets this header: whoever needs it calls `with_header`, and an overlay removes it",
        ),
        "path" | "query" | "header" => {}
        "cookie" => problem("cookie parameters are not supported"),
        _ => problem("a parameter without a known `in`"),
    }
    if name.is_empty() {
        problem("a parameter without a name");
    }
    let foreign = schemas.profile == Profile::Foreign;
    if !foreign && parameter.get("content").is_some() {
        problem("parameters with `content` are not supported");
    }
    match text(parameter, "style") {
        None | Some("form" | "simple") => {}
        Some("spaceDelimited" | "pipeDelimited" | "deepObject")
            if foreign && place_in == "query" => {}
        Some("label" | "matrix") if foreign && place_in == "path" => {}
        Some(style) => problem(&format!("parameter style `{style}` is not supported")),
    }
    let list = parameter.pointer("/schema/type") == Some(&json!("array"));
    if !foreign && list && parameter.get("explode") == Some(&json!(false)) {
        problem("a list in one parameter (`explode: false`) is not supported");
    }
}
