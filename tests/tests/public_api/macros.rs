//! Items that macros make, as far as they can be read without expanding them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, ItemEnum};

use crate::{krate::Crate, lines::Line, text::dense};

/// Macros that make types: the name stands after `enum`, or first.
const TYPES: [&str; 2] = ["open_enum", "gateway_time"];
/// Macros that give a type methods or traits: it stands first.
const MEMBERS: [&str; 6] = [
    "call_options",
    "closed_debug",
    "draft_setters",
    "pages",
    "payout",
    "request",
];

fn invocation(item: &Item) -> Option<(String, TokenStream)> {
    let Item::Macro(item) = item else { return None };
    let name = item.mac.path.segments.last()?.ident.to_string();
    Some((name, item.mac.tokens.clone()))
}

/// Public types that an invocation makes.
pub(crate) fn made_by(item: &Item) -> Vec<String> {
    match invocation(item) {
        Some((name, tokens)) if name == "open_enum" => match syn::parse2::<ItemEnum>(tokens) {
            Ok(made) if matches!(made.vis, syn::Visibility::Public(_)) => {
                vec![made.ident.to_string()]
            }
            _ => Vec::new(),
        },
        Some((name, tokens)) if name == "gateway_time" => {
            let mut idents = tokens.into_iter().filter_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident.to_string()),
                _ => None,
            });
            idents.next().into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The lines of a type that an invocation makes, seen at `at`.
pub(crate) fn lines(item: &Item, name: &str, at: &str) -> Vec<(String, Vec<Attribute>, String)> {
    let Some((by, tokens)) = invocation(item) else {
        return Vec::new();
    };
    debug_assert!(TYPES.contains(&by.as_str()), "{name}");
    let made = syn::parse2::<ItemEnum>(tokens);
    let attributes = match &made {
        Ok(made) => made.attrs.clone(),
        Err(_) => Vec::new(),
    };
    let mut lines = vec![(at.to_owned(), attributes, format!("{by}!({at})"))];
    if let Ok(made) = made {
        for variant in made.variants {
            let value = variant.discriminant.as_ref().map(|(_, value)| dense(value));
            let path = format!("{at}::{}", variant.ident);
            let line = format!("{path} = {}", value.unwrap_or_default());
            lines.push((path, variant.attrs, line));
        }
    }
    lines
}

/// Macros that are applied to a type, each with what they are told beside it.
pub(crate) fn applied_to(krate: &Crate, name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    krate.root.each(&mut |module| {
        for (by, tokens) in module.items.iter().filter_map(invocation) {
            let mut tokens = tokens.into_iter();
            let first = tokens.find_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident.to_string()),
                _ => None,
            });
            if MEMBERS.contains(&by.as_str()) && first.as_deref() == Some(name) {
                let told = match by.as_str() {
                    "closed_debug" => String::new(),
                    _ => dense(&tokens.collect::<TokenStream>()),
                };
                found.push((by, told));
            }
        }
    });
    found
}

/// Items that the crate's own macros make of the types that they are applied to.
pub(crate) fn of(krate: &Crate) -> Vec<Line> {
    let mut lines = Vec::new();
    krate.root.each(&mut |module| {
        for item in &module.items {
            let Item::Macro(item) = item else { continue };
            let Some(name) = &item.ident else { continue };
            let name = name.to_string();
            if TYPES.contains(&name.as_str()) || MEMBERS.contains(&name.as_str()) {
                let mut parts = Vec::new();
                heads(item.mac.tokens.to_token_stream(), &mut parts);
                lines.extend(parts.into_iter().map(|part| {
                    // After everything else.
                    let line = format!("{name}!: {part}");
                    (format!("~{line}"), line)
                }));
            }
        }
    });
    lines
}

/// Everything before the braces of a public function or of an `impl` of a trait.
fn heads(tokens: TokenStream, found: &mut Vec<String>) {
    let mut head = TokenStream::new();
    for token in tokens {
        match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let text = dense(&std::mem::take(&mut head));
                let starts = ["pub ", "$vis ", "impl<", "impl "];
                let start = starts.iter().filter_map(|start| text.find(start)).min();
                let head = start.map(|start| &text[start..]);
                // Members of an `impl` without a trait follow by themselves.
                let shown = |head: &&str| !head.starts_with("impl") || head.contains(" for ");
                found.extend(head.filter(shown).map(str::to_owned));
                heads(group.stream(), found);
            }
            TokenTree::Group(group) => {
                let mut inner = Vec::new();
                heads(group.stream(), &mut inner);
                found.extend(inner);
                head.extend([token]);
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => head = TokenStream::new(),
            _ => head.extend([token]),
        }
    }
}
