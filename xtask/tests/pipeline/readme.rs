//! `spec/README.md` says all that may be written into an overlay.

use crate::support::{Copy, repository};

fn readme() -> String {
    std::fs::read_to_string(repository().join("spec/README.md")).unwrap()
}

#[test]
fn every_mark_is_explained_and_no_other() {
    let readme = readme();
    let start = readme.find("## Marks on schemas").unwrap();
    let section = &readme[start + 2..];
    let section = &section[..section.find("\n## ").unwrap()];
    let mut explained: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `x-singapay-"))
        .map(|rest| &rest[..rest.find('`').unwrap()])
        .collect();
    explained.sort_unstable();
    let known: Vec<&str> = xtask::lower::MARKS
        .into_iter()
        .map(|mark| mark.strip_prefix("x-singapay-").unwrap())
        .collect();
    assert_eq!(explained, known);
}

#[test]
fn every_command_is_named() {
    let help = Copy::new().xtask(&["--help"]).good();
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let commands: Vec<&str> = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .map(|line| line.split_whitespace().next().unwrap())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() >= 7, "{commands:?}");
    let readme = readme();
    for command in commands {
        assert!(
            readme.contains(&format!("cargo xtask {command}")),
            "{command}"
        );
    }
}
