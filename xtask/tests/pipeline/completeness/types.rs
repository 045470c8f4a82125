//! The types of a generated source, as far as names on the wire go.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Fields, GenericArgument, Item, PathArguments, Type, parse_quote};

/// A type by its name.
#[derive(Debug, Clone)]
enum Known {
    Struct(Vec<(String, Type)>, Option<Box<Type>>),
    /// A choice, or a type around another.
    OneOf(Vec<Type>),
    Values(Vec<String>),
}

/// All types of one module.
#[derive(Debug, Default)]
pub(crate) struct Types(BTreeMap<String, Known>);

/// What a type comes down to.
#[derive(Debug, Clone)]
pub(crate) enum Leaf<'a> {
    /// Members by their name on the wire, and the type of all others.
    Struct(&'a [(String, Type)], Option<&'a Type>),
    Map(&'a Type),
    List(&'a Type),
    Values(&'a [String]),
    /// Any JSON, object or bytes.
    Anything,
    /// Text, a number, a flag, or a type of the core crate with its arguments.
    Scalar(String, Vec<&'a Type>),
}

impl Types {
    /// The types among these items, and in `open_enum!`.
    pub(crate) fn of(items: &[Item]) -> Self {
        let mut types = Self::default();
        for item in items {
            match item {
                Item::Struct(item) => {
                    let known = match &item.fields {
                        Fields::Unnamed(fields) => {
                            Known::OneOf(fields.unnamed.iter().map(|f| f.ty.clone()).collect())
                        }
                        fields => fields_of(fields),
                    };
                    types.0.insert(item.ident.to_string(), known);
                }
                Item::Enum(item) => {
                    let variants = item.variants.iter().flat_map(|one| match &one.fields {
                        Fields::Unnamed(fields) => {
                            fields.unnamed.iter().map(|f| f.ty.clone()).collect()
                        }
                        _ => Vec::new(),
                    });
                    let known = Known::OneOf(variants.collect());
                    types.0.insert(item.ident.to_string(), known);
                }
                Item::Macro(item)
                    if item
                        .mac
                        .path
                        .to_token_stream()
                        .to_string()
                        .ends_with("open_enum") =>
                {
                    if let Some((name, values)) = open_enum(item.mac.tokens.clone()) {
                        types.0.insert(name, Known::Values(values));
                    }
                }
                _ => {}
            }
        }
        types
    }

    /// Adds enums that other types share.
    pub(crate) fn add(&mut self, other: Self) {
        for (name, known) in other.0 {
            self.0.entry(name).or_insert(known);
        }
    }

    /// What a type comes down to, choices in their parts.
    pub(crate) fn leaves<'a>(&'a self, ty: &'a Type) -> Vec<Leaf<'a>> {
        let mut leaves = Vec::new();
        self.collect(ty, &mut leaves, &mut Vec::new());
        leaves
    }

    fn collect<'a>(&'a self, ty: &'a Type, leaves: &mut Vec<Leaf<'a>>, open: &mut Vec<String>) {
        let path = match ty {
            Type::Reference(reference) => return self.collect(&reference.elem, leaves, open),
            Type::Path(path) => &path.path,
            other => {
                let text = other.to_token_stream().to_string();
                return leaves.push(Leaf::Scalar(text, Vec::new()));
            }
        };
        let Some(last) = path.segments.last() else {
            return;
        };
        let arguments: Vec<&Type> = match &last.arguments {
            PathArguments::AngleBracketed(all) => all
                .args
                .iter()
                .filter_map(|one| match one {
                    GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let name = last.ident.to_string();
        let own = path.segments.len() == 1
            || path
                .segments
                .iter()
                .any(|one| one.ident == "types" || one.ident == "events");
        let own = own || name == "TransactionStatusCode";
        match (name.as_str(), arguments.as_slice()) {
            (name, _) if own && self.0.contains_key(name) => match &self.0[name] {
                Known::Struct(members, further) => {
                    leaves.push(Leaf::Struct(members, further.as_deref()));
                }
                Known::Values(values) => leaves.push(Leaf::Values(values)),
                Known::OneOf(some) => {
                    if !open.contains(&name.to_owned()) {
                        open.push(name.to_owned());
                        some.iter().for_each(|one| self.collect(one, leaves, open));
                        open.pop();
                    }
                }
            },
            ("Option" | "Box" | "Nullable" | "ResponseValue", [inner]) => {
                self.collect(inner, leaves, open)
            }
            ("Vec", [item]) => leaves.push(Leaf::List(item)),
            ("HashMap" | "BTreeMap", [_, value]) => leaves.push(Leaf::Map(value)),
            ("Value" | "Map" | "ByteStream" | "Form", _) => leaves.push(Leaf::Anything),
            _ => leaves.push(Leaf::Scalar(path.to_token_stream().to_string(), arguments)),
        }
    }
}

fn fields_of(fields: &Fields) -> Known {
    let (mut members, mut further) = (Vec::new(), None);
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let (mut name, mut flatten) = (ident.to_string(), false);
        for attribute in field
            .attrs
            .iter()
            .filter(|one| one.path().is_ident("serde"))
        {
            let read = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = meta.value()?.parse::<syn::LitStr>()?.value();
                } else if meta.path.is_ident("flatten") {
                    flatten = true;
                } else if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<syn::Expr>()?;
                }
                Ok(())
            });
            read.unwrap();
        }
        match flatten {
            true => further = Some(Box::new(values_of(&field.ty))),
            false => members.push((name, field.ty.clone())),
        }
    }
    Known::Struct(members, further)
}

/// The type of the values of a map.
fn values_of(map: &Type) -> Type {
    if let Type::Path(path) = map
        && let Some(last) = path.path.segments.last()
        && let PathArguments::AngleBracketed(all) = &last.arguments
        && last.ident == "HashMap"
        && let Some(GenericArgument::Type(value)) = all.args.get(1)
    {
        return value.clone();
    }
    parse_quote!(::serde_json::Value)
}

/// The name and the values on the wire.
fn open_enum(tokens: TokenStream) -> Option<(String, Vec<String>)> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let at = tokens
        .iter()
        .position(|token| matches!(token, TokenTree::Ident(word) if word == "enum"))?;
    let name = tokens.get(at + 1)?.to_string();
    let TokenTree::Group(body) = tokens.get(at + 2)? else {
        return None;
    };
    let body: Vec<_> = body.stream().into_iter().collect();
    let values = body.windows(2).filter_map(|pair| match pair {
        [TokenTree::Punct(sign), TokenTree::Literal(value)] if sign.as_char() == '=' => Some(
            syn::parse_str::<syn::LitStr>(&value.to_string())
                .unwrap()
                .value(),
        ),
        _ => None,
    });
    Some((name, values.collect()))
}

/// The text of the documentation comments.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let docs = attributes.iter().filter(|one| one.path().is_ident("doc"));
    let lines = docs.filter_map(|one| match &one.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}
