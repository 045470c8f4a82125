//! All hosted pages: in both languages, in each state, with any text in any field.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{
    qris::data,
    staged_pages::{Staged, staged},
};
use crate::{
    http::page::{Language, Visit, parsed::Parsed, scanned},
    state::World,
};

fn shown(world: &World, staged: &Staged, language: Language) -> String {
    let visit = Visit::of(&staged.name, language, "");
    let page = (staged.page.show)(world, &visit);
    page.unwrap_or_else(|| panic!("{} {}", staged.page.path, staged.name))
        .into_string()
}

#[test]
fn every_page_shows_its_state_in_both_languages() {
    let (world, all) = staged("Toko Sumber Rejeki");
    for page in &all {
        let of = format!("{} {}", page.page.path, page.name);
        let [indonesian, english] = [Language::Indonesian, Language::English].map(|language| {
            let parsed = Parsed::of(&shown(&world, page, language));
            assert!(parsed.errors.is_empty(), "{of}: {:?}", parsed.errors);
            let code = Some(language.code());
            assert_eq!(parsed.first("html").attribute("lang"), code, "{of}");
            let main = parsed.first("main");
            assert_eq!(main.attribute("data-state"), Some(page.state), "{of}");
            let goes_on = matches!(page.state, "open" | "waiting");
            assert_eq!(main.attribute("data-watch").is_some(), goes_on, "{of}");
            let current = parsed
                .elements()
                .find(|element| element.attribute("aria-current").is_some());
            assert_eq!(current.unwrap().attribute("lang"), code, "{of}");
            parsed
        });
        let [one, other] = [&indonesian, &english].map(|page| page.first("main").text());
        assert_ne!(one, other, "{of}");
        assert_eq!(indonesian.structure(), english.structure(), "{of}");
    }
}

#[test]
fn only_what_is_open_can_be_sent() {
    let (world, all) = staged("Toko");
    for page in &all {
        let parsed = Parsed::of(&shown(&world, page, Language::English));
        let forms = parsed.elements().filter(|element| element.name == "form");
        let forms: Vec<_> = forms
            .map(|form| form.attribute("method").map(str::to_owned))
            .collect();
        // The card of a subscription that goes on can be changed.
        let changes = page.page.path == "/sub/{page}" && page.state == "done";
        let wanted = usize::from(page.state == "open" || changes);
        assert_eq!(
            forms,
            vec![Some("post".to_owned()); wanted],
            "{}",
            page.page.path
        );
    }
}

#[test]
fn nothing_is_inline_and_nothing_is_from_elsewhere() {
    let (world, all) = staged("Toko");
    for page in &all {
        let parsed = Parsed::of(&shown(&world, page, Language::Indonesian));
        for element in parsed.elements() {
            assert_ne!(element.name, "style");
            assert!(element.name != "script" || element.text().is_empty());
            for (name, value) in element.attributes {
                assert!(name != "style" && !name.starts_with("on"), "{name}");
                if name == "src" || (name == "href" && element.name == "link") {
                    assert!(value.starts_with("/pages/"), "{value}");
                }
            }
        }
    }
}

#[test]
fn the_code_that_is_drawn_asks_for_the_payment() {
    let (world, all) = staged("Toko Sumber Rejeki");
    let pages = all
        .iter()
        .map(|page| shown(&world, page, Language::English));
    let drawn: Vec<String> = pages.filter(|page| page.contains("<svg")).collect();
    let [page] = drawn.as_slice() else {
        panic!("{} codes", drawn.len());
    };
    let code = scanned(page);
    assert_eq!(data::amount(&code), Some(Ok(1_250_000)));
    assert_eq!(data::kind(&code), "mpm-dynamic");
    assert_eq!(data::tag(&code, "59"), Some("Toko Sumber Rejeki"));
}

/// As a browser reads it.
fn read(text: &str) -> String {
    let text = text.replace('\0', "\u{fffd}");
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Every page with a harmless text.
static PLAIN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (world, all) = staged("plain");
    let pages = all.iter();
    pages
        .map(|page| Parsed::of(&shown(&world, page, Language::English)).structure())
        .collect()
});

/// A text in every field changes nothing but the texts.
fn holds(text: &str, language: Language) {
    let (world, all) = staged(text);
    for (page, plain) in all.iter().zip(PLAIN.iter()) {
        // What is done with every page before it is sent.
        let html = shown(&world, page, language).replace('\0', "\u{fffd}");
        let parsed = Parsed::of(&html);
        assert_eq!(
            &parsed.structure(),
            plain,
            "{} with {text:?}",
            page.page.path
        );
        let told = parsed.first("section").text();
        assert!(told.contains(&read(text)), "{told:?} without {text:?}");
    }
}

#[test]
fn hostile_texts_are_texts() {
    for text in [
        "<script>alert(1)</script>",
        "</title></main><script src=//evil.example></script>",
        "\" autofocus onfocus=\"alert(1)",
        "' onload='alert(1)",
        "<!-- ",
        "]]>&lt;&#60;&amp",
        "\u{202e}oko\u{2066}T \u{05d0}\u{0627}",
        "a\0b",
        "a\r\nb\rc",
        "{{7*7}}${7*7}",
        &"A".repeat(10_000),
        &"\u{0301}\u{200d}".repeat(5_000),
    ] {
        holds(text, Language::Indonesian);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_text_in_any_field_is_a_text(text in "(?s)([\"'&<>/=!\\-\\[\\]\0 \r\n]|script|.){1,60}") {
        holds(&text, Language::English);
    }
}
