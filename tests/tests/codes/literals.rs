//! Codes of the gateway stand in the table alone: no source by hand spells one, but the sandbox's.

use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use singapay_core::codes::CODES;
use singapay_tests::spec::root;

/// Statuses of transactions, which look like the biller's codes.
const STATUSES: &str = "singapay-core/src/payout.rs";

#[test]
fn no_code_is_spelt_outside_the_table() {
    let mut found = Vec::new();
    let mut files = 0;
    for krate in fs::read_dir(root().join("crates")).unwrap() {
        let krate = krate.unwrap().path();
        if !krate.ends_with("singapay-sandbox") {
            files += search(&krate.join("src"), &mut found);
        }
    }
    assert!(files > 150, "{files} files");
    assert_eq!(found, [] as [String; 0]);
}

/// Walks a folder; returns how many files it read.
fn search(folder: &Path, found: &mut Vec<String>) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "generated" && name != "tests" {
                files += search(&path, found);
            }
        } else if path.extension().is_some_and(|it| it == "rs")
            && name != "tests.rs"
            && !path.ends_with(STATUSES)
        {
            let text = fs::read_to_string(&path).unwrap();
            for literal in literals(text.parse().unwrap()) {
                if is_code(&literal) {
                    found.push(format!("{}: {literal}", path.display()));
                }
            }
            files += 1;
        }
    }
    files
}

fn is_code(literal: &str) -> bool {
    let text = literal.trim_matches('"');
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    // Short ones, and names in capitals, are words of other things too.
    let is_number = |word: &str| word.len() > 2 && word.bytes().any(|byte| byte.is_ascii_digit());
    CODES.iter().any(|row| row.code == text)
        || words.any(|word| is_number(word) && CODES.iter().any(|row| row.code == word))
}

/// Literals of code; documentation and what only tests compile are left out.
fn literals(tokens: TokenStream) -> Vec<String> {
    let mut literals = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut tested = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!')
                {
                    tokens.next();
                }
                let attribute = tokens.next().unwrap().to_string();
                let attribute: String = attribute.split_whitespace().collect();
                tested |= attribute == "[cfg(test)]";
            }
            TokenTree::Group(group) => {
                if !tested {
                    literals.extend(self::literals(group.stream()));
                }
                tested &= group.delimiter() != proc_macro2::Delimiter::Brace;
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => tested = false,
            TokenTree::Literal(literal) if !tested => literals.push(literal.to_string()),
            _ => {}
        }
    }
    literals
}
