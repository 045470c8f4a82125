//! Constructors and setters of objects inside request bodies, which users build.

use quote::quote;
use syn::{Attribute, Item, ItemStruct, parse_quote};

use crate::{
    error::Made,
    generate::{setter::setter, shape::Shape, types::wire_name},
};

/// `new(required..)`, and a setter per optional field.
pub(crate) fn constructors(item: &ItemStruct, gate: Option<&Attribute>) -> Made<Item> {
    let ident = &item.ident;
    let types = quote! {};
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    let mut setters = Vec::new();
    for field in &item.fields {
        let name = field.ident.as_ref().ok_or("a tuple")?;
        let shape = Shape::of(&field.ty).ok_or("no model")?;
        let (inner, required) = shape.required();
        let argument = inner.argument(&types);
        let value = inner.convert(&quote! { #name });
        if required {
            arguments.push(quote! { #name: #argument });
            values.push(match *name == value.to_string() {
                true => quote! { #name },
                false => quote! { #name: #value },
            });
            continue;
        }
        values.push(quote! { #name: Default::default() });
        let attributes = field.attrs.iter();
        let docs = attributes.filter(|attribute| attribute.path().is_ident("doc"));
        let about = (quote! { #(#docs)* }, quote! { #[must_use] });
        let place = quote! { self.#name };
        let cleared = matches!(shape, Shape::Nullable(_)).then(|| wire_name(field));
        setters.push(setter(
            &about,
            name,
            &argument,
            (&place, &value),
            cleared.as_deref(),
        ));
    }
    let default: Option<Attribute> = arguments
        .is_empty()
        .then(|| parse_quote! { #[allow(clippy::new_without_default)] });
    Ok(parse_quote! {
        #gate
        impl #ident {
            /// With its required fields.
            #default
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
    })
}
