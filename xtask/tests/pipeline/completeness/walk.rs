//! Goes through a document and the types at once.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use quote::ToTokens;
use serde_json::Value;
use syn::{FnArg, ImplItem, ImplItemFn, Item, ReturnType, Type};
use xtask::document::{items, members, text};

use super::{
    report::Report,
    schema::{Form, Told, escape},
    types::{Leaf, Types, docs},
};

/// Rules after which a schema has no type of its own.
const UNTYPED: [&str; 6] = [
    "bytes",
    "free-form",
    "members",
    "money",
    "one-text",
    "raw-body",
];
/// Rules that take a member away.
const LEFT_OUT: [&str; 3] = ["left-out", "read-only", "write-only"];
/// Sets of types that one schema is compared with.
const MIXTURES: usize = 24;
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The walk and what it missed.
pub(crate) struct Walk<'a> {
    document: &'a Value,
    report: Report,
    types: &'a Types,
    /// The types that each schema was compared with.
    done: BTreeMap<*const Value, BTreeSet<Vec<*const Type>>>,
    /// Schemas that were compared, by their pointers.
    components: BTreeSet<String>,
    /// Operations and webhooks that were compared.
    pub(crate) seen: usize,
    pub(crate) lost: Vec<String>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(document: &'a Value, report: Report, types: &'a Types) -> Self {
        Self {
            document,
            report,
            types,
            done: BTreeMap::new(),
            components: BTreeSet::new(),
            seen: 0,
            lost: Vec::new(),
        }
    }

    fn lose(&mut self, places: &[String], finding: impl std::fmt::Display) {
        let place = places.first().map_or("", String::as_str);
        let finding = format!("#{place}: {finding}");
        if !self.lost.contains(&finding) {
            self.lost.push(finding);
        }
    }

    /// Every operation and the method that the client has for it.
    pub(crate) fn operations(&mut self, source: &'a [Item]) {
        let methods = source.iter().filter_map(|item| match item {
            Item::Impl(block) => Some(&block.items),
            _ => None,
        });
        let methods = methods.flatten().filter_map(|item| match item {
            ImplItem::Fn(method) => Some((docs(&method.attrs), method)),
            _ => None,
        });
        let methods: Vec<_> = methods.collect();
        for (path, item) in members(self.document, "paths") {
            let item = Told::new(item, format!("/paths/{}", escape(path))).resolved(self.document);
            for verb in METHODS {
                let Some(operation) = item.value.get(verb) else {
                    continue;
                };
                let operation = item.below(operation, &[verb]).resolved(self.document);
                let sends = format!("Sends a `{}` request to `{path}`", verb.to_uppercase());
                match methods.iter().find(|(docs, _)| docs.contains(&sends)) {
                    Some((_, method)) => self.operation(&item, &operation, path, method),
                    None => self.lose(&operation.places, "no method"),
                }
            }
        }
    }

    fn operation(
        &mut self,
        item: &Told<'a>,
        operation: &Told<'a>,
        path: &str,
        method: &'a ImplItemFn,
    ) {
        self.seen += 1;
        let code = method.block.to_token_stream().to_string();
        let holes = code.matches("encode_path (").count();
        if path.matches('{').count() != holes {
            self.lose(
                &operation.places,
                format_args!("{holes} arguments in the path"),
            );
        }
        let arguments: BTreeMap<String, &'a Type> = method
            .sig
            .inputs
            .iter()
            .filter_map(|argument| match argument {
                FnArg::Typed(argument) => {
                    Some((argument.pat.to_token_stream().to_string(), &*argument.ty))
                }
                FnArg::Receiver(_) => None,
            })
            .collect();
        let own = items(operation.value, "parameters");
        let names = |one: &Told<'_>| {
            (
                text(one.value, "name").map(str::to_owned),
                text(one.value, "in").map(str::to_owned),
            )
        };
        let own: Vec<_> = own
            .iter()
            .enumerate()
            .map(|(index, one)| {
                operation
                    .below(one, &["parameters", &index.to_string()])
                    .resolved(self.document)
            })
            .collect();
        let shared = items(item.value, "parameters")
            .iter()
            .enumerate()
            .map(|(index, one)| {
                item.below(one, &["parameters", &index.to_string()])
                    .resolved(self.document)
            });
        let shared: Vec<_> = shared
            .filter(|one| !own.iter().any(|own| names(own) == names(one)))
            .collect();
        for parameter in own.into_iter().chain(shared) {
            self.parameter(&parameter, &code, &arguments);
        }
        if let Some(body) = operation.value.get("requestBody") {
            let body = operation
                .below(body, &["requestBody"])
                .resolved(self.document);
            self.content(&body, arguments.get("body").copied());
        }
        self.responses(operation, &method.sig.output);
    }

    fn parameter(&mut self, told: &Told<'a>, code: &str, arguments: &BTreeMap<String, &'a Type>) {
        let name = text(told.value, "name").unwrap_or_default();
        let place = text(told.value, "in").unwrap_or_default();
        if self
            .report
            .has(&told.places, &["left-out", "owned-by-authentication"])
        {
            return;
        }
        let literal = format!("{name:?} ,");
        let schema = told
            .value
            .get("schema")
            .map(|schema| told.below(schema, &["schema"]));
        let argument = match code.split_once(&format!("QueryParam :: new ({literal} & ")) {
            Some((_, rest)) if place == "query" => {
                let end = rest.find([' ', ')']).unwrap_or(rest.len());
                arguments.get(&rest[..end]).copied()
            }
            _ if place != "query" => arguments.get(&name.to_snake_case()).copied(),
            _ => None,
        };
        if place == "query" && argument.is_none() || place == "header" && !code.contains(&literal) {
            return self.lose(&told.places, format_args!("`{name}` is not sent"));
        }
        if place == "cookie" && !self.report.has(&told.places, &["one-text"]) {
            return self.lose(&told.places, format_args!("cookie `{name}` is not sent"));
        }
        if let Some(schema) = schema
            && !self.report.has(&told.places, &["one-text", "members"])
        {
            // In paths and headers most is text.
            self.compare(&schema, &argument.into_iter().collect::<Vec<_>>());
        }
    }

    /// A body in one of several media types.
    fn content(&mut self, body: &Told<'a>, ty: Option<&'a Type>) {
        let all: Vec<_> = members(body.value, "content").collect();
        let instead = body.below(body.value, &["content"]).places;
        let (mut chosen, mut untold) = (None, Vec::new());
        for (media, content) in all {
            let note = format!("{media}: ");
            if self.report.says(&instead, &["one-media-type"], |text| {
                text.starts_with(&note)
            }) {
                continue;
            }
            let content = body.below(content, &["content", media]);
            if self.report.has(&content.places, &["bytes", "raw-body"]) {
                chosen = None;
                continue;
            }
            untold.push(media);
            chosen = content
                .value
                .get("schema")
                .map(|schema| content.below(schema, &["schema"]));
        }
        if untold.len() > 1 {
            self.lose(&body.places, format_args!("which of {untold:?}?"));
        }
        match (chosen, ty) {
            (Some(schema), Some(ty)) => self.compare(&schema, &[ty]),
            (Some(schema), None) => self.lose(&schema.places, "nothing of this type"),
            (None, _) => {}
        }
    }

    fn responses(&mut self, operation: &Told<'a>, output: &'a ReturnType) {
        let success = match output {
            ReturnType::Type(_, ty) => argument(ty).and_then(argument),
            ReturnType::Default => None,
        };
        let all = operation.below(operation.value, &["responses"]).places;
        let mut chosen = Vec::new();
        for (status, response) in
            members(operation.value, "responses").filter(|(status, _)| !status.starts_with("x-"))
        {
            let response = operation.below(response, &["responses", status]);
            let noted = |rule: &str, text: &str| match rule {
                "one-error" => text.split(", ").any(|one| one == status),
                _ => {
                    text.starts_with(&format!("{status} is read as")) && !text.ends_with(" success")
                }
            };
            let statuses = members(operation.value, "responses").map(|(status, _)| {
                operation
                    .below(operation.value, &["responses", status])
                    .places
            });
            let mut places: Vec<String> = all.clone();
            places.extend(statuses.flatten());
            if ["one-error", "one-success"]
                .iter()
                .any(|rule| self.report.says(&places, &[rule], |text| noted(rule, text)))
            {
                continue;
            }
            let response = response.resolved(self.document);
            if members(response.value, "content").next().is_some() {
                chosen.push(status);
            }
            self.content(&response, success);
        }
        if chosen.len() > 1 {
            self.lose(&all, format_args!("which of {chosen:?}?"));
        }
    }

    /// Every webhook and the type that it has.
    pub(crate) fn webhooks(&mut self, events: &'a Types) {
        let own = std::mem::replace(&mut self.types, events);
        for (name, item) in members(self.document, "webhooks") {
            let item =
                Told::new(item, format!("/webhooks/{}", escape(name))).resolved(self.document);
            for verb in METHODS {
                let Some(operation) = item.value.get(verb) else {
                    continue;
                };
                let operation = item.below(operation, &[verb]);
                self.seen += 1;
                if self.report.has(&operation.places, &["left-out"]) {
                    continue;
                }
                let mut found = None;
                self.report.says(&operation.places, &["event"], |name| {
                    found = syn::parse_str::<Type>(name).ok();
                    true
                });
                let Some(ty) = found else {
                    self.lose(&operation.places, "no event");
                    continue;
                };
                let body = operation.below(&operation.value["requestBody"], &["requestBody"]);
                let ty = Box::leak(Box::new(ty));
                self.content(&body.resolved(self.document), Some(ty));
            }
        }
        self.types = own;
    }

    /// Components that nothing leads to.
    pub(crate) fn components(&mut self) {
        let all = self
            .document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        for name in all.into_iter().flatten().map(|(name, _)| name) {
            let place = format!("/components/schemas/{}", escape(name));
            let below = format!("{place}/");
            let seen = self
                .components
                .iter()
                .any(|seen| *seen == place || seen.starts_with(&below));
            let place = [place];
            if !seen && !self.report.has(&place, &["left-out", "no-type"]) {
                self.lose(&place, "no type");
            }
        }
    }

    fn untyped(&self, form: &Form<'_>) -> bool {
        self.report.has(&form.places, &UNTYPED)
            || self.report.says(&form.places, &["combination"], |note| {
                note.ends_with(": anything") || note.ends_with(": any object")
            })
    }

    /// The members of a schema and those of the types that it may have become.
    fn compare(&mut self, told: &Told<'a>, types: &[&'a Type]) {
        let end = told.clone().resolved(self.document).value;
        let some: Vec<*const Type> = types.iter().map(|ty| std::ptr::from_ref(*ty)).collect();
        let done = self.done.entry(end).or_default();
        // Alternatives of each other would be compared in every mixture.
        let enough = done.len() > MIXTURES
            && some
                .iter()
                .all(|ty| done.iter().any(|some| some.contains(ty)));
        if enough || !done.insert(some) {
            return;
        }
        let all = self.types;
        let leaves: Vec<_> = types.iter().flat_map(|ty| all.leaves(ty)).collect();
        for mut form in told.forms(self.document) {
            self.components.append(&mut form.parts);
            let same = self.report.same(&form.places);
            form.places.extend(same);
            let at = |key: &str| {
                form.places
                    .iter()
                    .map(|at| format!("{at}/{key}"))
                    .collect::<Vec<_>>()
            };
            let left_out = |key| self.report.has(&at(key), &["left-out"]);
            let [members, items, further] =
                ["properties", "items", "additionalProperties"].map(left_out);
            if members {
                form.members.clear();
            }
            if items {
                form.items.clear();
            }
            if further {
                form.further.clear();
            }
            self.form(&form, &leaves);
        }
    }

    fn form(&mut self, form: &Form<'a>, leaves: &[Leaf<'a>]) {
        if !form.members.is_empty() {
            self.members(form, leaves);
        } else if !form.further.is_empty() {
            let values: Vec<_> = leaves
                .iter()
                .filter_map(|leaf| match leaf {
                    Leaf::Map(value) => Some(*value),
                    Leaf::Struct(_, further) => *further,
                    _ => None,
                })
                .collect();
            let anything = leaves.iter().any(|leaf| matches!(leaf, Leaf::Anything));
            if !values.is_empty() {
                for further in &form.further {
                    self.compare(further, &values);
                }
            } else if !anything && !self.untyped(form) {
                self.lose(&form.places, "further members have no place");
            } else if anything
                && form
                    .further
                    .iter()
                    .any(|one| one.value.as_object().is_some_and(|one| !one.is_empty()))
                && !self.untyped(form)
            {
                self.lose(&form.places, "the type of further members is gone");
            }
        }
        if !form.items.is_empty() {
            let lists: Vec<_> = leaves
                .iter()
                .filter_map(|leaf| match leaf {
                    Leaf::List(item) => Some(*item),
                    _ => None,
                })
                .collect();
            match lists.is_empty() {
                true if !self.untyped(form) => self.lose(&form.places, "is no list"),
                true => {}
                false => form
                    .items
                    .iter()
                    .for_each(|item| self.compare(item, &lists)),
            }
        }
        self.values(form, leaves);
    }

    /// True if the report tells that a member is left out.
    fn left_out(&self, form: &Form<'a>, name: &str, told: &[Told<'a>]) -> bool {
        let name = format!("properties/{}", escape(name));
        let own = told.iter().flat_map(|one| one.places.iter().cloned());
        let mut places: Vec<_> = own.collect();
        places.extend(form.places.iter().map(|at| format!("{at}/{name}")));
        self.report.has(&places, &LEFT_OUT)
    }

    fn members(&mut self, form: &Form<'a>, leaves: &[Leaf<'a>]) {
        let missing = |members: &[(String, Type)]| -> Vec<&'a str> {
            let has = |name: &str| members.iter().any(|(own, _)| own == name);
            let told = form.members.iter();
            let told = told.filter(|(name, told)| !has(name) && !self.left_out(form, name, told));
            told.map(|(name, _)| *name).collect()
        };
        let mut structs: Vec<_> = leaves
            .iter()
            .filter_map(|leaf| match leaf {
                Leaf::Struct(members, further) => Some((missing(members), *members, *further)),
                _ => None,
            })
            .collect();
        // The tightest of those that have the most, and its like.
        structs.sort_by_key(|(missing, members, _)| (missing.len(), members.len()));
        let Some((least, best, further)) = structs.first().cloned() else {
            return match missing(&[]).as_slice() {
                [] => {}
                _ => self.no_struct(form, leaves),
            };
        };
        if !least.is_empty() && self.untyped(form) {
            return;
        }
        for name in &least {
            self.lose(&form.places, format_args!("no member `{name}`"));
        }
        for (name, told) in &form.members {
            let alike = structs
                .iter()
                .filter(|(missing, members, _)| *missing == least && members.len() == best.len());
            let types: Vec<_> = alike
                .flat_map(|(_, members, _)| *members)
                .filter(|(own, _)| own == name)
                .map(|(_, ty)| ty)
                .collect();
            if types.is_empty() {
                continue;
            }
            let places: Vec<_> = form
                .places
                .iter()
                .take(6)
                .map(|at| format!("{at}/properties/{}", escape(name)))
                .collect();
            for told in told {
                let mut told = told.clone();
                // Before the way from further out.
                told.places.splice(1..1, places.clone());
                self.compare(&told, &types);
            }
        }
        for told in &form.further {
            match further {
                Some(further) => self.compare(told, &[further]),
                None if self.untyped(form) => {}
                None => self.lose(&form.places, "further members have no place"),
            }
        }
    }

    /// Members, but no type that has any.
    fn no_struct(&mut self, form: &Form<'a>, leaves: &[Leaf<'a>]) {
        for leaf in leaves {
            if let Leaf::Scalar(name, arguments) = leaf
                && name.contains("envelope ::")
                && let [data] = arguments.as_slice()
            {
                return self.envelope(form, name, data);
            }
        }
        if !self.untyped(form) {
            self.lose(&form.places, "an object without a type");
        }
    }

    /// The envelope of an answer of ours: the members of the core crate's type, and its data.
    fn envelope(&mut self, form: &Form<'a>, name: &str, data: &'a Type) {
        let name = name.split('<').next().unwrap_or_default();
        let name = name.rsplit("::").next().unwrap_or_default().trim();
        if name == "Flat" {
            let all = self.types;
            return self.members(form, &all.leaves(data));
        }
        let ty: Type = syn::parse_str(&format!("types::{name}")).unwrap();
        let known: Vec<String> = self
            .types
            .leaves(&ty)
            .into_iter()
            .flat_map(|leaf| match leaf {
                Leaf::Struct(members, _) => members.iter().map(|(name, _)| name.clone()).collect(),
                _ => Vec::new(),
            })
            .collect();
        for (name, told) in &form.members {
            let listed = |note: &str| note.split([' ', ',']).any(|word| word == *name);
            match *name {
                "data" => told.iter().for_each(|told| {
                    if !self.report.says(&form.places, &["envelope"], |note| {
                        note == "no data described"
                    }) {
                        self.compare(told, &[data]);
                    }
                }),
                name if known.iter().any(|known| known == name) => {}
                _ if self.report.says(&form.places, &["envelope"], listed) => {}
                name => self.lose(
                    &form.places,
                    format_args!("no member `{name}` in the envelope"),
                ),
            }
        }
    }

    /// Texts that a value may be; other values stand in the report.
    fn values(&mut self, form: &Form<'a>, leaves: &[Leaf<'a>]) {
        if form.values.is_empty() || self.untyped(form) {
            return;
        }
        let known: Vec<&String> = leaves
            .iter()
            .flat_map(|leaf| match leaf {
                Leaf::Values(values) => *values,
                _ => &[],
            })
            .collect();
        for value in form.values.clone() {
            let there = match value {
                Value::String(text) => known.contains(&text),
                Value::Null => true,
                _ => false,
            };
            // Of values that are no text none is kept; merged, they are told at the whole.
            let told = || {
                let text = value.to_string();
                !value.is_string() && self.report.tells("values-dropped", &text)
            };
            if !there && !self.report.has(&form.places, &["values-dropped"]) && !told() {
                self.lose(&form.places, format_args!("no value {value}"));
            }
        }
    }
}

/// The first type argument.
fn argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    match &path.path.segments.last()?.arguments {
        syn::PathArguments::AngleBracketed(all) => match all.args.first()? {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}
