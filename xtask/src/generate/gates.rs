//! Products that need each type, and the `cfg` that follows.

use std::collections::{BTreeMap, BTreeSet};

use crate::generate::{source::kebab, spec::Host};

/// Products by type name.
pub(crate) struct Gates {
    types: BTreeMap<String, BTreeSet<String>>,
}

impl Gates {
    /// Finds out for one host.
    pub(crate) fn of(host: &Host<'_>) -> Self {
        let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in &host.operations {
            let product = &operation.metadata.product;
            for name in operation.schemas(&host.schemas) {
                let products = types.entry(name.to_owned()).or_default();
                products.insert(product.clone());
            }
        }
        Self { types }
    }

    /// The gate of a type; none if every build needs it.
    pub(crate) fn of_type(&self, name: &str) -> Option<syn::Attribute> {
        let products = self.types.get(name)?.iter();
        let features: Vec<String> = products.map(|product| kebab(product)).collect();
        Some(match features.as_slice() {
            [only] => syn::parse_quote! { #[cfg(feature = #only)] },
            several => syn::parse_quote! { #[cfg(any(#(feature = #several),*))] },
        })
    }
}

/// The gate of something that one product needs.
pub(crate) fn of_product(product: &str) -> syn::Attribute {
    let feature = kebab(product);
    syn::parse_quote! { #[cfg(feature = #feature)] }
}
