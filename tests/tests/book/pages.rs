//! The pages of the book, as mdBook reads them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use singapay_tests::spec::root;

/// One page.
pub(crate) struct Page {
    /// Path below the folder of sources.
    pub(crate) file: String,
    /// The text, with what it includes.
    pub(crate) text: String,
    /// Anchors of its headings.
    pub(crate) anchors: Vec<String>,
    /// Targets of links and figures.
    pub(crate) targets: Vec<String>,
    /// Words in backticks.
    pub(crate) words: Vec<String>,
    /// Blocks of code: the word behind the fence, and the text.
    pub(crate) blocks: Vec<(String, String)>,
}

/// The folder of sources.
pub(crate) fn folder() -> PathBuf {
    root().join("docs/book/src")
}

/// All pages, in the order of the summary.
pub(crate) fn all() -> Vec<Page> {
    let summary = Page::read("SUMMARY.md");
    summary
        .targets
        .iter()
        .map(|file| Page::read(file))
        .collect()
}

impl Page {
    /// Reads one of the folder.
    pub(crate) fn read(file: &str) -> Self {
        let path = folder().join(file);
        let raw = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut page = Self {
            file: file.to_owned(),
            text: with_includes(&raw, path.parent().unwrap()),
            anchors: Vec::new(),
            targets: Vec::new(),
            words: Vec::new(),
            blocks: Vec::new(),
        };
        page.parse();
        page
    }

    fn parse(&mut self) {
        let (mut heading, mut block) = (None::<String>, None::<(String, String)>);
        let text = self.text.clone();
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    self.anchors
                        .extend(heading.take().map(|text| anchor(&text)));
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    self.targets.push(dest_url.to_string());
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some((language, String::new()));
                }
                Event::End(TagEnd::CodeBlock) => self.blocks.extend(block.take()),
                Event::Text(text) | Event::Code(text) if heading.is_some() || block.is_some() => {
                    let into = block.as_mut().map(|(_, text)| text).or(heading.as_mut());
                    into.unwrap().push_str(&text);
                }
                Event::Code(text) => self.words.push(text.to_string()),
                _ => {}
            }
        }
    }

    /// Blocks of a language.
    pub(crate) fn blocks_of<'a>(&'a self, language: &'a str) -> impl Iterator<Item = &'a str> {
        let blocks = self.blocks.iter();
        let blocks = blocks.filter(move |(name, _)| name.split(',').next() == Some(language));
        blocks.map(|(_, text)| text.as_str())
    }
}

/// As mdBook makes it of a heading.
fn anchor(heading: &str) -> String {
    let heading = heading.trim().to_lowercase();
    let letters = heading.chars().filter_map(|letter| match letter {
        letter if letter.is_alphanumeric() || letter == '_' || letter == '-' => Some(letter),
        letter if letter.is_whitespace() => Some('-'),
        _ => None,
    });
    letters.collect()
}

fn with_includes(text: &str, folder: &Path) -> String {
    let lines = text.lines().map(|line| {
        let include = line.strip_prefix("{{#include ");
        match include.and_then(|rest| rest.strip_suffix("}}")) {
            Some(path) => fs::read_to_string(folder.join(path)).unwrap(),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

#[test]
fn anchors_are_those_of_mdbook() {
    let heading = "What if it says unknown, for ever? `Payouts::run`";
    assert_eq!(
        anchor(heading),
        "what-if-it-says-unknown-for-ever-payoutsrun"
    );
}
