//! A payout is sent by a call that was made from the capability, and by no other: the type of each
//! builder's call says so.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fs};

use quote::ToTokens;
use singapay_api::operations;
use singapay_core::operation::Effect;
use singapay_tests::spec::root;
use syn::Item;

/// Types of the calls of all builders, by the builder's name.
fn calls() -> BTreeMap<String, String> {
    let mut calls = BTreeMap::new();
    for entry in fs::read_dir(root().join("crates/singapay/src/generated")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for item in syn::parse_file(&text).unwrap().items {
            let Item::Struct(item) = item else { continue };
            let mut fields = item.fields.iter();
            let is_call = |name: &syn::Ident| name == "call";
            if let Some(call) = fields.find(|field| field.ident.as_ref().is_some_and(is_call)) {
                let of = call.ty.to_token_stream().to_string().replace(' ', "");
                calls.insert(item.ident.to_string(), of);
            }
        }
    }
    calls
}

/// The name of an operation's builder.
fn builder(operation: &str) -> String {
    let words = operation.split('_');
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.map(capital).collect()
}

#[test]
fn every_payout_asks_for_the_capability_and_nothing_else_does() {
    let calls = calls();
    let payouts = operations::ALL
        .iter()
        .filter(|operation| operation.effect == Effect::MoneyOut);
    let payouts: Vec<_> = payouts.map(|operation| builder(operation.id)).collect();
    assert!(payouts.len() >= 10, "{payouts:?}");
    assert!(calls.len() > 80, "{}", calls.len());
    for payout in &payouts {
        assert_eq!(calls[payout], "Call<MoneyOut>", "{payout}");
    }
    for (builder, call) in calls.iter().filter(|(name, _)| !payouts.contains(name)) {
        assert_eq!(call, "Call", "{builder}");
    }
}
