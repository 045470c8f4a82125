//! What documentation has to say: of each variant what it means, and of each item an example or where one is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use singapay_tests::spec::root;

use crate::{krate::Crate, lines};

/// The raw client, whose items are met under the facade.
const RAW: &str = "singapay-api";
const CRATES: [&str; 9] = [
    "singapay-core",
    RAW,
    "singapay-auth",
    "singapay-webhook",
    "singapay-store",
    "singapay-axum",
    "singapay-actix",
    "singapay-sandbox",
    "singapay",
];

/// A crate: its public lines, and what is said of each public path.
struct Read {
    folder: &'static str,
    name: String,
    lines: Vec<lines::Line>,
    docs: BTreeMap<String, String>,
}

static READ: LazyLock<Vec<Read>> = LazyLock::new(|| CRATES.into_iter().map(read).collect());

fn read(folder: &'static str) -> Read {
    let source = root().join("crates").join(folder).join("src/lib.rs");
    let krate = Crate::load(&folder.replace('-', "_"), &source);
    let mut docs: BTreeMap<String, String> = BTreeMap::new();
    let (lines, said) = lines::and_docs(&krate);
    for (path, text) in said {
        docs.entry(path).or_default().push_str(&text);
    }
    Read {
        folder,
        name: krate.name,
        lines,
        docs,
    }
}

/// Words that alone say nothing of a variant.
const FILLERS: [&str; 12] = [
    "a", "an", "the", "is", "was", "it", "of", "in", "by", "to", "state", "value",
];

fn words(text: &str) -> BTreeSet<String> {
    let mut spaced = String::new();
    for letter in text.chars() {
        if letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let both = format!("{spaced} {text}").to_lowercase();
    let parts = both.split(|letter: char| !letter.is_alphanumeric());
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn words_are_taken_apart() {
    let expected = ["data", "dataonly", "only"].map(str::to_owned);
    assert_eq!(words("`DataOnly`"), expected.into());
}

/// A variant's documentation says more than its name, its type's name and its text on the wire.
#[test]
fn every_variant_says_what_it_means() {
    let (mut mute, mut count) = (Vec::new(), 0);
    for Read { lines, docs, .. } in READ.iter() {
        for (path, line) in lines {
            let Some((owner, _)) = path.rsplit_once("::") else {
                continue;
            };
            // A variant's line begins with its path.
            if !line.starts_with(path) {
                continue;
            }
            count += 1;
            let mut known = words(line);
            known.extend(words(owner));
            known.extend(FILLERS.map(str::to_owned));
            let said = words(&docs[path]);
            if said.is_subset(&known) {
                mute.push(format!("{path}: {:?}", docs[path].trim()));
            }
        }
    }
    assert!(count > 400, "{count}");
    assert!(
        mute.is_empty(),
        "{} variants:\n{}",
        mute.len(),
        mute.join("\n")
    );
}

/// The lines of code in a text.
fn code(text: &str) -> String {
    let mut inside = None;
    let mut code = String::new();
    for line in text.lines() {
        match (line.trim().strip_prefix("```"), inside) {
            (Some(_), Some(_)) => inside = None,
            (Some(language), None) => inside = Some(!["json", "text", "toml"].contains(&language)),
            (None, Some(true)) => code.push_str(&(line.to_owned() + "\n")),
            (None, _) => {}
        }
    }
    code
}

/// The words in a text that are made of letters that a path or a name has.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || "_-./#".contains(letter)))
}

/// Pages of the book and files of code that a text names.
fn files(text: &str) -> impl Iterator<Item = &str> {
    let folders = ["docs/book/src/", "crates/", "tests/"];
    let is_file = move |name: &&str| folders.iter().any(|folder| name.starts_with(folder));
    names(text)
        .map(|name| name.trim_end_matches('.'))
        .filter(is_file)
}

/// True if a text has code, or names a page of the book, a file or an example to run.
fn shows(text: &str) -> bool {
    files(text).next().is_some() || text.contains("--example ") || !code(text).is_empty()
}

/// Names of what a text links to.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let marked = text.split("[`").skip(1);
    marked
        .filter_map(|rest| rest.split_once("`]"))
        .flat_map(|(link, _)| link.split("::"))
}

