//! Makes the table of codes of `singapay-core` and `spec/CODES.md` from `spec/codes.yaml`.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    codes::{Codes, Proof, Row, SOURCE, Status},
    error::{Error, Result},
    generate::{api::Client, source},
    output::Output,
};

const TABLE: &str = "crates/singapay-core/src/generated/codes.rs";
const PAGE: &str = "spec/CODES.md";
const PAGE_HEAD: &str = include_str!("../../templates/codes.md");

/// The table and the page.
pub(crate) fn outputs(codes: &Codes, clients: &[Client<'_>]) -> Result<[Output; 2]> {
    Error::collect(SOURCE, findings(codes, clients))?;
    Ok([table(codes)?, page(codes)])
}

fn findings(codes: &Codes, clients: &[Client<'_>]) -> Vec<String> {
    let meanings: BTreeSet<&str> = codes.meanings.iter().map(|one| one.name.as_str()).collect();
    let operations = || clients.iter().flat_map(|client| &client.host.operations);
    let mut findings = Vec::new();
    if meanings.len() != codes.meanings.len() {
        findings.push("a meaning is named twice".to_owned());
    }
    for (host, rows) in &codes.codes {
        if !clients.iter().any(|client| client.host.name == host) {
            findings.push(format!("{host}: no such host"));
        }
        let mut seen = BTreeSet::new();
        for row in rows {
            let at = format!("{host} {}", row.code);
            if !seen.insert((&row.code, &row.product, &row.operations)) {
                findings.push(format!("{at}: stands twice"));
            }
            match (&row.meaning, row.proof) {
                (None, Proof::Accepted) => {}
                (Some(meaning), proof) if proof != Proof::Accepted => {
                    if !meanings.contains(meaning.as_str()) {
                        findings.push(format!("{at}: no meaning is called {meaning}"));
                    }
                }
                _ => findings.push(format!("{at}: a meaning, or accepted, but not both")),
            }
            for id in &row.operations {
                if !operations().any(|operation| operation.id == id) {
                    findings.push(format!("{at}: no operation is called {id}"));
                }
            }
            if let Some(product) = &row.product
                && !operations().any(|operation| operation.metadata.product == *product)
            {
                findings.push(format!("{at}: no product is called {product}"));
            }
        }
    }
    findings
}

fn table(codes: &Codes) -> Result<Output> {
    let meanings = codes.meanings.iter();
    let meanings = || meanings.clone().map(|one| (one, pascal_ident(&one.name)));
    let variants = meanings().map(|(one, ident)| {
        let docs = source::docs([one.meaning.as_str(), one.advice.as_str()]);
        quote! { #docs #ident }
    });
    let texts = meanings().map(|(one, ident)| {
        let text = &one.text;
        quote! { Self::#ident => #text }
    });
    let caller = meanings().filter(|(one, _)| one.caller);
    let caller = caller.map(|(_, ident)| quote! { Self::#ident });
    let rows = codes.codes.iter().flat_map(|(host, rows)| {
        let general = |row: &&Row| row.product.is_none() && row.operations.is_empty();
        let (general, special): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(general);
        let host = pascal_ident(host);
        let rows = special.into_iter().chain(general);
        rows.map(|row| row_tokens(row, &host)).collect::<Vec<_>>()
    });
    let tokens = quote! {
        //! Meaning and proof of the gateway's codes, from `spec/codes.yaml`.

        use crate::{
            codes::{Code, Only, Proof},
            operation::Host,
        };

        /// Meaning of the gateway's answer, for the operation that was called.
        ///
        /// One code can mean different things: `SP001` is the issuer's refusal on a card, and says nothing
        /// about the outcome of a payout. Match on this rather than on codes. The table of all codes
        /// is `spec/CODES.md` in the repository.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            #(#variants,)*
        }

        impl Reason {
            /// The meaning in a few words.
            pub fn text(self) -> &'static str {
                match self { #(#texts,)* }
            }

            /// True if it blames who calls rather than what was asked.
            pub fn is_about_caller(self) -> bool {
                matches!(self, #(#caller)|*)
            }
        }

        /// All codes; what holds for some operations only stands before what holds for all.
        pub static CODES: &[Code] = &[#(#rows),*];
    };
    source::rust(TABLE, tokens)
}

fn page(codes: &Codes) -> Output {
    let advice = |name: &str| {
        let found = codes.meanings.iter().find(|one| one.name == name);
        found.map_or("", |one| one.advice.as_str())
    };
    let mut text = PAGE_HEAD.to_owned();
    for (host, rows) in &codes.codes {
        text.push_str(&format!(
                "\n## {host} host\n\n| Code | HTTP | Meaning | Proof | What to do | Evidence |\n|---|---|---|---|---|---|\n"
            ));
        for row in rows {
            let only = match (&row.product, row.operations.as_slice()) {
                (Some(product), _) => format!(" ({product})"),
                (None, []) => String::new(),
                (None, operations) => format!(" (`{}`)", operations.join("`, `")),
            };
            let status = match &row.status {
                Status::Unknown => "unknown".to_owned(),
                Status::One(status) => status.to_string(),
                Status::Some(text) => text.clone(),
            };
            let (meaning, advice) = match row.meaning.as_deref() {
                None => ("success".to_owned(), ""),
                Some(name) => (format!("`{}`", source::pascal(name)), advice(name)),
            };
            let (proof, evidence) = (row.proof.text(), source::word(row.evidence));
            text.push_str(&format!(
                "| `{}`{only} | {status} | {meaning}: {} | {proof} | {advice} | {evidence} |\n",
                row.code, row.note
            ));
        }
    }
    Output::new(PAGE, text)
}

fn pascal_ident(name: &str) -> Ident {
    source::type_ident(&source::pascal(name))
}

fn row_tokens(row: &Row, host: &Ident) -> TokenStream {
    let (code, proof) = (&row.code, source::variant(row.proof));
    let only = match (&row.product, row.operations.as_slice()) {
        (Some(product), _) => quote! { Only::Product(#product) },
        (None, []) => quote! { Only::All },
        (None, operations) => quote! { Only::Operations(&[#(#operations),*]) },
    };
    let reason = source::option(row.meaning.as_ref().map(|meaning| {
        let ident = pascal_ident(meaning);
        quote! { Reason::#ident }
    }));
    quote! {
        Code { host: Host::#host, code: #code, only: #only, reason: #reason, proof: Proof::#proof }
    }
}
