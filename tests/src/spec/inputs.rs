//! Parts of a request: ids in the path, query parameters, fields of the body.

use serde_json::{Map, Value};

use super::{Document, Kind, Operation, is_required, reference, sample};

/// One field of a request.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Name in the API; a member of the biller's inner object is called `data.name`.
    pub name: String,
    /// Its schema.
    pub schema: &'a Value,
    /// True if the request is refused without it.
    pub required: bool,
    /// Part of the request that holds it.
    pub place: Place,
    /// True if it is the id of an account.
    pub account: bool,
    /// True if it is a segment of a path: here, or where the operation is asked about.
    pub segment: bool,
}

/// Part of the request that holds a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into the body.
    Body,
}

impl<'a> Operation<'a> {
    /// Inputs that the caller of the operation gives.
    ///
    /// A required field that allows one value only is not among them: nobody is asked for it.
    pub fn inputs(&self) -> Vec<Input<'a>> {
        let mut inputs = Vec::new();
        let parameters = self.node.get("parameters").and_then(Value::as_array);
        for parameter in parameters.into_iter().flatten() {
            let place = match parameter["in"].as_str().unwrap() {
                "path" => Place::Path,
                _ => Place::Query,
            };
            inputs.push(Input {
                name: parameter["name"].as_str().unwrap().to_owned(),
                schema: &parameter["schema"],
                required: parameter["required"].as_bool().unwrap_or_default(),
                place,
                account: false,
                segment: place == Place::Path,
            });
        }
        if let Some(body) = self.body() {
            self.members(body, "", &mut inputs);
        }
        if let Some(inquiry) = self.metadata("inquiry").as_str() {
            let operations = self.document.operations();
            let inquiry = operations.iter().find(|other| other.id == inquiry);
            let reference = self.metadata("reference")["field"].as_str();
            for input in &mut inputs {
                let place = format!("/{{{}}}", input.name);
                input.segment |= reference == Some(&input.name)
                    && inquiry.is_some_and(|inquiry| inquiry.path.contains(&place));
            }
        }
        let place = match self.metadata("account").as_str() {
            Some("path") => Place::Path,
            Some("body") => Place::Body,
            _ => return inputs,
        };
        let named = |input: &Input<'_>| input.place == place && input.name == "account_id";
        let index = inputs
            .iter()
            .position(named)
            .or_else(|| inputs.iter().position(|input| input.place == place));
        if let Some(index) = index {
            inputs[index].account = true;
        }
        inputs
    }

    fn members(&self, name: &str, prefix: &str, inputs: &mut Vec<Input<'a>>) {
        let schema = self.document.schema(name);
        for (member, property) in schema["properties"].as_object().unwrap() {
            let required = is_required(schema, member);
            let inner = (self.metadata("envelope") == "biller" && member == "data")
                .then(|| reference(property))
                .flatten()
                .filter(|name| self.document.schema(name).get("properties").is_some());
            if let (Some(inner), "") = (inner, prefix) {
                self.members(inner, "data.", inputs);
                continue;
            }
            let kind = self.document.kind(property);
            if required && matches!(&kind, Kind::Enum(values) if values.len() == 1) {
                continue;
            }
            inputs.push(Input {
                name: format!("{prefix}{member}"),
                schema: property,
                required,
                place: Place::Body,
                account: false,
                segment: false,
            });
        }
    }

    /// A value for every input of which `wanted` holds, as far as the rules of the body let them.
    pub fn given(&self, wanted: impl Fn(&Input<'_>) -> bool) -> Map<String, Value> {
        let mut given = self.sampled(wanted);
        self.keep_rules(&mut given, &[]);
        given
    }

    /// Inputs required in any case, and this field with what the rules ask for beside it.
    pub fn given_with(&self, name: &str) -> Map<String, Value> {
        let mut given = self.sampled(|input| input.required || input.name == name);
        self.keep_rules(&mut given, &[name]);
        given
    }

    /// Inputs required in any case; rules may ask for more.
    pub(super) fn needed(&self) -> Map<String, Value> {
        self.sampled(|input| input.required)
    }

    fn sampled(&self, wanted: impl Fn(&Input<'_>) -> bool) -> Map<String, Value> {
        let inputs = self.inputs();
        inputs
            .iter()
            .enumerate()
            // Ids are arguments; the account of a call is none.
            .filter(|(_, input)| {
                input.place == Place::Path && input.name != "account_id" || wanted(input)
            })
            .map(|(index, input)| (input.name.clone(), input.sample(self.document, index)))
            .collect()
    }

    /// The body that holds these fields, with those that allow one value only.
    pub fn body_of(&self, given: &Map<String, Value>) -> Map<String, Value> {
        let mut body = Map::new();
        if let Some(name) = self.body() {
            let schema = self.document.schema(name);
            for (member, property) in schema["properties"].as_object().unwrap() {
                match self.document.kind(property) {
                    Kind::Enum(values) if values.len() == 1 && is_required(schema, member) => {
                        body.insert(member.clone(), values[0].into());
                    }
                    _ => {}
                }
            }
        }
        for input in self.inputs() {
            let place = |input: &Input<'_>| input.place == Place::Body;
            let Some(value) = given.get(&input.name).filter(|_| place(&input)) else {
                continue;
            };
            match input.name.split_once('.') {
                None => body.insert(input.name, value.clone()),
                Some((outer, inner)) => {
                    let outer = body.entry(outer).or_insert_with(|| Map::new().into());
                    let outer = outer.as_object_mut().unwrap();
                    outer.insert(inner.to_owned(), value.clone())
                }
            };
        }
        body
    }
}

impl Input<'_> {
    /// A value that keeps all limits, and that no other input of the operation has.
    pub fn sample(&self, document: &Document, index: usize) -> Value {
        if self.account {
            return sample::ACCOUNT_ID.into();
        }
        let name = self.name.rsplit('.').next().unwrap_or(&self.name);
        match document.sample(name, self.schema, index) {
            Value::String(text) if self.segment => text.replace(' ', "-").into(),
            value => value,
        }
    }
}