/// A type, a function or a trait, with all that is said of it and of its members.
struct Item {
    path: String,
    docs: String,
    is_shown: bool,
}

impl Item {
    fn name(&self) -> String {
        self.path.rsplit("::").next().unwrap().to_owned()
    }
}

fn items(krate: &Read) -> Vec<Item> {
    let Read { lines, docs, .. } = krate;
    let kinds = [
        "pub struct ",
        "pub enum ",
        "pub trait ",
        "pub type ",
        "open_enum!(",
        "gateway_time!(",
    ];
    let types: BTreeSet<_> = lines
        .iter()
        .filter(|(_, line)| kinds.iter().any(|kind| line.contains(kind)))
        .map(|(path, _)| path.clone())
        .collect();
    let is_type = |path: &str| types.contains(path);
    let functions = lines.iter().filter(|(path, line)| {
        let owner = path.rsplit_once("::").map(|(owner, _)| owner);
        line.contains(&format!("fn {path}")) && !owner.is_some_and(is_type)
    });
    let paths: BTreeSet<_> = types
        .iter()
        .cloned()
        .chain(functions.map(|(path, _)| path.clone()))
        .collect();
    let front = code(&docs[&krate.name]);
    let mut items: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let inner = format!("{path}::");
            let own = docs
                .range(path.clone()..)
                .take_while(|(at, _)| at.starts_with(&path))
                .filter(|(at, _)| **at == path || at.starts_with(&inner))
                .map(|(_, text)| text.as_str());
            let own: String = own.collect();
            let (module, name) = path.rsplit_once("::").unwrap();
            let is_shown = shows(&own)
                || (module != krate.name && shows(&docs[module]))
                || names(&front).any(|word| word == name);
            Item {
                docs: own,
                is_shown,
                path,
            }
        })
        .collect();
    // Under another path the same item has the same page.
    let shown: BTreeSet<_> = items
        .iter()
        .filter(|item| item.is_shown)
        .map(Item::name)
        .collect();
    for item in &mut items {
        item.is_shown |= shown.contains(&item.name());
    }
    items
}

/// Themselves, by a member, by their module or the crate's front page, or one link away.
#[test]
fn every_item_has_an_example_or_says_where_one_is() {
    let crates = READ.iter().filter(|krate| krate.folder != RAW);
    let items: Vec<_> = crates.flat_map(items).collect();
    assert!(items.len() > 500, "{}", items.len());
    let shown: BTreeSet<_> = items
        .iter()
        .filter(|item| item.is_shown)
        .map(Item::name)
        .collect();
    let missing: Vec<_> = items
        .iter()
        .filter(|item| !item.is_shown && !links(&item.docs).any(|link| shown.contains(link)))
        .map(|item| item.path.as_str())
        .collect();
    assert!(
        missing.is_empty(),
        "{} items:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

/// A page, a heading or an example that is named is there.
#[test]
fn pages_and_examples_that_are_named_are_there() {
    for Read { folder, docs, .. } in READ.iter() {
        for (path, text) in docs {
            for page in files(text) {
                let (file, heading) = page.split_once('#').unwrap_or((page, ""));
                let book = std::fs::read_to_string(root().join(file));
                let book = book.unwrap_or_else(|why| panic!("{path}: {file}: {why}"));
                let headings = book.lines().filter(|line| line.starts_with('#'));
                let mut anchors = headings.map(|line| {
                    let line = line.trim_start_matches('#').trim().to_lowercase();
                    let kept = line
                        .chars()
                        .filter(|letter| letter.is_alphanumeric() || " -".contains(*letter));
                    kept.collect::<String>().replace(' ', "-")
                });
                assert!(
                    heading.is_empty() || anchors.any(|anchor| anchor == heading),
                    "{path}: {page}"
                );
            }
            for example in text.split("--example ").skip(1) {
                let example = names(example).next().unwrap();
                let folder = root().join("crates").join(folder).join("examples");
                let found = [folder.join(format!("{example}.rs")), folder.join(example)];
                assert!(found.iter().any(|file| file.exists()), "{path}: {example}");
            }
        }
    }
}
