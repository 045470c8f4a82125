//! The lowered documents, read once into the shape that the makers need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    document::{self, flag, inner, items, members},
    error::{Error, Made, Result},
    generate::STEP,
    lower::LoweredHost,
    metadata::{Envelope, Metadata},
};

/// Member of an enum's schema that lists its known values.
pub(crate) const ENUM: &str = "x-singapay-enum";
const SCHEMA_PREFIX: &str = "#/components/schemas/";

/// One host's operations and named schemas.
pub(crate) struct Host<'a> {
    pub(crate) name: &'a str,
    pub(crate) document: &'a Value,
    /// In the order of the document.
    pub(crate) operations: Vec<Operation<'a>>,
    pub(crate) schemas: Schemas<'a>,
}

/// One operation.
pub(crate) struct Operation<'a> {
    pub(crate) id: &'a str,
    /// Lower case.
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) summary: &'a str,
    pub(crate) description: &'a str,
    pub(crate) deprecated: bool,
    pub(crate) metadata: Metadata,
    pub(crate) parameters: Vec<Parameter<'a>>,
    /// Name of the body's schema.
    pub(crate) body: Option<&'a str>,
    /// Field of the body whose members count as the body's own, and the name of its schema.
    pub(crate) flattened: Option<(&'a str, &'a str)>,
    node: &'a Value,
}

/// A path or query parameter.
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) in_path: bool,
    pub(crate) required: bool,
    pub(crate) description: &'a str,
    pub(crate) schema: &'a Value,
}

/// Named schemas.
pub(crate) struct Schemas<'a>(BTreeMap<&'a str, &'a Value>);

impl<'a> Schemas<'a> {
    /// The named schemas of a document.
    pub(crate) fn of(document: &'a Value) -> Self {
        let schemas = members(&document["components"], "schemas");
        let schemas = schemas.map(|(name, schema)| (name.as_str(), schema));
        Self(schemas.collect())
    }

    /// A schema by name.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).copied()
    }

    /// All of them, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + '_ {
        self.0.iter().map(|(name, schema)| (*name, *schema))
    }

    /// Names of the enums.
    pub(crate) fn enums(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + '_ {
        self.iter().filter(|(_, schema)| is_enum(schema))
    }

    /// Names of all schemas that `node` leads to.
    pub(crate) fn reachable(&self, node: &Value) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        self.collect(node, &mut found);
        found
    }

    fn collect(&self, node: &Value, found: &mut BTreeSet<&'a str>) {
        if let Some(name) = document::text(node, "$ref").and_then(reference)
            && let Some((name, schema)) = self.0.get_key_value(name)
            && found.insert(name)
        {
            self.collect(schema, found);
        }
        inner(node).for_each(|node| self.collect(node, found));
    }
}

impl<'a> Host<'a> {
    /// Reads a lowered document.
    pub(crate) fn read(host: &'a LoweredHost) -> Result<Self> {
        let named = |path| move |problem| format!("{} {path}: {problem}", host.name);
        let operations = document::operations(&host.document)
            .map(|(path, method, node)| Operation::read(method, path, node).map_err(named(path)));
        let mut operations = Error::gather(STEP, operations)?;
        let schemas = Schemas::of(&host.document);
        for operation in &mut operations {
            operation.flatten(&schemas);
        }
        Ok(Self {
            name: &host.name,
            document: &host.document,
            operations,
            schemas,
        })
    }

    /// Names of all schemas of its requests.
    pub(crate) fn request_schemas(&self) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        for Operation { node, .. } in &self.operations {
            found.extend(self.schemas.reachable(&node["parameters"]));
            found.extend(self.schemas.reachable(&node["requestBody"]));
        }
        // Enums and other scalars may serve both ways.
        found.retain(|name| self.schemas.get(name).is_none_or(|schema| !is_enum(schema)));
        found
    }

    /// Names of all schemas of its answers.
    pub(crate) fn response_schemas(&self) -> BTreeSet<&'a str> {
        let answers = self.operations.iter().map(|one| &one.node["responses"]);
        let names = answers.flat_map(|node| self.schemas.reachable(node));
        names.collect()
    }

    /// The schemas that only the facade fills in (bodies, and what is flattened into them), each
    /// with its operation.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.operations.iter().flat_map(|operation| {
            let flattened = operation.flattened.map(|(_, name)| name);
            let names = operation.body.into_iter().chain(flattened);
            names.map(|name| (name, operation.id))
        })
    }
}

