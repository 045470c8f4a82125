//! What a money-out call is about, read off its fields: for the guard, and for asking afterwards.

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

/// An `Intent` from the unwrapped locals.
pub(super) fn intent(
    operation: &Operation<'_>,
    inputs: &[Input<'_>],
    account: Option<&Input<'_>>,
) -> Made<TokenStream> {
    let account = account.map(|input| value(input, &|it| quote! { #it.clone() }));
    let reference = operation.metadata.reference.as_ref().and_then(|reference| {
        let last = |name: &str| name.rsplit('.').next() == Some(reference.field.as_str());
        inputs
            .iter()
            .find(|input| input.name == reference.field || last(&input.name))
    });
    let reference = reference.map(|input| value(input, &|it| quote! { #it.clone() }));
    let payout = operation.metadata.payout.as_ref();
    let field = |name: Option<&String>| match name {
        None => Ok(None),
        Some(name) => named(inputs, name)
            .map(Some)
            .ok_or_else(|| format!("{}: the request has no field {name}", operation.id)),
    };
    let amount = field(payout.and_then(|payout| payout.amount.as_ref()))?.and_then(|input| {
        match &input.shape {
            Shape::Core(path) if path.ends_with("Money") => {
                Some(value(input, &|it| quote! { #it.value }))
            }
            Shape::Core(path) if path.ends_with("Rupiah") => {
                let ident = &input.ident;
                Some(if input.required {
                    quote! { Some(#ident) }
                } else {
                    quote! { #ident }
                })
            }
            _ => None,
        }
    });
    let bank =
        field(payout.and_then(|payout| payout.bank.as_ref()))?.map(|input| match &input.shape {
            Shape::Named(_) => value(input, &|it| quote! { #it.as_str().to_owned() }),
            _ => value(input, &|it| quote! { #it.clone() }),
        });
    let beneficiary =
        field(payout.map(|payout| &payout.beneficiary))?.map(|input| match &input.shape {
            Shape::Text => value(input, &|it| quote! { Sensitive::from(#it.clone()) }),
            _ => value(input, &|it| quote! { #it.clone() }),
        });
    let [account, reference, amount, bank, beneficiary] =
        [account, reference, amount, bank, beneficiary]
            .map(|value| value.unwrap_or_else(|| quote! { None }));
    Ok(quote! {
        Intent {
            account: #account,
            reference: #reference,
            amount: #amount,
            bank: #bank,
            beneficiary: #beneficiary,
        }
    })
}

/// `Some(..)` of a required local, a mapped optional one.
fn value(input: &Input<'_>, convert: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    let ident = &input.ident;
    if input.required || input.place == Place::Path {
        let converted = convert(quote! { #ident });
        return quote! { Some(#converted) };
    }
    let converted = convert(quote! { value });
    quote! { #ident.as_ref().map(|value| #converted) }
}
