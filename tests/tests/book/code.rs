//! No block of code that nobody runs.

use std::fs;

use singapay::{testing, types::PaymentLinkType};
use singapay_tests::spec::root;

use crate::pages::{Page, all, folder};

/// `console` is for what a test cannot run: installing, and programs that serve.
const LANGUAGES: [&str; 5] = ["rust", "rust,ignore", "sh", "console", "toml"];

#[test]
fn every_block_says_what_it_is() {
    for page in all() {
        for (language, text) in &page.blocks {
            let said = format!("{}: {language}\n{text}", page.file);
            assert!(LANGUAGES.contains(&language.as_str()), "{said}");
            // Run as a whole.
            let mut programs = ["shop/main.rs", "payout/main.rs"].into_iter();
            let is_program =
                programs.any(|file| fs::read_to_string(folder().join(file)).unwrap() == *text);
            assert_eq!(language == "rust,ignore", is_program, "{said}");
            // What is ours runs.
            let is_ours = text.lines().any(|line| line.starts_with("singapay "));
            assert!(language != "console" || !is_ours, "{said}");
        }
    }
}

#[test]
fn every_page_with_rust_is_among_the_doctests() {
    let list = fs::read_to_string(root().join("tests/src/book.rs")).unwrap();
    for page in all().iter().filter(|page| !page.file.starts_with("id/")) {
        let has_rust = page.blocks.iter().any(|(language, _)| language == "rust");
        assert_eq!(
            has_rust,
            list.contains(&format!("\"{}\"", page.file)),
            "{}",
            page.file
        );
    }
}

/// A translation has the code of its original, which is the one that runs.
#[test]
fn translations_have_the_same_code() {
    for page in all().iter().filter(|page| page.file.starts_with("id/")) {
        let original = Page::read(page.file.strip_prefix("id/").unwrap());
        assert!(!page.text.is_empty());
        assert_eq!(page.blocks, original.blocks, "{}", page.file);
    }
}

/// What `main` prints of an error begins as the start says.
#[tokio::test]
async fn an_error_is_printed_as_the_start_shows() {
    let client = testing::gateway().client().unwrap();
    let link = client.payment_links().create().reff_no("INV-1");
    let link = link.payment_link_type(PaymentLinkType::Total);
    let printed = format!("Error: {:?}", link.send().await.unwrap_err());
    for file in ["start.md", "id/start.md"] {
        let page = Page::read(file);
        let mut shown = page.words.iter().filter(|word| word.starts_with("Error: "));
        assert!(shown.any(|shown| printed.starts_with(shown)), "{printed}");
    }
}