impl<'a> Operation<'a> {
    fn read(method: &'a str, path: &'a str, node: &'a Value) -> Made<Self> {
        let id = document::text(node, "operationId").ok_or("no operationId")?;
        let metadata = Metadata::of(node)
            .ok_or_else(|| format!("{id} has no x-singapay metadata"))?
            .map_err(|error| format!("metadata of {id}: {error}"))?;
        let body = node.pointer("/requestBody/content/application~1json/schema");
        let named = |schema| reference_of(schema).ok_or(format!("the body of {id} has no name"));
        let body = body.map(named).transpose()?;
        let parameters = items(node, "parameters").iter();
        let mut parameters: Vec<_> = parameters.filter_map(Parameter::read).collect();
        // Path parameters in the order of the path: they become positional arguments.
        parameters.sort_by_key(|parameter| match parameter.in_path {
            true => path
                .find(&format!("{{{}}}", parameter.name))
                .unwrap_or(usize::MAX - 1),
            false => usize::MAX,
        });
        Ok(Self {
            id,
            method,
            path,
            summary: text(node, "summary"),
            description: text(node, "description"),
            deprecated: flag(node, "deprecated"),
            metadata,
            parameters,
            body,
            flattened: None,
            node,
        })
    }

    /// The biller wraps what it wants to know in `data`, beside the command.
    fn flatten(&mut self, schemas: &Schemas<'a>) {
        if self.metadata.envelope != Envelope::Biller {
            return;
        }
        let body = self.body.and_then(|body| schemas.get(body));
        let name = body.and_then(|body| reference_of(body["properties"].get("data")?));
        let is_object = |name: &&str| {
            let schema = schemas.get(name);
            schema.is_some_and(|schema| schema.get("properties").is_some())
        };
        self.flattened = name.filter(is_object).map(|name| ("data", name));
    }

    /// Names of all schemas of its request and answers.
    pub(crate) fn schemas(&self, schemas: &Schemas<'a>) -> BTreeSet<&'a str> {
        schemas.reachable(self.node)
    }
}

impl<'a> Parameter<'a> {
    fn read(node: &'a Value) -> Option<Self> {
        let in_path = match text(node, "in") {
            "path" => true,
            "query" => false,
            _ => return None,
        };
        Some(Self {
            name: node.get("name")?.as_str()?,
            in_path,
            required: flag(node, "required"),
            description: text(node, "description"),
            schema: node.get("schema")?,
        })
    }
}

/// True if an object schema asks for a property.
pub(crate) fn is_required(schema: &Value, name: &str) -> bool {
    items(schema, "required").iter().any(|one| one == name)
}

/// True if the schema is one of the named enums.
pub(crate) fn is_enum(schema: &Value) -> bool {
    schema.get(ENUM).is_some_and(Value::is_array) && schema.get("properties").is_none()
}

/// True if a field's schema refers to one of them.
pub(crate) fn is_enum_of(field: &Value, schemas: &Schemas<'_>) -> bool {
    let target = reference_of(field).and_then(|name| schemas.get(name));
    target.is_some_and(is_enum)
}

/// The only value of a field that allows one: such a field is filled in, not asked for.
pub(crate) fn only_value<'a>(schema: &'a Value, schemas: &Schemas<'a>) -> Option<&'a str> {
    let schema = match reference_of(schema) {
        Some(name) => schemas.get(name)?,
        None => schema,
    };
    match items(schema, ENUM) {
        [only] => only.as_str(),
        _ => None,
    }
}

/// Name that a `$ref` schema refers to; also through the one-element `allOf` that carries siblings.
pub(crate) fn reference_of(schema: &Value) -> Option<&str> {
    if let Some(target) = schema.get("$ref") {
        return reference(target.as_str()?);
    }
    match items(schema, "allOf") {
        [only] => reference_of(only),
        _ => None,
    }
}

/// True if the schema says nothing about the value.
pub(crate) fn is_anything(schema: &Value) -> bool {
    let says = |key: &String| {
        matches!(
            key.as_str(),
            "type" | "properties" | "allOf" | "anyOf" | "oneOf" | "$ref" | "x-rust-type"
        )
    };
    let schema = schema.as_object();
    !schema.is_some_and(|schema| schema.keys().any(says))
}

/// A text member, or nothing.
pub(crate) fn text<'a>(node: &'a Value, name: &str) -> &'a str {
    document::text(node, name).unwrap_or_default()
}

fn reference(target: &str) -> Option<&str> {
    target.strip_prefix(SCHEMA_PREFIX)
}
