//! Intent of a money-out call, read off its fields: for the guard, and for asking afterwards.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builder::Made,
    fields::{Input, Place},
};
use crate::generate::{shape::Shape, spec::Operation};

/// The input of a body field, by its dotted name; the biller's wrapper may be left out of it.
fn named<'i>(inputs: &'i [Input<'_>], name: &str) -> Option<&'i Input<'i>> {
    inputs
        .iter()
        .find(|input| input.place != Place::Path && input.name == name)
}

/// An `Intent` from the builder.
pub(super) fn intent(operation: &Operation<'_>, inputs: &[Input<'_>]) -> Made<TokenStream> {
    let reference = operation.metadata.reference.as_ref().and_then(|reference| {
        let last = |name: &str| name.rsplit('.').next() == Some(reference.field.as_str());
        inputs
            .iter()
            .find(|input| input.name == reference.field || last(&input.name))
    });
    let payout = operation.metadata.payout.as_ref();
    let field = |name: Option<&String>| match name {
        None => Ok(None),
        Some(name) => named(inputs, name)
            .map(Some)
            .ok_or_else(|| format!("{}: the request has no field {name}", operation.id)),
    };
    let reference = of(reference, |_, value| Some(quote! { #value.cloned() }));
    let amount = of(
        field(payout.and_then(|payout| payout.amount.as_ref()))?,
        |shape, value| match shape {
            Shape::Core(path) if path.ends_with("Money") => {
                Some(quote! { #value.map(|it| it.value) })
            }
            Shape::Core(path) if path.ends_with("Rupiah") => Some(quote! { #value.copied() }),
            _ => None,
        },
    );
    let bank = of(
        field(payout.and_then(|payout| payout.bank.as_ref()))?,
        |shape, value| match shape {
            Shape::Named(_) => Some(quote! { #value.map(|it| it.as_str().to_owned()) }),
            _ => Some(quote! { #value.cloned() }),
        },
    );
    let beneficiary = of(
        field(payout.map(|payout| &payout.beneficiary))?,
        |shape, value| match shape {
            Shape::Text => Some(quote! { #value.map(|it| Sensitive::from(it.as_str())) }),
            _ => Some(quote! { #value.cloned() }),
        },
    );
    Ok(quote! {
        Intent {
            account: self.account().map(str::to_owned),
            reference: #reference,
            amount: #amount,
            bank: #bank,
            beneficiary: #beneficiary,
        }
    })
}

/// The value of an input, converted; `None` without one.
fn of(
    input: Option<&Input<'_>>,
    convert: impl Fn(&Shape, &TokenStream) -> Option<TokenStream>,
) -> TokenStream {
    input
        .and_then(|input| convert(&input.shape, &input.value))
        .unwrap_or_else(|| quote! { None })
}
