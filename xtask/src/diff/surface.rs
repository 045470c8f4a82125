//! The public items of the generated code, as users write them.
//!
//! Bodies of requests are public in the raw client and hidden behind the builders: their fields count
//! as part of the builder's setter.

use std::{collections::BTreeMap, fmt::Display};

use quote::ToTokens;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ItemEnum, Meta, ReturnType, Visibility};

use crate::{error::Result, generate, output::Output};

/// Marks the field of a hidden body, which lies below the setter of the same name.
const BODY: &str = "#body";

/// An item as it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its type or signature, and its abilities.
    pub(super) text: String,
    /// Its documentation.
    pub(super) docs: String,
}

/// Public items by their path.
pub(super) type Surface = BTreeMap<String, Entry>;

/// The public items of generated files.
///
/// `bodies` are the schemas of request bodies, by module and name, with their operation.
pub(super) fn of(outputs: &[Output], bodies: &BTreeMap<String, String>) -> Result<Surface> {
    let mut found = Surface::new();
    for output in outputs {
        let path = output.path.to_string_lossy();
        let Some((krate, file)) = path
            .strip_prefix("crates/")
            .and_then(|path| path.split_once("/src/generated/"))
        else {
            continue;
        };
        let name = file.trim_end_matches(".rs");
        let skipped = ["macros", "mod", "operations", "checks", "banks", "codes"].contains(&name);
        if skipped || krate == "singapay-core" {
            continue;
        }
        let krate = krate.replace('-', "_");
        read(&output.text, &format!("{krate}::{name}"), &mut found)?;
    }
    Ok(as_seen(found, bodies))
}

/// The public items of one source.
pub(super) fn read(source: &str, at: &str, found: &mut Surface) -> Result<()> {
    let file = syn::parse_file(source)
        .map_err(|cause| crate::error::Error::new("diff", format_args!("{at}: {cause}")))?;
    items(&file.items, at, found);
    Ok(())
}

fn items(all: &[Item], at: &str, found: &mut Surface) {
    for item in all {
        let under = |name: &dyn Display| format!("{at}::{name}");
        match item {
            Item::Mod(inner) => {
                if let Some((_, inner_items)) = &inner.content {
                    items(inner_items, &under(&inner.ident), found);
                }
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let path = under(&item.ident);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let name = field.ident.as_ref();
                    let name = name.map_or("0".to_owned(), ToString::to_string);
                    let path = format!("{path}::{name}");
                    add(found, path, &field.attrs, text(&field.ty));
                }
                let of = match &item.fields {
                    Fields::Unnamed(fields) => text(fields),
                    _ => "struct".to_owned(),
                };
                add(found, path, &item.attrs, of);
            }
            Item::Enum(item) if is_public(&item.vis) => enumeration(item, at, found),
            Item::Impl(block) => {
                let own = text(&block.self_ty);
                if let Some((_, of, _)) = &block.trait_ {
                    let path = format!("{at}::{own}: {}", text(of));
                    add(found, path, &block.attrs, "implemented".to_owned());
                }
                for member in &block.items {
                    if let ImplItem::Fn(method) = member
                        && is_public(&method.vis)
                    {
                        let path = format!("{}::{}", home(at, &own), method.sig.ident);
                        add(found, path, &method.attrs, signature(&method.sig));
                    }
                }
            }
            Item::Use(import) if is_public(&import.vis) => {
                let tree = text(&import.tree).replace([' ', '}'], "");
                let (from, names) = tree.split_once('{').unwrap_or_else(|| {
                    let start = tree.rfind("::").map_or(0, |start| start + 2);
                    tree.split_at(start)
                });
                for name in names.split(',').filter(|name| !name.is_empty()) {
                    add(found, under(&name), &import.attrs, format!("{from}{name}"));
                }
            }
            Item::Macro(item) => {
                let tokens = item.mac.tokens.clone();
                if let Ok(made) = syn::parse2::<ItemEnum>(tokens.clone()) {
                    enumeration(&made, at, found);
                } else if let Some(name) = tokens.into_iter().next() {
                    let path = format!("{at}::{name}: {}!", text(&item.mac.path));
                    add(found, path, &[], "applied".to_owned());
                }
            }
            Item::Fn(item) if is_public(&item.vis) => {
                let path = under(&item.sig.ident);
                add(found, path, &item.attrs, signature(&item.sig));
            }
            Item::Const(item) if is_public(&item.vis) => {
                add(found, under(&item.ident), &item.attrs, text(&item.ty));
            }
            Item::Type(item) if is_public(&item.vis) => {
                add(found, under(&item.ident), &item.attrs, text(&item.ty));
            }
            _ => {}
        }
    }
}

