//! Names and heads of items.

use quote::ToTokens;
use syn::{Attribute, Generics, ImplItem, Item, ItemImpl, UseTree, Visibility};

use crate::text::dense;

/// Attributes that are a promise.
pub(crate) fn shown(attribute: &Attribute) -> Option<String> {
    let path = dense(attribute.path());
    match path.as_str() {
        "non_exhaustive" | "must_use" | "deprecated" => Some(format!("#[{path}]")),
        "derive" | "cfg" => Some(format!("#[{}]", dense(&attribute.meta))),
        _ => None,
    }
}

pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

pub(crate) fn public_name(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Mod(item) => (&item.vis, &item.ident),
        Item::Static(item) => (&item.vis, &item.ident),
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    is_public(visibility).then(|| name.to_string())
}

/// Paths of an import: where from, which name (none for all), and under which name.
pub(crate) type Leaf = (Vec<String>, Option<String>, Option<String>);

pub(crate) fn leaves(tree: &UseTree, mut path: Vec<String>, found: &mut Vec<Leaf>) {
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            leaves(&inner.tree, path, found);
        }
        UseTree::Group(group) => {
            group
                .items
                .iter()
                .for_each(|tree| leaves(tree, path.clone(), found));
        }
        UseTree::Name(name) => {
            let name = Some(name.ident.to_string());
            found.push((path, name.clone(), name));
        }
        UseTree::Rename(rename) => {
            found.push((
                path,
                Some(rename.ident.to_string()),
                Some(rename.rename.to_string()),
            ));
        }
        UseTree::Glob(_) => found.push((path, None, None)),
    }
}

pub(crate) fn generics(generics: &Generics) -> String {
    let conditions = generics.where_clause.as_ref();
    let conditions = conditions.map(|conditions| format!(" {}", dense(conditions)));
    dense(generics) + &conditions.unwrap_or_default()
}

/// A function's signature with the whole path as its name.
pub(crate) fn signature(signature: &syn::Signature, at: &str) -> String {
    let text = dense(signature);
    let name = signature.ident.to_string();
    text.replacen(&format!("fn {name}"), &format!("fn {at}"), 1)
}

/// `impl Trait for path`.
pub(crate) fn header(block: &ItemImpl, at: &str) -> String {
    let generics = &block.generics;
    let of = block.trait_.as_ref().map(|(not, path, _)| {
        let not = if not.is_some() { "!" } else { "" };
        format!("{not}{}", dense(path))
    });
    let of = of.unwrap_or_default();
    let conditions = generics.where_clause.as_ref();
    let conditions = conditions
        .map(|it| format!(" {}", dense(it)))
        .unwrap_or_default();
    let types = block.items.iter().filter_map(|item| match item {
        ImplItem::Type(item) => Some(format!(" {}", dense(&item.to_token_stream()))),
        _ => None,
    });
    format!(
        "impl{} {of} for {at}{conditions}{}",
        dense(generics),
        types.collect::<String>()
    )
}

pub(crate) fn trait_name(block: &ItemImpl) -> Option<String> {
    let (_, path, _) = block.trait_.as_ref()?;
    Some(path.segments.last()?.ident.to_string())
}

pub(crate) fn self_name(block: &ItemImpl) -> Option<String> {
    let syn::Type::Path(path) = &*block.self_ty else {
        return None;
    };
    Some(path.path.segments.last()?.ident.to_string())
}
