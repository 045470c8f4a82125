//! Polishes the client that progenitor made: gates, deprecation, and nothing that nobody calls.

use std::collections::BTreeMap;

use syn::{ImplItem, Item, parse_quote, visit_mut::VisitMut};

use crate::{
    error::Result,
    generate::{
        gates, shorten, source,
        spec::{Host, Operation},
        types::Simplify,
    },
    metadata::Envelope,
};

/// The polished items of a client file, except its module `types`, which is returned apart.
pub(crate) fn polish(mut file: syn::File, host: &Host<'_>) -> Result<(Vec<Item>, Vec<Item>)> {
    let operations = host.operations.iter();
    let operations = operations
        .map(|operation| (operation.id, operation))
        .collect();
    let module = format!("{}::types", host.name);
    let types = std::mem::take(source::types(&mut file)?);
    let mut items = Vec::new();
    for item in file.items {
        match item {
            // The types, and the prelude, which is one name; `ByteStream`, `Error` and the like are
            // exported once, by the crate.
            Item::Mod(_) | Item::Use(_) => {}
            Item::Struct(mut item) => {
                item.attrs
                    .retain(|attribute| attribute.path().is_ident("derive"));
                let about = format!(" Raw client of the {} host", host.name);
                let doc = format!("{about}; one method per operation.");
                item.attrs.insert(0, parse_quote! { #[doc = #doc] });
                items.push(Item::Struct(item));
            }
            Item::Impl(mut block) => {
                Calls(&module).visit_item_impl_mut(&mut block);
                block.attrs.clear();
                let methods = block.items.into_iter();
                block.items = methods
                    .filter_map(|item| method(item, &operations))
                    .collect();
                if !block.items.is_empty() {
                    items.push(Item::Impl(block));
                }
            }
            other => items.push(other),
        }
    }
    Ok((items, types))
}

fn method(item: ImplItem, operations: &BTreeMap<&str, &Operation<'_>>) -> Option<ImplItem> {
    let ImplItem::Fn(mut method) = item else {
        return Some(item);
    };
    let name = method.sig.ident.to_string();
    // It builds an HTTP client with settings of its own, and unwraps.
    if name == "new" {
        return None;
    }
    if let Some(operation) = operations.get(name.as_str()) {
        if operation.metadata.envelope == Envelope::Flat {
            Flatten.visit_return_type_mut(&mut method.sig.output);
        }
        shorten::method(&mut method.block);
        let gate = gates::of_product(&operation.metadata.product);
        method.attrs.insert(0, gate);
        if operation.deprecated {
            let note = "the gateway marks this operation as legacy";
            method.attrs.push(parse_quote! { #[deprecated = #note] });
        }
    }
    Some(ImplItem::Fn(method))
}

/// Wraps the type of an answer without envelope, so that all answers have one.
struct Flatten;

impl VisitMut for Flatten {
    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        if segment.ident == "ResponseValue" {
            let arguments = std::mem::take(&mut segment.arguments);
            if let syn::PathArguments::AngleBracketed(arguments) = arguments {
                let data = arguments.args;
                *segment = parse_quote! { ResponseValue<::singapay_core::envelope::Flat<#data>> };
            }
            return;
        }
        syn::visit_mut::visit_path_segment_mut(self, segment);
    }
}

/// Paths inside methods: types of this host are reached through `types::`.
struct Calls<'a>(&'a str);

impl VisitMut for Calls<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let is = |at: usize, name| path.segments.get(at).is_some_and(|one| one.ident == name);
        if is(0, "crate")
            && is(2, "types")
            && let Some(last) = path.segments.last().cloned()
        {
            *path = parse_quote! { types::#last };
        }
        Simplify(self.0).shorten(path);
        syn::visit_mut::visit_path_mut(self, path);
    }
}
