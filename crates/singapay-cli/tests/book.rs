//! The commands of the book run as they stand there: those of a page in one shell, in a folder of its own.

#![cfg(all(feature = "call", feature = "payouts"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use singapay_sandbox::Sandbox;

const PROGRAM: &str = env!("CARGO_BIN_EXE_singapay");

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/book/src")
}

/// The blocks that are fenced as `sh`.
fn blocks(page: &str) -> Vec<String> {
    let parts = page.split("```sh\n").skip(1);
    let blocks = parts.map(|part| part.split("```").next().unwrap().to_owned());
    blocks.collect()
}

/// Ends the gateway with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts what the block starts, on a free port, and writes `.env` as the block does.
fn serve(block: &str, folder: &Path, variables: usize) -> Running {
    let arguments = block.trim().strip_prefix("singapay ").unwrap();
    let arguments = arguments.strip_suffix(" > .env").unwrap();
    let mut child = Command::new(PROGRAM)
        .args(arguments.split(' '))
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..variables {
        output.read_line(&mut text).unwrap();
    }
    fs::write(folder.join(".env"), text).unwrap();
    Running(child)
}

/// Runs a page; gives the folder in which it did.
async fn run(file: &str) -> tempfile::TempDir {
    let page = fs::read_to_string(source().join(file)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let variables = Sandbox::start().await.unwrap().variables().len();
    let (servers, commands): (Vec<_>, Vec<_>) = blocks(&page)
        .into_iter()
        .partition(|block| block.starts_with("singapay sandbox "));
    let [server] = &servers[..] else {
        panic!("{file}: one gateway is to be started")
    };
    let _running = serve(server, folder.path(), variables);
    let own = Path::new(PROGRAM).parent().unwrap().display();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-e", "-c", &commands.concat()])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{file}: {output:?}");
    folder
}

#[tokio::test]
async fn every_page_with_commands_runs() {
    for file in ["start.md", "webhooks.md", "testing.md"] {
        run(file).await;
    }
}

#[tokio::test]
async fn salaries_are_paid_with_a_second_person() {
    let folder = run("payouts.md").await;
    let report = fs::read_to_string(folder.path().join("salaries.report.csv")).unwrap();
    for reference in ["SALARY-11-RINA", "SALARY-11-BUDI"] {
        let line = report.lines().find(|line| line.contains(reference));
        assert!(line.is_some_and(|line| line.contains("paid")), "{report}");
    }
}

#[test]
fn no_page_with_commands_is_left_out() {
    let has_commands = |path: &Path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        blocks(&text)
            .iter()
            .any(|block| block.contains("singapay "))
    };
    let files = fs::read_dir(source()).unwrap();
    let files = files
        .map(|file| file.unwrap().path())
        .filter(|path| has_commands(path));
    let mut names: Vec<_> = files
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["payouts.md", "start.md", "testing.md", "webhooks.md"]
    );
}
