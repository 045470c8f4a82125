//! Setters, of builders and of objects inside request bodies.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::generate::source;

/// A setter that puts a value into a place, and one that clears it, if null is a value of its own.
pub(crate) fn setter(
    (docs, mark): &(TokenStream, TokenStream),
    name: &Ident,
    argument: &TokenStream,
    (place, value): (&TokenStream, &TokenStream),
    cleared: Option<&str>,
) -> TokenStream {
    let wrapped = match cleared {
        Some(_) => quote! { ::singapay_core::Nullable::Value(#value) },
        None => quote! { Some(#value) },
    };
    let clear = cleared.map(|wire| {
        let clear = source::ident(&format!("clear_{name}"));
        let doc = format!(" Sends `{wire}` as null, which clears it.");
        quote! {
            #[doc = #doc]
            #mark
            pub fn #clear(mut self) -> Self {
                #place = ::singapay_core::Nullable::Null;
                self
            }
        }
    });
    quote! {
        #docs
        #mark
        pub fn #name(mut self, #name: #argument) -> Self {
            #place = #wrapped;
            self
        }
        #clear
    }
}
