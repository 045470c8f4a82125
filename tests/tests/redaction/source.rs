//! Generated types: every `Debug` is closed, by reading the source of all of them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use syn::{Fields, Item, ItemStruct, Token, punctuated::Punctuated};

/// The folders of generated types that are public.
const FOLDERS: [&str; 3] = [
    "crates/singapay-api/src/generated",
    "crates/singapay/src/generated",
    "crates/singapay-webhook/src/generated",
];

fn files() -> Vec<(PathBuf, Vec<Item>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let file = syn::parse_file(&text).unwrap();
            files.push((path, file.items));
        }
    }
    files
}

/// True if one of the derives is of `Debug`.
fn derives_debug(attributes: &[syn::Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
        .any(|attribute| {
            let paths = attribute
                .parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
                .unwrap();
            paths.iter().any(|path| {
                path.segments
                    .last()
                    .is_some_and(|last| last.ident == "Debug")
            })
        })
}

/// Types of a module that a closed `Debug` was written for, with what it prints.
fn closed(items: &[Item]) -> Vec<(String, String)> {
    let mut closed = Vec::new();
    for item in items {
        // The macros of builders close them too, and print no field at all.
        if let Item::Macro(call) = item
            && ["closed_debug", "request", "payout"]
                .iter()
                .any(|name| call.mac.path.is_ident(name))
        {
            let is_closed = call.mac.path.is_ident("closed_debug");
            let parser = |input: syn::parse::ParseStream<'_>| {
                let name: syn::Ident = input.parse()?;
                let rest: proc_macro2::TokenStream = input.parse()?;
                let text = rest.into_iter().nth(1).filter(|_| is_closed);
                let text = match text {
                    Some(text) => syn::parse2::<syn::LitStr>(text.into())?.value(),
                    None => name.to_string(),
                };
                Ok((name.to_string(), text))
            };
            closed.push(call.mac.parse_body_with(parser).unwrap());
        }
    }
    closed
}

fn fields(item: &ItemStruct) -> BTreeSet<String> {
    match &item.fields {
        Fields::Named(fields) => fields
            .named
            .iter()
            .filter_map(|field| field.ident.as_ref().map(ToString::to_string))
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// Walks a module; returns how many types it checked.
fn check(file: &Path, items: &[Item]) -> usize {
    let closed = closed(items);
    let mut checked = 0;
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    checked += check(file, items);
                }
            }
            // The raw clients: their own members have closed forms of their own.
            Item::Struct(item) if item.ident == "Client" => {
                let allowed = ["baseurl", "client", "inner"].map(str::to_owned);
                assert_eq!(fields(item), BTreeSet::from(allowed), "{}", file.display());
            }
            Item::Struct(item) => {
                let name = item.ident.to_string();
                let place = format!("{name} in {}", file.display());
                assert!(!derives_debug(&item.attrs), "{place} derives Debug");
                let text = closed.iter().find(|(own, _)| *own == name);
                let Some((_, text)) = text else {
                    panic!("{place} has no closed Debug")
                };
                check_text(&place, text, &name, &fields(item));
                checked += 1;
            }
            Item::Enum(item) => {
                let place = format!("{} in {}", item.ident, file.display());
                // A name alone is no value.
                let holds = item.variants.iter().any(|it| !it.fields.is_empty());
                assert!(
                    !(holds && derives_debug(&item.attrs)),
                    "{place} derives Debug"
                );
                checked += 1;
            }
            Item::Impl(item) => {
                let debug = item.trait_.as_ref().is_some_and(|(_, path, _)| {
                    path.segments
                        .last()
                        .is_some_and(|last| last.ident == "Debug")
                });
                assert!(!debug, "a Debug by hand in {}", file.display());
            }
            _ => {}
        }
    }
    checked
}

/// Asserts that the type's name and names of its fields are printed, and nothing else.
fn check_text(place: &str, text: &str, name: &str, fields: &BTreeSet<String>) {
    let rest = text
        .strip_prefix(name)
        .unwrap_or_else(|| panic!("{place}: {text}"));
    let words = rest.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    for word in words.filter(|word| !word.is_empty()) {
        let known = fields
            .iter()
            .any(|field| field.trim_start_matches("r#") == word);
        assert!(known, "{place} prints {word}");
    }
}

#[test]
fn no_generated_type_prints_a_value() {
    let mut checked = 0;
    for (path, items) in files() {
        checked += check(&path, &items);
    }
    assert!(checked > 300, "{checked} types");
}

/// `Display` is only given to what is meant to be shown.
#[test]
fn no_generated_type_is_displayed() {
    for (path, items) in files() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!items.is_empty() || path.ends_with("mod.rs"));
        assert!(!text.contains("fmt::Display for"), "{}", path.display());
    }
}
