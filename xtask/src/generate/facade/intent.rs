//! Intent of a money-out call, read off its fields: for the guard, and for asking afterwards.

use proc_macro2::TokenStream;
use quote::quote;

use super::fields::{Input, Place};
use crate::{
    error::Made,
    generate::{shape::Shape, spec::Operation},
};

/// Makes a value of the intent of one that the builder holds.
type Convert<'c> = dyn Fn(&Shape, &TokenStream) -> Option<TokenStream> + 'c;

/// The input of a body field, by its dotted name; the biller's wrapper may be left out of it.
fn named<'i>(inputs: &'i [Input<'_>], name: &str) -> Option<&'i Input<'i>> {
    inputs
        .iter()
        .find(|input| input.place != Place::Path && input.name == name)
}

/// An `Intent` from the builder; what the guard could not read stops generation.
///
/// `is_struct` tells generated structs from enums.
pub(super) fn intent(
    operation: &Operation<'_>,
    inputs: &[Input<'_>],
    is_struct: &dyn Fn(&str) -> bool,
) -> Made<TokenStream> {
    let found = |input: Option<&'_ Input<'_>>, name: &str, convert: &Convert<'_>| {
        let input = input.ok_or_else(|| format!("the request has no field {name}"))?;
        convert(&input.shape, &input.value)
            .ok_or_else(|| format!("{name} has a type that no payout is checked by"))
    };
    let field = |name: Option<&String>, convert: &Convert<'_>| match name {
        None => Ok(quote! { None }),
        Some(name) => found(named(inputs, name), name, convert),
    };
    let reference = match &operation.metadata.reference {
        None => quote! { None },
        Some(reference) => {
            let name = reference.field.as_str();
            let last = |input: &&Input<'_>| input.name.rsplit('.').next() == Some(name);
            let input = named(inputs, name).or_else(|| inputs.iter().find(last));
            found(input, name, &|shape, value| match shape {
                Shape::Text => Some(quote! { #value.cloned() }),
                _ => None,
            })?
        }
    };
    let payout = operation.metadata.payout.as_ref();
    let amount = payout.and_then(|payout| payout.amount.as_ref());
    let amount = field(amount, &|shape, value| match shape {
        Shape::Core(path) if path.ends_with("Money") => Some(quote! { #value.map(|it| it.value) }),
        Shape::Core(path) if path.ends_with("Rupiah") => Some(quote! { #value.copied() }),
        _ => None,
    })?;
    let bank = payout.and_then(|payout| payout.bank.as_ref());
    let bank = field(bank, &|shape, value| match shape {
        Shape::Named(name) if !is_struct(name) => {
            Some(quote! { #value.map(|it| it.as_str().to_owned()) })
        }
        Shape::Text => Some(quote! { #value.cloned() }),
        _ => None,
    })?;
    let beneficiary = payout.map(|payout| &payout.beneficiary);
    let beneficiary = field(beneficiary, &|shape, value| match shape {
        Shape::Text => Some(quote! { #value.map(|it| Sensitive::from(it.as_str())) }),
        Shape::Core(path) if path.ends_with("Sensitive") => Some(quote! { #value.cloned() }),
        _ => None,
    })?;
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
