//! Inputs of a builder: positional ids, body fields and query parameters.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Field, FnArg, Item, ItemStruct, Pat, ReturnType, Signature, Type};

use crate::{
    error::Made,
    generate::{
        api::Client,
        shape::{self, Shape, type_text},
        source,
        spec::{self, Operation},
        types::wire_name,
    },
    metadata::Account,
};

/// The API's name for the account of a call.
pub(super) const ACCOUNT: &str = "account_id";

/// One value that a builder collects.
pub(super) struct Input<'a> {
    pub(super) ident: Ident,
    /// Name in the API; for a member of a flattened object, its path.
    pub(super) name: String,
    /// Expression by which the builder gets at it: an `Option` of a reference.
    pub(super) value: TokenStream,
    /// Without the optional wrapper.
    pub(super) shape: Shape,
    pub(super) required: bool,
    /// Null and absence differ.
    pub(super) nullable: bool,
    pub(super) schema: &'a Value,
    pub(super) description: &'a str,
    pub(super) place: Place,
}

/// Part of the request that holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Into the path; the account of the call, which its options hold.
    Account,
    Path,
    Query,
    Body,
    /// Into the flattened object of the body.
    Flattened,
}

/// The types and signatures of one raw client.
pub(super) struct Model<'a> {
    pub(super) client: &'a Client<'a>,
    structs: BTreeMap<String, &'a ItemStruct>,
    signatures: BTreeMap<String, &'a Signature>,
}

