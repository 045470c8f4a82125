//! Makes the table of banks of `singapay-core`.

use quote::quote;

use crate::{banks::Bank, error::Result, generate::source, output::Output};

const TABLE: &str = "crates/singapay-core/src/generated/banks.rs";

/// The table.
pub(crate) fn output(banks: &[Bank]) -> Result<Output> {
    let rows = banks.iter().map(|bank| {
        let names = bank.swift.iter().chain(&bank.names).chain([&bank.code]);
        quote! { &[#(#names),*] }
    });
    source::rust(
        TABLE,
        quote! {
            //! The names under which requests and answers have a bank, from `spec/banks.yaml`.

            /// All banks: SWIFT codes, names and the three digits of each.
            pub(crate) static BANKS: &[&[&str]] = &[#(#rows),*];
        },
    )
}
