//! Makes the operation table: what the pipeline and the facade know about each operation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    error::{Error, Result},
    generate::{STEP, api::Client, source, spec::Operation},
    metadata::{Auth, Effect, Envelope, Evidence, Payout, Replay},
    output::Output,
};

/// The table of all hosts.
pub(crate) fn output(folder: &str, clients: &[Client<'_>]) -> Result<Output> {
    let mut rows: Vec<(&str, &Operation<'_>)> = clients
        .iter()
        .flat_map(|client| {
            client
                .host
                .operations
                .iter()
                .map(|row| (client.host.name, row))
        })
        .collect();
    rows.sort_by_key(|(_, operation)| operation.id);
    let mut findings = Vec::new();
    for pair in rows.windows(2) {
        if pair[0].1.id == pair[1].1.id {
            findings.push(format!("two operations are called {}", pair[0].1.id));
        }
    }
    for (_, operation) in &rows {
        if let Some(inquiry) = &operation.metadata.inquiry
            && !rows.iter().any(|(_, other)| other.id == inquiry)
        {
            findings.push(format!(
                "{}: no operation is called {inquiry}",
                operation.id
            ));
        }
    }
    for (_, operation) in &rows {
        let pays_out = operation.metadata.effect == Effect::MoneyOut;
        if pays_out != operation.metadata.payout.is_some() {
            let id = operation.id;
            findings.push(format!(
                "{id}: payout metadata belongs to money-out, and only there"
            ));
        }
    }
    Error::collect(STEP, findings)?;
    let statics = rows.iter().map(|(host, operation)| row(host, operation));
    let names = rows.iter().map(|(_, operation)| {
        let name = source::type_ident(&source::screaming(operation.id));
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
    let name = source::type_ident(&source::screaming(operation.id));
    let (id, path, product) = (operation.id, operation.path, &metadata.product);
    let method = operation.method.to_ascii_uppercase();
    let doc = format!(" `{method} {path}`: {}", operation.summary);
    let host = source::type_ident(&source::pascal(host));
    let authentication = match metadata.auth {
        Auth::Bearer => quote! { Authentication::Bearer },
        Auth::SchemeA => quote! { Authentication::SchemeA },
        Auth::SchemeB => quote! { Authentication::SchemeB },
        Auth::SchemeD => quote! { Authentication::SchemeD },
    };
    let signed = metadata.signed;
    let effect = match metadata.effect {
        Effect::Read => quote! { Effect::Read },
        Effect::Write => quote! { Effect::Write },
        Effect::MoneyIn => quote! { Effect::MoneyIn },
        Effect::MoneyOut => quote! { Effect::MoneyOut },
    };
    let envelope = match metadata.envelope {
        Envelope::V1 => quote! { Envelope::V1 },
        Envelope::V2 => quote! { Envelope::V2 },
        Envelope::Biller => quote! { Envelope::Biller },
        Envelope::Identity => quote! { Envelope::Identity },
        Envelope::Flat => quote! { Envelope::Flat },
    };
    let reference = match &metadata.reference {
        None => quote! { None },
        Some(reference) => {
            let field = &reference.field;
            let replay = match reference.replay {
                Replay::ReturnsOriginal => quote! { Replay::ReturnsOriginal },
                Replay::RefusedAsDuplicate => quote! { Replay::RefusedAsDuplicate },
                Replay::CreatesAnother => quote! { Replay::CreatesAnother },
                Replay::Unknown => quote! { Replay::Unknown },
            };
            quote! { Some(Reference { field: #field, replay: #replay }) }
        }
    };
    let inquiry = match &metadata.inquiry {
        None => quote! { None },
        Some(inquiry) => quote! { Some(#inquiry) },
    };
    let essential = &metadata.essential;
    let payout = match &metadata.payout {
        None => quote! { None },
        Some(payout) => self::payout(payout),
    };
    let optional_body = metadata.optional_body;
    let evidence = match metadata.evidence {
        Evidence::Live => quote! { Evidence::Live },
        Evidence::LiveGroup => quote! { Evidence::LiveGroup },
        Evidence::LiveRefusal => quote! { Evidence::LiveRefusal },
        Evidence::Documented => quote! { Evidence::Documented },
        Evidence::PeerOnly => quote! { Evidence::PeerOnly },
    };
    quote! {
        #[doc = #doc]
        pub static #name: Operation = Operation {
            id: #id,
            host: Host::#host,
            method: #method,
            path: #path,
            product: #product,
            authentication: #authentication,
            signed: #signed,
            effect: #effect,
            envelope: #envelope,
            reference: #reference,
            inquiry: #inquiry,
            essential: &[#(#essential),*],
            payout: #payout,
            optional_body: #optional_body,
            evidence: #evidence,
        };
    }
}

fn payout(payout: &Payout) -> TokenStream {
    let name = |name: &Option<String>| match name {
        None => quote! { None },
        Some(name) => quote! { Some(#name) },
    };
    let echo = &payout.echo;
    let (amount, bank, beneficiary) = (
        name(&payout.amount),
        name(&payout.bank),
        &payout.beneficiary,
    );
    let gross = name(&echo.gross);
    let (echoed_bank, echoed_beneficiary) = (name(&echo.bank), name(&echo.beneficiary));
    let (amounts, same) = (
        &echo.amounts,
        echo.same
            .iter()
            .map(|(asked, told)| quote! { (#asked, #told) }),
    );
    quote! {
        Some(Payout {
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
        })
    }
}
