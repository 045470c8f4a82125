//! Makes the operation table: what the pipeline and the facade know about each operation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    error::{Error, Result},
    generate::{STEP, api::Client, source, spec::Operation},
    metadata::{Effect, Payout},
    output::Output,
};

/// The table of all hosts.
pub(crate) fn output(folder: &str, clients: &[Client<'_>]) -> Result<Output> {
    let rows = clients.iter().flat_map(|client| {
        let operations = client.host.operations.iter();
        operations.map(|operation| (client.host.name, operation))
    });
    let mut rows: Vec<(&str, &Operation<'_>)> = rows.collect();
    rows.sort_by_key(|(_, operation)| operation.id);
    let mut findings = Vec::new();
    for pair in rows.windows(2).filter(|pair| pair[0].1.id == pair[1].1.id) {
        findings.push(format!("two operations are called {}", pair[0].1.id));
    }
    for (_, Operation { id, metadata, .. }) in &rows {
        if let Some(inquiry) = &metadata.inquiry
            && !rows.iter().any(|(_, other)| other.id == inquiry)
        {
            findings.push(format!("{id}: no operation is called {inquiry}"));
        }
        if (metadata.effect == Effect::MoneyOut) != metadata.payout.is_some() {
            let finding = "payout metadata belongs to money-out, and only there";
            findings.push(format!("{id}: {finding}"));
        }
    }
    Error::collect(STEP, findings)?;
    let statics = rows.iter().map(|(host, operation)| row(host, operation));
    let names = rows.iter().map(|(_, operation)| {
        let name = source::constant(operation.id);
        quote! { &#name }
    });
    let tokens = quote! {
        //! Facts about every operation, sorted by id.
        #![allow(unused_imports)]

        use singapay_core::operation::{
            Authentication, Echo, Effect, Envelope, Evidence, Host, Operation, Payout, Reference, Replay,
        };

        /// All operations, also of products that this build leaves out, sorted by id: which paths
        /// pay out must be known whatever is built.
        pub static ALL: &[&Operation] = &[#(#names),*];

        /// The operation with this id.
        pub fn find(id: &str) -> Option<&'static Operation> {
            let index = ALL.binary_search_by(|operation| operation.id.cmp(id)).ok()?;
            ALL.get(index).copied()
        }

        #(#statics)*
    };
    source::rust(format!("{folder}/operations.rs"), tokens)
}

fn row(host: &str, operation: &Operation<'_>) -> TokenStream {
    let metadata = &operation.metadata;
    let name = source::constant(operation.id);
    let (id, path, product) = (operation.id, operation.path, &metadata.product);
    let method = operation.method.to_ascii_uppercase();
    let doc = format!(" `{method} {path}`: {}", operation.summary);
    let host = source::type_ident(&source::pascal(host));
    let authentication = source::variant(metadata.auth);
    let signed = metadata.signed;
    let effect = source::variant(metadata.effect);
    let envelope = source::variant(metadata.envelope);
    let reference = source::option(metadata.reference.as_ref().map(|reference| {
        let (field, replay) = (&reference.field, source::variant(reference.replay));
        quote! { Reference { field: #field, replay: Replay::#replay } }
    }));
    let inquiry = source::option(metadata.inquiry.as_ref());
    let essential = &metadata.essential;
    let payout = source::option(metadata.payout.as_ref().map(payout));
    let optional_body = metadata.optional_body;
    let evidence = source::variant(metadata.evidence);
    quote! {
        #[doc = #doc]
        pub static #name: Operation = Operation {
            id: #id,
            host: Host::#host,
            method: #method,
            path: #path,
            product: #product,
            authentication: Authentication::#authentication,
            signed: #signed,
            effect: Effect::#effect,
            envelope: Envelope::#envelope,
            reference: #reference,
            inquiry: #inquiry,
            essential: &[#(#essential),*],
            payout: #payout,
            optional_body: #optional_body,
            evidence: Evidence::#evidence,
        };
    }
}

fn payout(payout: &Payout) -> TokenStream {
    let name = |name: &Option<String>| source::option(name.as_ref());
    let (beneficiary, echo) = (&payout.beneficiary, &payout.echo);
    let (amount, bank) = (name(&payout.amount), name(&payout.bank));
    let (gross, echoed_bank) = (name(&echo.gross), name(&echo.bank));
    let echoed_beneficiary = name(&echo.beneficiary);
    let (amounts, same) = (&echo.amounts, echo.same.iter());
    let same = same.map(|(asked, told)| quote! { (#asked, #told) });
    quote! {
        Payout {
            amount: #amount,
            bank: #bank,
            beneficiary: #beneficiary,
            echo: Echo {
                amounts: &[#(#amounts),*],
                gross: #gross,
                bank: #echoed_bank,
                beneficiary: #echoed_beneficiary,
                same: &[#(#same),*],
            },
        }
    }
}
