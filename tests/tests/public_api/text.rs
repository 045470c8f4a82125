//! Tokens as people write them.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens in one line, with blanks where they help.
pub(crate) fn dense(tokens: &impl ToTokens) -> String {
    let mut words = Vec::new();
    collect(tokens.to_token_stream(), &mut words);
    let mut text = String::new();
    for word in &words {
        if needs_blank(&text, word) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.replace(",)", ")")
        .replace(", >", ">")
        .replace(",>", ">")
}

fn collect(tokens: TokenStream, words: &mut Vec<String>) {
    let mut joint = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                collect(group.stream(), words);
                words.push(close.to_owned());
            }
            TokenTree::Punct(punct) => {
                joint.push(punct.as_char());
                // `'a` and `->` are one word each; `>>` and `&'` are not.
                let whole = matches!(joint.as_str(), "->" | "::" | "=>" | "..");
                let begins = matches!(joint.as_str(), "-" | ":" | "=" | "." | "'");
                if punct.spacing() == Spacing::Alone || whole || !begins {
                    words.push(std::mem::take(&mut joint));
                }
            }
            other => words.push(std::mem::take(&mut joint) + &other.to_string()),
        }
    }
}

fn needs_blank(text: &str, next: &str) -> bool {
    let glued_before = text.is_empty()
        || ["(", "[", "<", "&", "::", "#", "!", " ", "?", "$"]
            .iter()
            .any(|end| text.ends_with(end));
    let glued_after = matches!(
        next,
        "," | ";" | ")" | "]" | ">" | ":" | "::" | "." | "!" | ""
    );
    if matches!(next, "->" | "=>" | "=" | "+") || text.ends_with("->") || text.ends_with("=>") {
        return true;
    }
    if next == "::" && (text.ends_with("impl") || text.ends_with("dyn")) {
        return true;
    }
    if matches!(next, "(" | "[" | "<") {
        let word = text.ends_with(|last: char| last.is_alphanumeric() || "_>!#".contains(last));
        return !(word || glued_before);
    }
    !(glued_before || glued_after)
}

#[test]
fn tokens_are_written_as_usual() {
    for text in [
        "fn a<'a, T: Into<String> + 'a>(&'a self, b: &mut Vec<Option<T>>) -> Result<(), Error>",
        "impl<T: ?Sized> Clock for Arc<T>",
        "cfg(feature = \"cards\")",
        "x: impl IntoIterator<Item = impl Into<String>>",
        "impl ::std::fmt::Debug for Name",
        "fn(&http::Request<Bytes>) -> bool",
    ] {
        let tokens: TokenStream = text.parse().unwrap();
        assert_eq!(dense(&tokens), text);
    }
}