fn enumeration(item: &ItemEnum, at: &str, found: &mut Surface) {
    let path = format!("{at}::{}", item.ident);
    for variant in &item.variants {
        let value = variant.discriminant.as_ref().map(|(_, value)| text(value));
        let of = text(&variant.fields) + &value.unwrap_or_default();
        let path = format!("{path}::{}", variant.ident);
        add(found, path, &variant.attrs, of);
    }
    add(found, path, &item.attrs, "enum".to_owned());
}

/// Path under which the methods of a type are seen: those of the facade's own types at the root.
fn home(at: &str, own: &str) -> String {
    match own {
        "MoneyOut" | "Singapay" => format!("singapay::{own}"),
        own => format!("{at}::{own}"),
    }
}

fn add(found: &mut Surface, path: String, attributes: &[Attribute], text: String) {
    let mut entry = Entry {
        text,
        docs: String::new(),
    };
    for attribute in attributes {
        match &attribute.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => {
                entry.docs.push_str(&self::text(&doc.value));
            }
            Meta::NameValue(why) if why.path.is_ident("deprecated") => {
                entry.docs.push_str(&self::text(why));
            }
            // Where a search finds it is no part of it.
            Meta::List(list)
                if list.path.is_ident("doc") && self::text(&list.tokens) != "hidden" =>
            {
                entry.docs.push_str(&self::text(list));
            }
            Meta::Path(word) if word.is_ident("deprecated") => entry.docs.push_str("deprecated"),
            Meta::List(list) if list.path.is_ident("serde") || list.path.is_ident("allow") => {}
            other => entry.text.push_str(&format!(" #[{}]", self::text(other))),
        }
    }
    found.insert(path, entry);
}

/// A signature without the names of its arguments, which nobody writes.
fn signature(signature: &syn::Signature) -> String {
    let arguments: Vec<_> = signature
        .inputs
        .iter()
        .map(|argument| match argument {
            FnArg::Receiver(receiver) => text(&receiver.ty),
            FnArg::Typed(argument) => text(&argument.ty),
        })
        .collect();
    let gives = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, given) => format!(" -> {}", text(given)),
    };
    let waits = signature.asyncness.map_or("", |_| "async ");
    format!("{waits}fn({}){gives}", arguments.join(", "))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn text(tokens: &impl ToTokens) -> String {
    generate::type_text(tokens)
}

/// Raw types under the names that the facade gives them, without what nobody calls.
fn as_seen(found: Surface, bodies: &BTreeMap<String, String>) -> Surface {
    let types = found.iter();
    let types = types.filter(|(path, _)| path.starts_with("singapay::types::"));
    let again: BTreeMap<&str, &String> = types
        .map(|(path, entry)| (entry.text.split(' ').next().unwrap_or_default(), path))
        .collect();
    let mut seen = Surface::new();
    for (path, entry) in &found {
        let Some(rest) = path.strip_prefix("singapay_api::") else {
            seen.insert(path.clone(), entry.clone());
            continue;
        };
        let mut parts = rest.splitn(4, "::");
        let (Some(host), Some("types"), Some(name), member) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let plain = name.split(':').next().unwrap_or(name);
        if let Some(builder) = bodies.get(&format!("{host}::{plain}")) {
            if let Some(member) = member {
                let builder = builder_of(&found, builder);
                seen.insert(format!("{builder}::{member}{BODY}"), entry.clone());
            }
            continue;
        }
        let home = format!("singapay_api::{host}::types::{plain}");
        let public = again.get(home.as_str()).copied().unwrap_or(&home);
        seen.insert(path.replacen(&home, public, 1), entry.clone());
    }
    seen
}

/// The path of an operation's builder, or its id.
pub(super) fn builder_of<T>(found: &BTreeMap<String, T>, id: &str) -> String {
    let name = format!("::{}", generate::pascal(id));
    let is_builder = |path: &&String| path.starts_with("singapay::") && path.ends_with(&name);
    let builder = found
        .keys()
        .find(|path| is_builder(path) && path.matches("::").count() == 2);
    builder.cloned().unwrap_or_else(|| id.to_owned())
}

/// The path as users read it.
pub(super) fn shown(path: &str) -> String {
    let path = path.replace(BODY, "");
    let path = path.strip_prefix("singapay::").unwrap_or(&path);
    match path.strip_prefix("singapay_webhook::") {
        Some(rest) => format!("webhook::{rest}"),
        None => path.to_owned(),
    }
}

/// The name of a type, and of its member if the path is that of one.
pub(super) fn own_name(path: &str) -> (&str, Option<&str>) {
    let path = path.trim_end_matches(BODY);
    // What a type implements hangs on the type.
    let path = path.split_once(": ").map_or(path, |(own, _)| own);
    let (around, name) = path.rsplit_once("::").unwrap_or(("", path));
    let owner = around.rsplit("::").next().unwrap_or_default();
    match owner.starts_with(char::is_uppercase) {
        true => (owner, Some(name)),
        false => (name, None),
    }
}

/// True if this is a field of a hidden body.
pub(super) fn is_hidden(path: &str) -> bool {
    path.ends_with(BODY)
}
