//! Makes the fluent builders of the facade: `crates/singapay/src/generated/`.
//!
//! A builder holds a call (where it starts, and its options), the ids of its path, the parameters of
//! its query and the raw client's body, in which nothing is required. What all builders do stands in
//! `crates/singapay/src/request.rs`: generated code says of each what it validates, what it hands to
//! the raw client (`Content`) and, where it pays out, what and to whom (`Payout`). The macros
//! `request!`, `payout!` and `pages!` there give it options, `check`, `send` and lists; `call.rs` and
//! `validation.rs` are the rest that generated code names.
//!
//! Names of fields inside objects and lists arrive at `Check` as "items[0].quantity". Lengths are
//! counted in characters; rupiah go through `number`.

mod builder;
mod checks;
pub(crate) mod exports;
mod fields;
mod intent;
mod rules;
mod send;
pub(crate) mod table;
pub(crate) mod words;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use self::{builder::Builder, checks::Nested, fields::Model};
use crate::{
    document::{items, members, text},
    error::{Error, Made, Result},
    generate::{STEP, api::Client, gates, source, spec::Operation},
    output::Output,
};

/// Folder of the facade's generated files.
const FOLDER: &str = "crates/singapay/src/generated";

/// One operation as the facade offers it.
pub(crate) struct Call<'a> {
    pub(crate) host: &'a str,
    pub(crate) operation: &'a Operation<'a>,
    /// `client.qris().get(account_id, id)`.
    pub(crate) call: String,
}

