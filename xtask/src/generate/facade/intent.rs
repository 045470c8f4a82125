//! What a money-out call is about, read off its fields: for the guard, and for asking afterwards.

use proc_macro2::TokenStream;
use quote::quote;

use super::fields::{Input, Place};
use crate::generate::{shape::Shape, spec::Operation};

const AMOUNTS: [&str; 4] = ["amount", "total_amount", "price", "nominal"];
const BANKS: [&str; 2] = ["bank_code", "bank_swift_code"];
const BENEFICIARIES: [&str; 8] = [
    "bank_account_number",
    "beneficiary_account_number",
    "account_number",
    "customer_number",
    "destination_account_id",
    "qr_data",
    "customer_id",
    "phone_number",
];

/// The fields of an intent that an operation has, for the inventory.
pub(super) fn named<'i>(inputs: &'i [Input<'_>], names: &[&str]) -> Option<&'i Input<'i>> {
    names.iter().find_map(|name| {
        inputs.iter().find(|input| {
            input.place != Place::Path && input.name.rsplit('.').next() == Some(*name)
        })
    })
}

/// An `Intent` from the unwrapped locals.
pub(super) fn intent(
    operation: &Operation<'_>,
    inputs: &[Input<'_>],
    account: Option<&Input<'_>>,
) -> TokenStream {
    let account = account.map(|input| value(input, &|it| quote! { #it.clone() }));
    let reference = operation.metadata.reference.as_ref().and_then(|reference| {
        let last = |name: &str| name.rsplit('.').next() == Some(reference.field.as_str());
        inputs
            .iter()
            .find(|input| input.name == reference.field || last(&input.name))
    });
    let reference = reference.map(|input| value(input, &|it| quote! { #it.clone() }));
    let amount = named(inputs, &AMOUNTS).and_then(|input| match &input.shape {
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
    });
    let bank = named(inputs, &BANKS).map(|input| match &input.shape {
        Shape::Named(_) => value(input, &|it| quote! { #it.as_str().to_owned() }),
        _ => value(input, &|it| quote! { #it.clone() }),
    });
    let beneficiary = named(inputs, &BENEFICIARIES).map(|input| match &input.shape {
        Shape::Text => value(input, &|it| quote! { Sensitive::from(#it.clone()) }),
        _ => value(input, &|it| quote! { #it.clone() }),
    });
    let [account, reference, amount, bank, beneficiary] =
        [account, reference, amount, bank, beneficiary]
            .map(|value| value.unwrap_or_else(|| quote! { None }));
    quote! {
        Intent {
            account: #account,
            reference: #reference,
            amount: #amount,
            bank: #bank,
            beneficiary: #beneficiary,
        }
    }
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
