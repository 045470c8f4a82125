//! Makes the fluent builders of the facade: `crates/singapay/src/generated/`.
//!
//! What generated code expects of the hand-written part of `crates/singapay`, all `pub(crate)`:
//!
//! ```text
//! // lib.rs
//! mod generated;              // pub use generated::*: product modules, `types`
//! pub struct Singapay { .. }  // Clone
//! pub struct MoneyOut { .. }  // Clone; typed capability
//!
//! // pages.rs: expected once `PAGES` is true. `Pages<B>` and `Items<B>` are streams.
//! pub trait Paged: Clone + Send + 'static {
//!     type Row: Send + 'static;
//!     fn page_number(&self) -> i64;                 // 1 unless the caller set another
//!     fn at_page(self, page: i64) -> Self;
//!     fn fetch(self) -> impl Future<Output = Result<Response<Vec<Self::Row>>, Error>> + Send;
//! }
//! pub struct Pages<B> { .. }  impl<B: Paged> Pages<B> { pub(crate) fn new(builder: B) -> Self; }
//! pub struct Items<B> { .. }  impl<B: Paged> Items<B> { pub(crate) fn new(builder: B) -> Self; }
//!
//! // blocking.rs, behind the feature `blocking`: expected once `BLOCKING` is true.
//! pub(crate) fn wait<T: Send + 'static>(call: impl Future<Output = Result<T, Error>> + Send + 'static)
//!     -> Result<T, Error>;
//!
//! // call.rs
//! /// Options of one call, held by a builder until `send`.
//! #[derive(Clone)]
//! pub(crate) struct Call { pub(crate) options: CallOptions, .. }
//! impl Call {
//!     pub(crate) fn new(client: &Singapay) -> Self;
//!     pub(crate) fn money_out(capability: &MoneyOut) -> Self;   // same type; remembers the policy
//!     /// Ends the options; chooses the credential by account unless one was named.
//!     pub(crate) fn start(self, operation: &'static Operation, account: Option<&str>) -> Started;
//!     /// The same after the guard (environment, limits, allowed banks and beneficiaries) agreed.
//!     pub(crate) async fn start_money_out(self, operation: &'static Operation, intent: Intent)
//!         -> Result<Started, Error>;
//! }
//! /// What a money-out call is about, for the guard and for `Outcome::resolve`.
//! pub(crate) struct Intent {
//!     pub(crate) account: Option<String>,      // ULID, as sent
//!     pub(crate) reference: Option<String>,    // value of the operation's reference field
//!     pub(crate) amount: Option<Rupiah>,
//!     pub(crate) bank: Option<String>,         // bank_code or bank_swift_code
//!     pub(crate) beneficiary: Option<Sensitive>, // account number, customer number, QR text
//! }
//! impl Started {
//!     pub(crate) fn payment(&self) -> singapay_api::payment::Client;   // and biller(), identity()
//!     pub(crate) fn finish<T: Enveloped, E>(
//!         self, result: Result<singapay_api::ResponseValue<T>, singapay_api::Error<E>>,
//!     ) -> Result<Response<T::Data>, Error>;
//!     pub(crate) fn finish_money_out<T: Enveloped, E>(
//!         self, result: Result<singapay_api::ResponseValue<T>, singapay_api::Error<E>>,
//!     ) -> Result<Outcome<T::Data>, Error>;
//! }
//!
//! // validation.rs: collects every problem with a field; never stops at the first
//! pub(crate) struct Check { .. }
//! impl Check {
//!     pub(crate) fn new(operation: &'static Operation) -> Self;
//!     pub(crate) fn account_id(&mut self, name: &str, value: &str);      // 26 characters of Crockford base 32
//!     pub(crate) fn path(&mut self, name: &str, value: &str);            // one segment of a path
//!     pub(crate) fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T>; // reports a missing one
//!     pub(crate) fn text(&mut self, name: &str, value: &str, limits: &Text);
//!     pub(crate) fn number(&mut self, name: &str, value: i64, limits: &Number);
//!     pub(crate) fn list(&mut self, name: &str, len: usize, limits: &List);
//!     pub(crate) fn format(&mut self, name: &str, value: &str, format: Format);
//!     pub(crate) fn rules(&mut self, fields: &[(&str, Seen)], rules: &[Rule]);     // see validation::Rule
//!     pub(crate) fn sum(&mut self, name: &str, total: Option<i64>, list, factors);
//!     pub(crate) fn finish(self) -> Result<(), Error>;                   // one error, all fields
//!     pub(crate) fn incomplete(operation: &'static Operation) -> Error;  // cannot happen after finish
//! }
//! // Names of fields inside objects and lists arrive as "items[0].quantity" (a `String`, `&name`).
//! pub(crate) struct Text { pub min: Option<usize>, pub max: Option<usize>, pub pattern: Option<&'static str> } // const
//! pub(crate) struct Number { pub min: Option<i64>, pub max: Option<i64>, pub multiple_of: Option<i64> }       // const
//! pub(crate) struct List { pub min: Option<usize>, pub max: Option<usize> }                                   // const
//! ```
//!
//! Lengths are counted in characters. Rupiah go through `number` as `value.get()`.

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

use self::{builder::Builder, checks::Nested, fields::Model};
use crate::{
    error::{Error, Result},
    generate::{STEP, api::Client, gates, source, spec::Operation},
    output::Output,
};

/// Whether list builders offer `by_page` and `by_item`.
const PAGES: bool = true;

/// Whether builders offer `send_blocking`, behind the feature `blocking`.
const BLOCKING: bool = true;

/// Folder of the facade's generated files.
const FOLDER: &str = "crates/singapay/src/generated";

