//! The container file names what there is; no engine builds it here.

#![cfg(feature = "command")]
#![allow(clippy::unwrap_used)]

use std::{path::Path, process::Command};

fn read(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join(name)).unwrap()
}

/// The values of an instruction.
fn values<'a>(file: &'a str, instruction: &str) -> Vec<&'a str> {
    let lines = file.lines();
    lines
        .filter_map(|line| line.strip_prefix(instruction))
        .collect()
}

#[test]
fn options_features_and_names_of_the_container_file_exist() {
    let file = read("../../Containerfile");
    let entry: Vec<String> = serde_json::from_str(values(&file, "ENTRYPOINT ")[0]).unwrap();
    assert_eq!(entry[0], "singapay-sandbox");
    // clap refuses an option or a value that it does not know before it shows its help.
    let output = Command::new(env!("CARGO_BIN_EXE_singapay-sandbox"))
        .args(&entry[1..])
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for option in entry.iter().filter(|word| word.starts_with("--")) {
        assert!(help.contains(option.as_str()), "{option}");
    }
    let port = entry.iter().position(|word| word == "--port").unwrap();
    assert_eq!(values(&file, "EXPOSE "), [entry[port + 1].as_str()]);

    let build = values(&file, "RUN cargo build ")[0];
    let features = build.rsplit_once("--features ").unwrap().1;
    let manifest = read("Cargo.toml");
    for feature in features.split(',') {
        assert!(manifest.contains(&format!("\n{feature} = [")), "{feature}");
    }
    let oldest = read("../../Cargo.toml");
    let (_, oldest) = oldest.split_once("rust-version = \"").unwrap();
    let oldest = oldest.split('"').next().unwrap();
    assert!(values(&file, "FROM ")[0].starts_with(&format!("rust:{oldest}-")));
    for image in values(&file, "FROM ") {
        assert!(image.contains(':') && !image.contains(":latest"), "{image}");
    }
    assert_ne!(values(&file, "USER "), ["root"]);
    assert_eq!(values(&file, "USER ").len(), 1);
    let copied = format!("target/release/{}", entry[0]);
    assert!(values(&file, "COPY --from=build ")[0].contains(&copied));
}
