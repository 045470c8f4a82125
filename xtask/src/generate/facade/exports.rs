//! The facade's module `types`: the raw types that users meet.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    error::{Error, Result},
    generate::{STEP, api::Client, source},
};

/// Re-exports of answers, enums and objects inside requests; not of bodies.
pub(super) fn module(clients: &[Client<'_>]) -> Result<TokenStream> {
    let mut seen = BTreeMap::new();
    let mut findings = Vec::new();
    let mut exports = Vec::new();
    for client in clients {
        let host = source::ident(client.host.name);
        let mut groups = BTreeMap::new();
        for name in names(client) {
            let own = client.host.name;
            if let Some(other) = seen.insert(name.clone(), own) {
                findings.push(format!("{name} is a type of {other} and of {own}"));
            }
            let gate = client.gates.of_type(&name);
            let key = quote! { #gate }.to_string();
            let group: &mut (_, Vec<_>) = groups.entry(key).or_insert_with(|| (gate, Vec::new()));
            group.1.push(source::type_ident(&name));
        }
        exports.extend(groups.into_values().map(|(gate, names)| {
            quote! {
                #gate
                pub use singapay_api::#host::types::{#(#names),*};
            }
        }));
    }
    Error::collect(STEP, findings)?;
    Ok(quote! {
        //! Objects and enums of requests and answers.
        //!
        //! The module of each product says where the book shows it; what all have in common is in
        //! `docs/book/src/time-and-money.md`.

        #(#exports)*
    })
}

/// Names of a client's types that users meet.
pub(crate) fn names(client: &Client<'_>) -> Vec<String> {
    let bodies: Vec<&str> = client.host.bodies().map(|(name, _)| name).collect();
    let structs = source::structs(&client.types).map(|item| item.ident.to_string());
    let enums = client.host.schemas.enums();
    let structs = structs.filter(|name| !bodies.contains(&name.as_str()));
    let enums = enums.map(|(name, _)| name.to_owned());
    let mut names: Vec<String> = structs.chain(enums).collect();
    names.sort();
    names
}