/// One operation as the facade offers it.
pub(crate) struct Call<'a> {
    pub(crate) host: &'a str,
    pub(crate) operation: &'a Operation<'a>,
    /// `client.qris().get(account_id, id)`.
    pub(crate) call: String,
    /// Setters; an exclamation mark stands for required.
    pub(crate) inputs: String,
    /// What `send` gives.
    pub(crate) output: String,
}

/// All operations as the facade offers them, sorted by id.
pub(crate) fn calls<'a>(clients: &'a [Client<'a>]) -> Result<Vec<Call<'a>>> {
    let mut calls = Vec::new();
    let mut findings = Vec::new();
    for client in clients {
        let model = Model::of(client);
        for operation in &client.host.operations {
            let made = Builder::of(&model, operation).and_then(|builder| {
                let (inputs, output) = builder.summary()?;
                Ok(Call {
                    host: client.host.name,
                    operation,
                    call: builder.call(),
                    inputs,
                    output,
                })
            });
            match made {
                Ok(call) => calls.push(call),
                Err(problem) => findings.push(format!("{}: {problem}", operation.id)),
            }
        }
    }
    Error::collect(STEP, findings)?;
    calls.sort_by_key(|call| call.operation.id);
    Ok(calls)
}

/// All files of the facade.
pub(crate) fn outputs(clients: &[Client<'_>]) -> Result<Vec<Output>> {
    let models: Vec<Model<'_>> = clients.iter().map(Model::of).collect();
    let mut products: BTreeMap<&str, Vec<Builder<'_, '_>>> = BTreeMap::new();
    let mut findings = Vec::new();
    for model in &models {
        for operation in &model.client.host.operations {
            match Builder::of(model, operation) {
                Ok(builder) => {
                    products
                        .entry(&operation.metadata.product)
                        .or_default()
                        .push(builder);
                }
                Err(problem) => findings.push(format!("{}: {problem}", operation.id)),
            }
        }
    }
    Error::collect(STEP, findings)?;
    let mut nested = Nested::new();
    let mut outputs = Vec::new();
    for (product, builders) in &products {
        let tokens = handle(product, builders, &mut nested)?;
        outputs.push(source::rust(format!("{FOLDER}/{product}.rs"), tokens)?);
    }
    outputs.push(source::rust(
        format!("{FOLDER}/checks.rs"),
        nested.module(),
    )?);
    outputs.push(source::rust(
        format!("{FOLDER}/types.rs"),
        exports::module(clients)?,
    )?);
    outputs.push(source::facade_macros(FOLDER));
    let modules = products.keys().map(|product| {
        let (gate, name) = (gates::of_product(product), source::ident(product));
        quote! { #gate pub mod #name; }
    });
    let tokens = quote! {
        #[macro_use]
        mod macros;

        mod checks;
        #(#modules)*
        pub mod types;

        #[cfg(test)]
        pub(crate) use checks::PATTERNS;
    };
    outputs.push(source::rust(format!("{FOLDER}/mod.rs"), tokens)?);
    Ok(outputs)
}

/// What a handle offers, in one line.
fn about(product: &str, builders: &[Builder<'_, '_>]) -> String {
    let verbs: Vec<String> = builders
        .iter()
        .filter(|builder| !builder.is_money_out())
        .map(|builder| format!("`{}`", builder.operation.metadata.verb))
        .collect();
    let paying: Vec<String> = builders
        .iter()
        .filter(|builder| builder.is_money_out())
        .map(|builder| format!("`{}`", builder.operation.id))
        .collect();
    let paying = match paying.is_empty() {
        true => String::new(),
        false => format!(" Paying out is on `MoneyOut`: {}.", paying.join(", ")),
    };
    format!(
        " Operations on {}: {}.{paying}",
        product.replace('_', " "),
        verbs.join(", ")
    )
}

/// The file of one product: its handle, and the builders of its operations.
fn handle(product: &str, builders: &[Builder<'_, '_>], nested: &mut Nested) -> Result<TokenStream> {
    let name = source::type_ident(&source::pascal(product));
    let accessor = source::ident(product);
    let (paying, other): (Vec<_>, Vec<_>) =
        builders.iter().partition(|builder| builder.is_money_out());
    let mut items = Vec::new();
    let mut findings = Vec::new();
    for builder in builders {
        match builder.item(nested) {
            Ok(item) => items.push(item),
            Err(problem) => findings.push(format!("{}: {problem}", builder.operation.id)),
        }
    }
    let mut verbs: Vec<&str> = other
        .iter()
        .map(|builder| builder.operation.metadata.verb.as_str())
        .collect();
    verbs.sort_unstable();
    for pair in verbs.windows(2) {
        if pair[0] == pair[1] {
            findings.push(format!(
                "{product}: two operations have the verb {}",
                pair[0]
            ));
        }
    }
    Error::collect(STEP, findings)?;
    let paying: Vec<_> = paying.iter().map(|builder| builder.method()).collect();
    let other: Vec<_> = other.iter().map(|builder| builder.method()).collect();
    let about = about(product, builders);
    let debug = crate::generate::types::closed_debug_of(&name, &[], None);
    let title = format!(" Operations on {}.", product.replace('_', " "));
    let about = source::docs([about.as_str(), "Cheap to make and to clone."]);
    let own = (!other.is_empty()).then(|| {
        quote! {
            #about
            #[derive(Clone)]
            pub struct #name { client: Singapay }

            #debug

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

        use super::checks::{self, list, number, text};
        use crate::{
            Error, MoneyOut, Outcome, Response, Singapay,
            call::{Call, Intent},
            validation::{Check, Format, Rule, Seen, When},
        };

        #own
        #money_out
        #(#items)*
    })
}