/// All operations as the facade offers them, sorted by id.
pub(crate) fn calls<'a>(clients: &'a [Client<'a>]) -> Result<Vec<Call<'a>>> {
    each(clients, |builder| {
        Ok(Call {
            host: builder.model.client.host.name,
            operation: builder.operation,
            call: builder.call(),
        })
    })
}

/// All files of the facade.
pub(crate) fn outputs(clients: &[Client<'_>], events: &Value) -> Result<Vec<Output>> {
    let models: Vec<Model<'_>> = clients.iter().map(Model::of).collect();
    let builders = models.iter().flat_map(|model| {
        let operations = model.client.host.operations.iter();
        operations.map(move |operation| named(operation, Builder::of(model, operation)))
    });
    let mut products: BTreeMap<&str, Vec<Builder<'_, '_>>> = BTreeMap::new();
    for builder in Error::gather(STEP, builders)? {
        let product = products.entry(&builder.operation.metadata.product);
        product.or_default().push(builder);
    }
    let mut nested = Nested::default();
    let mut files = Vec::new();
    for (product, builders) in &products {
        let told = told(events, builders);
        files.push((*product, handle(product, builders, &told, &mut nested)?));
    }
    let modules = products.keys().map(|product| {
        let (gate, name) = (gates::of_product(product), source::ident(product));
        quote! { #gate pub mod #name; }
    });
    let root = quote! {
        #[macro_use]
        mod macros;

        mod checks;
        #(#modules)*
        pub mod types;

        #[cfg(test)]
        pub(crate) use checks::PATTERNS;
    };
    let types = exports::module(clients)?;
    files.extend([("checks", nested.module()), ("types", types), ("mod", root)]);
    let files = files.into_iter();
    let files = files.map(|(name, tokens)| source::rust(format!("{FOLDER}/{name}.rs"), tokens));
    files.chain([Ok(source::macros(FOLDER))]).collect()
}

/// What is made of each operation, sorted by id.
fn each<'a, T>(
    clients: &'a [Client<'a>],
    make: impl Fn(&Builder<'_, 'a>) -> Made<T>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for model in clients.iter().map(Model::of) {
        for operation in &model.client.host.operations {
            let made = Builder::of(&model, operation).and_then(|builder| make(&builder));
            all.push((operation.id, named(operation, made)));
        }
    }
    all.sort_by_key(|(id, _)| *id);
    Error::gather(STEP, all.into_iter().map(|(_, made)| made))
}

/// A problem, with the operation that has it.
fn named<T>(operation: &Operation<'_>, made: Made<T>) -> Made<T> {
    made.map_err(|problem| format!("{}: {problem}", operation.id))
}

/// Verbs that a handle offers, in one line.
fn about(product: &str, paying: &[&Builder<'_, '_>], other: &[&Builder<'_, '_>]) -> String {
    let verbs = |builders: &[&Builder<'_, '_>]| {
        let verbs = builders
            .iter()
            .map(|builder| format!("`{}`", builder.verb()));
        verbs.collect::<Vec<_>>().join(", ")
    };
    let paying = match paying {
        [] => String::new(),
        paying => format!(" Paying out is on `MoneyOut`: {}.", verbs(paying)),
    };
    let product = product.replace('_', " ");
    format!(" Operations on {product}: {}.{paying}", verbs(other))
}

/// The events that one of these operations confirms.
fn told(events: &Value, builders: &[Builder<'_, '_>]) -> String {
    let events = members(events, "x-singapay-events").filter(|(_, event)| {
        let reads = items(&event["x-singapay"], "resource").iter();
        let mut reads = reads.filter_map(|read| text(read, "operation"));
        reads.any(|read| builders.iter().any(|builder| builder.operation.id == read))
    });
    let kinds = events.map(|(name, _)| {
        let kind = source::pascal(name);
        format!("[`{kind}`](crate::webhook::EventKind::{kind})")
    });
    match kinds.collect::<Vec<_>>().join(", ") {
        kinds if kinds.is_empty() => kinds,
        kinds => format!("Webhooks: {kinds}."),
    }
}

/// The file of one product: its handle, and the builders of its operations.
fn handle(
    product: &str,
    builders: &[Builder<'_, '_>],
    told: &str,
    nested: &mut Nested,
) -> Result<TokenStream> {
    let name = source::type_ident(&source::pascal(product));
    let accessor = source::ident(product);
    let (paying, other): (Vec<_>, Vec<_>) =
        builders.iter().partition(|builder| builder.is_money_out());
    let items = builders.iter();
    let items = items.map(|builder| named(builder.operation, builder.item(nested)));
    let items = Error::gather(STEP, items)?;
    let mut findings = Vec::new();
    let mut verbs: Vec<&str> = other.iter().map(|builder| builder.verb()).collect();
    verbs.sort_unstable();
    for pair in verbs.windows(2).filter(|pair| pair[0] == pair[1]) {
        let verb = pair[0];
        findings.push(format!("{product}: two operations have the verb {verb}"));
    }
    // The plain verb is the current version.
    let verbs = builders.iter().map(Builder::verb);
    for verb in verbs.filter(|verb| verb.ends_with("_v2")) {
        findings.push(format!("{product}: {verb} is not named by its version"));
    }
    Error::collect(STEP, findings)?;
    let methods = |builders: &[&Builder<'_, '_>]| {
        let methods = builders.iter();
        let methods = methods.map(|builder| named(builder.operation, builder.method()));
        Error::gather(STEP, methods)
    };
    let about = about(product, &paying, &other);
    let (paying, other) = (methods(&paying)?, methods(&other)?);
    let shown = words::shown(product);
    let title = format!(" Operations on {}. {shown}", product.replace('_', " "));
    let about = source::docs([about.as_str(), "Cheap to make and to clone."]);
    // As they are: links, and a command in one line.
    let more = [told, &shown].into_iter().filter(|line| !line.is_empty());
    let more: Vec<_> = more.map(|line| format!(" {line}")).collect();
    let about = quote! { #about #(#[doc = ""] #[doc = #more])* };
    let own = (!other.is_empty()).then(|| {
        quote! {
            #about
            #[derive(Clone)]
            pub struct #name { client: Singapay }

            closed_debug!(#name);

            impl Singapay {
                #about
                pub fn #accessor(&self) -> #name {
                    #name { client: self.clone() }
                }
            }

            impl #name { #(#other)* }
        }
    });
    let money_out = (!paying.is_empty()).then(|| quote! { impl MoneyOut { #(#paying)* } });
    Ok(quote! {
        #![doc = #title]
        #![allow(unused_imports, deprecated, clippy::all)]

        use singapay_api::{biller, identity, operations, payment};
        use singapay_core::{Nullable, Sensitive};

        use super::checks;
        use crate::{
            MoneyOut, Singapay,
            call::{Call, Intent, Started},
            request::{Content, Payout, answer},
            validation::{Check, FieldValue, Format, Rule, When, list, number, text},
        };

        #own
        #money_out
        #(#items)*
    })
}