impl<'a> Model<'a> {
    pub(super) fn of(client: &'a Client<'a>) -> Self {
        let structs = source::structs(&client.types);
        let structs = structs.map(|item| (item.ident.to_string(), item)).collect();
        let blocks = client.items.iter().filter_map(|item| match item {
            Item::Impl(block) => Some(&block.items),
            _ => None,
        });
        let signatures = blocks.flatten().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some((method.sig.ident.to_string(), &method.sig)),
            _ => None,
        });
        Self {
            client,
            structs,
            signatures: signatures.collect(),
        }
    }

    /// Prefix of the raw types, as written in the facade.
    pub(super) fn types(&self) -> TokenStream {
        let host = source::ident(self.client.host.name);
        quote! { #host::types:: }
    }

    pub(super) fn structure(&self, name: &str) -> Option<&'a ItemStruct> {
        self.structs.get(name).copied()
    }

    /// Inputs of the builder of an operation, in the order of path, body, query.
    pub(super) fn inputs(&self, operation: &Operation<'a>) -> Made<Vec<Input<'a>>> {
        let mut inputs = Vec::new();
        let signature = self.signature(operation)?;
        for parameter in &operation.parameters {
            let name = parameter.name;
            let ident = source::ident(name);
            let argument = arguments(signature).find(|(name, _)| **name == ident);
            let (_, argument) = argument.ok_or_else(|| format!("no argument for {name}"))?;
            let ident = source::free(ident);
            let shape = owned(argument)
                .ok_or_else(|| format!("{name}: no model for {}", type_text(argument)))?;
            let place = match (parameter.in_path, name) {
                (true, ACCOUNT) if operation.metadata.account == Account::Path => Place::Account,
                (true, _) => Place::Path,
                (false, _) => Place::Query,
            };
            let value = match place {
                Place::Account => quote! { self.call.account() },
                Place::Path => quote! { Some(&self.#ident) },
                _ => quote! { self.#ident.as_ref() },
            };
            inputs.push(Input {
                ident,
                name: name.to_owned(),
                value,
                shape,
                required: parameter.required,
                nullable: false,
                schema: parameter.schema,
                description: parameter.description,
                place,
            });
        }
        let in_path = |input: &&Input<'_>| matches!(input.place, Place::Account | Place::Path);
        let fields = inputs.iter().filter(in_path).count();
        let mut body = Vec::new();
        if let Some(name) = operation.body {
            let skipped = operation.flattened.map(|(field, _)| field);
            self.members(name, Place::Body, "", skipped, &mut body)?;
        }
        if let Some((field, name)) = operation.flattened {
            let prefix = format!("{field}.");
            self.members(name, Place::Flattened, &prefix, None, &mut body)?;
        }
        inputs.splice(fields..fields, body);
        let mut taken = BTreeSet::new();
        match inputs.iter().find(|input| !taken.insert(&input.ident)) {
            Some(twin) => Err(format!("two inputs are called {}", twin.ident)),
            None => Ok(inputs),
        }
    }

    fn members(
        &self,
        name: &str,
        place: Place,
        prefix: &str,
        skipped: Option<&str>,
        inputs: &mut Vec<Input<'a>>,
    ) -> Made<()> {
        let schemas = &self.client.host.schemas;
        let (schema, structure) = self.described(name)?;
        for field in &structure.fields {
            let Some(ident) = field.ident.clone() else {
                continue;
            };
            let wire = wire_name(field);
            if skipped == Some(wire.as_str()) {
                continue;
            }
            let property = schema["properties"].get(&wire);
            let property = property.ok_or_else(|| format!("no schema of {name}.{wire}"))?;
            let shape = Shape::of(&field.ty).ok_or_else(|| format!("no model of {name}.{wire}"))?;
            let (inner, nullable) = (shape.required().0, matches!(shape, Shape::Nullable(_)));
            let required = spec::is_required(schema, &wire) && !nullable;
            if required && spec::only_value(property, schemas).is_some() {
                continue;
            }
            let read = match nullable {
                true => quote! { #ident.value() },
                false => quote! { #ident.as_ref() },
            };
            inputs.push(Input {
                ident,
                name: format!("{prefix}{wire}"),
                value: match place {
                    Place::Flattened => quote! { inner.and_then(|inner| inner.#read) },
                    _ => quote! { self.body.#read },
                },
                shape: inner.clone(),
                required,
                nullable,
                schema: property,
                description: spec::text(property, "description"),
                place,
            });
        }
        Ok(())
    }

    /// The schema of an object, and the struct that is made of it.
    fn described(&self, name: &str) -> Made<(&'a Value, &'a ItemStruct)> {
        let schema = self.client.host.schemas.get(name);
        let schema = schema.ok_or_else(|| format!("no schema {name}"))?;
        let structure = self.structure(name);
        let structure = structure.ok_or_else(|| format!("no struct {name}"))?;
        Ok((schema, structure))
    }

    /// Fields that are filled in because they allow one value only, with that value.
    pub(super) fn constants(&self, name: &str) -> Made<Vec<TokenStream>> {
        let schemas = &self.client.host.schemas;
        let (schema, structure) = self.described(name)?;
        let types = self.types();
        let constant = |field: &Field| {
            let (ident, wire) = (field.ident.clone()?, wire_name(field));
            let value = spec::only_value(schema["properties"].get(&wire)?, schemas)?;
            let value = match Shape::of(&field.ty)?.required().0 {
                Shape::Named(name) => {
                    let name = source::type_ident(name);
                    let variant = source::type_ident(&source::pascal(value));
                    quote! { Some(#types #name::#variant) }
                }
                Shape::Text => quote! { Some(#value.to_owned()) },
                _ => return None,
            };
            spec::is_required(schema, &wire).then(|| quote! { #ident: #value })
        };
        Ok(structure.fields.iter().filter_map(constant).collect())
    }

    /// The signature of the raw method.
    pub(super) fn signature(&self, operation: &Operation<'_>) -> Made<&'a Signature> {
        let signature = self.signatures.get(operation.id).copied();
        signature.ok_or_else(|| format!("no raw method for {}", operation.id))
    }

    /// Type of the data of an answer, as written in the facade, and whether it is a list.
    pub(super) fn data(&self, operation: &Operation<'_>) -> Made<(Shape, TokenStream)> {
        let ReturnType::Type(_, result) = &self.signature(operation)?.output else {
            return Err("no answer".into());
        };
        let envelope = shape::argument(result).and_then(shape::argument);
        let envelope = envelope.ok_or("no answer")?;
        let data = shape::argument(envelope)
            .ok_or_else(|| format!("{} is no envelope", type_text(envelope)))?;
        let shape = Shape::of(data).ok_or_else(|| format!("no model for {}", type_text(data)))?;
        let plain = shape.plain(&self.types());
        Ok((shape, plain))
    }
}

/// The arguments of a raw method: names and types, without the receiver.
pub(super) fn arguments(signature: &Signature) -> impl Iterator<Item = (&Ident, &Type)> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) => Some((&pattern.ident, &*typed.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// The owned value behind an argument: `Option<&'a str>` -> text.
fn owned(ty: &Type) -> Option<Shape> {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => Some(Shape::Text),
            inner => owned(inner),
        },
        Type::Path(path) if path.path.segments.last()?.ident == "Option" => {
            owned(shape::argument(ty)?)
        }
        _ => Shape::of(ty),
    }
}
