//! The order of the sources: shared code below, products above, one table that lists them.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file below a folder, by its path from `src`, without its unit tests.
fn files(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(sources()).unwrap();
            let name = name.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            into.push((name, code.to_owned()));
        }
    }
}

fn all_files() -> Vec<(String, String)> {
    let mut all = Vec::new();
    files(&sources(), &mut all);
    all
}

#[test]
fn shared_code_names_products_where_the_whole_is_put_together_and_nowhere_else() {
    let all = all_files();
    let shared = all
        .iter()
        .filter(|(name, _)| !name.starts_with("products/"));
    let naming: BTreeSet<&str> = shared
        .filter(|(_, code)| code.contains("products::"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        naming,
        BTreeSet::from(["builder.rs", "lib.rs", "state/mod.rs"])
    );
}

#[test]
fn records_know_nothing_of_the_state_that_holds_them() {
    for (name, code) in all_files() {
        if name.ends_with("/record.rs") {
            let uses = code.lines().take_while(|line| !line.starts_with("///"));
            let uses: String = uses.collect();
            assert!(!uses.contains("state") && !uses.contains("World"), "{name}");
        }
    }
}

#[test]
fn every_product_is_a_folder_with_its_routes() {
    let places = ["mod.rs", "routes.rs"];
    for entry in fs::read_dir(sources().join("products")).unwrap() {
        let folder = entry.unwrap().path();
        if folder.is_dir() {
            for file in places {
                assert!(folder.join(file).exists(), "{}/{file}", folder.display());
            }
        }
    }
}
