//! Features and products are the same list.

use std::collections::BTreeSet;

use crate::support::repository;

/// Products as features are written.
fn products() -> BTreeSet<String> {
    let lowered = xtask::pipeline::run(&repository()).unwrap().lowered;
    let operations = lowered
        .hosts
        .iter()
        .flat_map(|host| xtask::document::operations(&host.document));
    operations
        .map(|(_, _, operation)| {
            operation["x-singapay"]["product"]
                .as_str()
                .unwrap()
                .replace('_', "-")
        })
        .collect()
}

fn features(package: &str) -> toml::Table {
    let manifest = repository().join(format!("crates/{package}/Cargo.toml"));
    let manifest: toml::Table = std::fs::read_to_string(manifest).unwrap().parse().unwrap();
    manifest["features"].as_table().unwrap().clone()
}

fn list(features: &toml::Table, name: &str) -> BTreeSet<String> {
    let parts = features[name].as_array().unwrap();
    parts
        .iter()
        .map(|part| part.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_raw_client_has_a_feature_per_product_and_no_other() {
    let features = features("singapay-api");
    let products = products();
    assert!(products.len() >= 20, "{products:?}");
    assert_eq!(list(&features, "default"), products);
    let mut named: BTreeSet<String> = features.keys().cloned().collect();
    named.remove("default");
    assert_eq!(named, products);
}

#[test]
fn the_facade_has_a_feature_per_product_that_turns_on_the_same_below() {
    let features = features("singapay");
    let default = list(&features, "default");
    let products = products();
    assert!(default.is_superset(&products));
    for product in &products {
        let below = format!("singapay-api/{product}");
        assert!(list(&features, product).contains(&below), "{product}");
    }
    // A feature that turns on something of the raw client is a product.
    for (name, parts) in &features {
        for part in parts.as_array().unwrap() {
            if let Some(product) = part.as_str().unwrap().strip_prefix("singapay-api/") {
                assert_eq!(name, product);
                assert!(products.contains(product), "{product} is no product");
            }
        }
    }
}
