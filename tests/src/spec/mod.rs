//! The lowered documents, as the suites read them: independent of the generator's own reading.

mod inputs;
mod limits;
mod rules;
mod sample;

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value};

pub use inputs::{Input, Place};
pub use limits::{Violation, violations};
pub use rules::Breach;
pub use sample::ACCOUNT_ID;

/// The hosts that serve operations.
pub const HOSTS: [&str; 3] = ["payment", "biller", "identity"];

/// One lowered document.
pub struct Document {
    /// `payment`, `biller`, `identity` or `events`.
    pub name: &'static str,
    root: Value,
}

/// One operation of a document.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// The document.
    pub document: &'a Document,
    /// Operation id.
    pub id: &'a str,
    /// Upper case.
    pub method: &'a str,
    /// Path template.
    pub path: &'a str,
    /// The whole node.
    pub node: &'a Value,
}

/// Kind of value that a schema describes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<'a> {
    /// Any text.
    Text,
    /// Text that must not be printed.
    Sensitive,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// Whole rupiah.
    Rupiah,
    /// Rupiah with up to two decimals.
    Amount,
    /// Whole rupiah with their currency.
    Money,
    /// The same with up to two decimals.
    ExactMoney,
    /// A time, by the name of its type.
    Time(&'a str),
    /// One of these texts, or one that is not known yet.
    Enum(Vec<&'a str>),
    /// An object with a schema of this name.
    Object(&'a str),
    /// A list of what this schema describes.
    List(&'a Value),
    /// An object with members of any name.
    Map,
    /// Anything.
    Any,
}

impl Document {
    /// Reads `spec/lowered/{name}.json`.
    ///
    /// # Panics
    ///
    /// The file cannot be read.
    pub fn load(name: &'static str) -> Self {
        let path = root().join(format!("spec/lowered/{name}.json"));
        Self::of(
            name,
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap(),
        )
    }

    /// A lowered document that lies nowhere.
    pub fn of(name: &'static str, root: Value) -> Self {
        Self { name, root }
    }

    /// The schema of this name.
    ///
    /// # Panics
    ///
    /// There is none.
    pub fn schema(&self, name: &str) -> &Value {
        &self.root["components"]["schemas"][name]
    }

    /// All named schemas.
    pub fn schemas(&self) -> &Map<String, Value> {
        self.root["components"]["schemas"].as_object().unwrap()
    }

    /// All operations.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut found = Vec::new();
        for (path, item) in self.root["paths"].as_object().unwrap() {
            for (method, upper) in [
                ("get", "GET"),
                ("post", "POST"),
                ("put", "PUT"),
                ("patch", "PATCH"),
                ("delete", "DELETE"),
            ] {
                if let Some(node) = item.get(method) {
                    found.push(Operation {
                        document: self,
                        id: node["operationId"].as_str().unwrap(),
                        method: upper,
                        path,
                        node,
                    });
                }
            }
        }
        found
    }

    /// The names of all webhook events.
    ///
    /// # Panics
    ///
    /// This is another document than that of the events.
    pub fn event_names(&self) -> BTreeSet<String> {
        let events = self.root["x-singapay-events"].as_object().unwrap();
        events.keys().cloned().collect()
    }

    /// The schema of a webhook event's body, by the event's name.
    ///
    /// # Panics
    ///
    /// There is no such event.
    pub fn event(&self, name: &str) -> &Value {
        &self.root["x-singapay-events"].get(name).unwrap()["schema"]
    }

    /// The operation of this id.
    ///
    /// # Panics
    ///
    /// There is none.
    pub fn operation(&self, id: &str) -> Operation<'_> {
        let mut operations = self.operations().into_iter();
        operations.find(|operation| operation.id == id).unwrap()
    }

    /// Kind of value that a schema describes.
    ///
    /// # Panics
    ///
    /// The schema is of a kind that lowering does not make.
    pub fn kind<'a>(&'a self, schema: &'a Value) -> Kind<'a> {
        if let Some(name) = reference(schema) {
            let target = self.schema(name);
            return match target.get("properties") {
                Some(_) => Kind::Object(name),
                None => self.kind(target),
            };
        }
        if let Some(values) = schema.get("x-singapay-enum") {
            let values = values.as_array().unwrap().iter();
            return Kind::Enum(values.filter_map(Value::as_str).collect());
        }
        if let Some(path) = schema.pointer("/x-rust-type/path") {
            return match path.as_str().unwrap().rsplit("::").next().unwrap() {
                "Rupiah" => Kind::Rupiah,
                "Amount" => Kind::Amount,
                "Money" if schema["x-rust-type"]["parameters"].is_array() => Kind::ExactMoney,
                "Money" => Kind::Money,
                "Sensitive" => Kind::Sensitive,
                "Nullable" => self.kind(&schema["x-rust-type"]["parameters"][0]),
                time @ ("UnixSeconds" | "UnixMillis" | "Iso8601" | "WibDateTime" | "WibText"
                | "AnyTime") => Kind::Time(time),
                other => panic!("{other} is no type of a field"),
            };
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Kind::Text,
            Some("integer") => Kind::Integer,
            Some("boolean") => Kind::Boolean,
            Some("array") => Kind::List(&schema["items"]),
            Some("object") => Kind::Map,
            None => Kind::Any,
            Some(other) => panic!("{other} is no type of a lowered schema"),
        }
    }
}

impl<'a> Operation<'a> {
    /// A member of its `x-singapay` metadata.
    pub fn metadata(&self, name: &str) -> &'a Value {
        &self.node["x-singapay"][name]
    }

    /// Name of the schema of its body.
    pub fn body(&self) -> Option<&'a str> {
        self.node
            .pointer("/requestBody/content/application~1json/schema")
            .and_then(reference)
    }

    /// Schema of the data of its answer.
    pub fn data(&self) -> &'a Value {
        let schema = &self.node["responses"]["2XX"]["content"]["application/json"]["schema"];
        schema
            .pointer("/x-rust-type/parameters/0")
            .unwrap_or(schema)
    }
}

/// Name that a schema refers to, also through an `allOf` of one.
pub fn reference(schema: &Value) -> Option<&str> {
    match schema.get("$ref") {
        Some(target) => target.as_str()?.strip_prefix("#/components/schemas/"),
        None => match schema.get("allOf")?.as_array()?.as_slice() {
            [only] => reference(only),
            _ => None,
        },
    }
}

/// True if an object's schema calls this member required.
pub fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|it| it == name))
}

/// The root of the repository.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}
