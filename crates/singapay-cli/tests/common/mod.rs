//! A sandbox in the test, and the command as a process beside it.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::{
    io::Write,
    process::{Child, Command, Output, Stdio},
    sync::Mutex,
};

use serde_json::Value;
use singapay_sandbox::{Builder, Sandbox};

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_singapay");

/// A sandbox, and the settings of a client for it.
pub struct Desk {
    pub sandbox: Sandbox,
    pub settings: Vec<(String, String)>,
    /// Everything that any run has printed.
    pub printed: Mutex<String>,
}

/// A program that ends with the test, also with one that fails.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl Desk {
    pub async fn new() -> Self {
        Self::of(Sandbox::builder()).await
    }

    pub async fn of(builder: Builder) -> Self {
        let sandbox = builder.start().await.unwrap();
        Self {
            settings: sandbox.variables(),
            sandbox,
            printed: Mutex::default(),
        }
    }

    /// The value of a setting.
    pub fn setting(&self, name: &str) -> &str {
        let found = self.settings.iter().find(|(known, _)| known == name);
        &found.unwrap().1
    }

    /// Changes a setting; without a value it is not set.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        self.settings.retain(|(known, _)| known != name);
        let value = value.map(|value| (name.to_owned(), value.to_owned()));
        self.settings.extend(value);
    }

    /// The program, with these settings and no others.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path);
        command.envs(self.settings.iter().cloned());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(PROGRAM).args(args).spawn().unwrap();
        // A command that ends before reading breaks the pipe.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        self.keep(&child.wait_with_output().unwrap())
    }

    pub fn keep(&self, output: &Output) -> Ran {
        let ran = Ran::of(output);
        let mut printed = self.printed.lock().unwrap();
        *printed += &ran.out;
        *printed += &ran.err;
        ran
    }

    /// Fails if anything that was printed holds a secret.
    pub fn assert_clean(&self, more: &[&str]) {
        let printed = self.printed.lock().unwrap();
        let is_secret = |name: &str| name.ends_with("SECRET") || name.ends_with("PASSWORD");
        let secrets = self.settings.iter().filter(|(name, _)| is_secret(name));
        for secret in secrets
            .map(|(_, value)| value.as_str())
            .chain(more.iter().copied())
        {
            assert!(!printed.contains(secret), "a secret was printed");
        }
    }

    /// Runs every example of a command's help in a shell, and gives how each ended.
    pub fn run_examples(&self, command: &[&str]) -> Vec<(String, Ran)> {
        let help = self.run(&[command, &["--help"]].concat());
        let lines = help.out.lines().map(str::trim);
        let examples = lines
            .filter(|line| line.starts_with("singapay ") || line.starts_with("timeout "))
            .map(str::to_owned);
        let folder = std::path::Path::new(PROGRAM).parent().unwrap().to_owned();
        examples
            .map(|line| {
                let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
                let mut shell = self.command("sh");
                let output = shell
                    .env("PATH", path)
                    .args(["-c", &line])
                    .output()
                    .unwrap();
                (line, self.keep(&output))
            })
            .collect()
    }
}
