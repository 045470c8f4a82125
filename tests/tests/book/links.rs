//! Every page is reached, and every link leads somewhere.

use std::{fs, path::Path};

use singapay_tests::spec::root;

use crate::pages::{Page, all, folder};

fn markdown(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        match entry.path() {
            path if path.is_dir() => markdown(&path, &format!("{name}/"), found),
            _ if name.ends_with(".md") && name != "SUMMARY.md" => found.push(name),
            _ => {}
        }
    }
}

#[test]
fn the_summary_has_every_page_once() {
    let mut written = Vec::new();
    markdown(&folder(), "", &mut written);
    written.sort();
    let mut listed: Vec<_> = all().into_iter().map(|page| page.file).collect();
    listed.sort();
    assert_eq!(listed, written);
}

#[test]
fn every_link_leads_to_a_page_and_a_heading_of_it() {
    let pages = all();
    for page in &pages {
        let here = Path::new(&page.file).parent().unwrap();
        for target in &page.targets {
            if target.starts_with("https://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => page.file.clone(),
                file => plain(&here.join(file)),
            };
            let said = format!("{}: {target}", page.file);
            assert!(folder().join(&file).is_file(), "{said}");
            let other = pages.iter().find(|page| page.file == file);
            match other {
                Some(other) => assert!(
                    anchor.is_empty() || other.anchors.iter().any(|known| known == anchor),
                    "{said}"
                ),
                // A figure or a program.
                None => assert!(anchor.is_empty() && !file.ends_with(".md"), "{said}"),
            }
        }
    }
}

/// Without `..`.
fn plain(path: &Path) -> String {
    let mut parts = Vec::new();
    for part in path.iter().map(|part| part.to_str().unwrap()) {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_file_that_is_named_exists() {
    const FOLDERS: [&str; 7] = [
        "crates/",
        "docs/",
        "examples/",
        "spec/",
        "tests/",
        "xtask/",
        ".ci/",
    ];
    let mut count = 0;
    for page in all() {
        for word in &page.words {
            let is_file = FOLDERS.iter().any(|folder| word.starts_with(folder));
            if is_file || word == "ARCHITECTURE.md" {
                assert!(root().join(word).exists(), "{}: {word}", page.file);
                count += 1;
            }
        }
    }
    assert!(count > 5, "{count}");
}

/// What an assistant reads first.
#[test]
fn llms_txt_tells_of_every_page_in_a_sentence() {
    let text = fs::read_to_string(root().join("llms.txt")).unwrap();
    for Page { file, .. } in all() {
        let link = format!("(docs/book/src/{file}): ");
        let line = text.lines().find(|line| line.contains(&link));
        let line = line.unwrap_or_else(|| panic!("{file} is missing"));
        assert!(line.ends_with('.'), "{line}");
    }
    for (_, rest) in text
        .match_indices("](")
        .map(|(at, _)| text.split_at(at + 2))
    {
        let target = rest.split(')').next().unwrap();
        assert!(root().join(target).is_file(), "{target}");
    }
}
