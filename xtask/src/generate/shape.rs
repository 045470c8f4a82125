//! Kind of value that a generated field holds, and how it is read, set and checked.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericArgument, PathArguments, Type};

/// Kind of a field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Integer,
    Boolean,
    /// Any JSON.
    Json,
    /// A JSON object of unknown shape.
    Map,
    /// A generated struct or enum, by name.
    Named(String),
    /// A type of `singapay-core`, by its path.
    Core(String),
    List(Box<Shape>),
    Optional(Box<Shape>),
    /// Absent, null or a value.
    Nullable(Box<Shape>),
}

impl Shape {
    /// Reads a (simplified) type.
    pub(crate) fn of(ty: &Type) -> Option<Self> {
        let Type::Path(path) = ty else { return None };
        let inner = || Shape::of(argument(ty)?).map(Box::new);
        let name = path.path.segments.last()?.ident.to_string();
        Some(match name.as_str() {
            "String" => Self::Text,
            "i64" => Self::Integer,
            "bool" => Self::Boolean,
            "Value" => Self::Json,
            "Map" => Self::Map,
            "Vec" => Self::List(inner()?),
            "Option" => Self::Optional(inner()?),
            "Nullable" => Self::Nullable(inner()?),
            "f64" | "f32" | "i32" | "u32" | "u64" | "NonZeroU64" => return None,
            _ if path.path.segments.first()?.ident == "singapay_core" => Self::Core(type_text(ty)),
            _ => Self::Named(name),
        })
    }

    /// The shape without its optional wrapper, and whether there was one.
    pub(crate) fn required(&self) -> (&Self, bool) {
        match self {
            Self::Optional(inner) | Self::Nullable(inner) => (inner, false),
            other => (other, true),
        }
    }

    /// The reader of `singapay_core::tolerant` for a field of an answer; `is_struct` tells
    /// generated structs from enums.
    pub(crate) fn reader(&self, is_struct: &dyn Fn(&str) -> bool) -> Option<String> {
        let (shape, required) = self.required();
        let reader = match shape {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Json => "value",
            Self::Map => "object",
            Self::Named(name) if is_struct(name) => "object",
            Self::List(item) if **item == Self::Text => "text_list",
            Self::List(_) => "list",
            // Types of core and open enums read tolerantly by themselves.
            Self::Named(_) | Self::Core(_) if required => return None,
            Self::Core(path) if path.contains("Money") => "money",
            Self::Named(_) | Self::Core(_) => return Some("tolerant::option".into()),
            Self::Optional(_) | Self::Nullable(_) => return None,
        };
        let option = if required { "" } else { "option_" };
        Some(format!("tolerant::{option}{reader}"))
    }

    /// The argument type of a setter.
    pub(crate) fn argument(&self, types: &TokenStream) -> TokenStream {
        match self {
            Self::Text | Self::Core(_) => {
                let plain = self.plain(types);
                quote! { impl Into<#plain> }
            }
            Self::List(item) => {
                let item = match **item {
                    Self::List(_) => item.plain(types),
                    _ => item.argument(types),
                };
                quote! { impl IntoIterator<Item = #item> }
            }
            other => other.plain(types),
        }
    }

    /// Turns a setter's argument into the value.
    pub(crate) fn convert(&self, argument: &TokenStream) -> TokenStream {
        match self {
            Self::Text | Self::Core(_) => quote! { #argument.into() },
            Self::List(item) => match **item {
                Self::Text | Self::Core(_) => {
                    quote! { #argument.into_iter().map(Into::into).collect() }
                }
                _ => quote! { #argument.into_iter().collect() },
            },
            _ => argument.clone(),
        }
    }

    /// The value's type, as written outside the module `types` of the raw client.
    pub(crate) fn plain(&self, types: &TokenStream) -> TokenStream {
        let (around, inner) = match self {
            Self::Text => return quote! { String },
            Self::Integer => return quote! { i64 },
            Self::Boolean => return quote! { bool },
            Self::Json => return quote! { serde_json::Value },
            Self::Map => return quote! { serde_json::Map<String, serde_json::Value> },
            Self::Named(name) => {
                let name = super::source::type_ident(name);
                return quote! { #types #name };
            }
            Self::Core(path) => return path.parse().unwrap_or_default(),
            Self::List(inner) => (quote! { Vec }, inner),
            Self::Optional(inner) => (quote! { Option }, inner),
            Self::Nullable(inner) => (quote! { ::singapay_core::Nullable }, inner),
        };
        let inner = inner.plain(types);
        quote! { #around<#inner> }
    }
}

/// The first type among the arguments of a type.
pub(crate) fn argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(all) = &path.path.segments.last()?.arguments else {
        return None;
    };
    all.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Text of a type, for messages and the inventory.
pub(crate) fn type_text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, dense) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" <", "<"),
        (" >", ">"),
        (" ,", ","),
        (",>", ">"),
        ("& ", "&"),
    ] {
        text = text.replace(spaced, dense);
    }
    text
}
