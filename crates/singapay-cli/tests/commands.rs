//! Runs the command itself.

#![allow(clippy::unwrap_used)]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

const TOKEN: &str = "tok-demo";
const TOPUP: &str = r#"{"reference_number":"REF-1","notes":"a\/b é","amount":{"value":"10000.00","currency":"IDR"},"account_id":"01K946KF851RK7FX075GJHBVKF"}"#;
const TOPUP_SIGNATURE: &str = "9d2a0e34b3510dc06dd13c044dc2cf3c94a129bef89e08bd3167d281a90d3a863aab17324e3ef37e546f7c7f022a0120e3d43702702ddc4949832727ef837b75";
const HOOK: &str = r#"{"status":200,"success":true,"event":"va-transaction","data":{"transaction":{"reff_no":"INV-1","status":"paid","amount":{"value":100000,"currency":"IDR"}},"items":[],"meta":{}}}"#;
const HOOK_SIGNATURE: &str = "20a0f2787de55a7f002c6eeda9ba587774e8923a8f07c4acc7b5695b06326535be293beb3f199acd680e2022c30aa195164b3aec62ee3ce11f7a92675eb30d28";

fn run_with_token(token: &str, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_singapay"))
        .args(args)
        .env("TEST_SECRET", "sec-demo")
        .env("TEST_TOKEN", token)
        .env("TEST_EMPTY", "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that ends before reading breaks the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn run(args: &[&str], input: &str) -> Output {
    run_with_token(TOKEN, args, input.as_bytes())
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn sign<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["sign", "--method", "post", "--timestamp", "1787280000"];
    args.extend(["--secret-env", "TEST_SECRET", "--token-env", "TEST_TOKEN"]);
    args.extend(more);
    args
}

fn verify<'a>(path: &'a str, signature: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["verify", "--path", path, "--signature", signature];
    args.extend(["--secret-env", "TEST_SECRET", "--token-env", "TEST_TOKEN"]);
    if !more.contains(&"--timestamp") {
        args.extend(["--timestamp", "1787280000"]);
    }
    args.extend(more);
    args
}

#[test]
fn canonicalize_writes_both_forms() {
    let list = "[0,1,2,3,4,5,6,7,8,9,10]";
    let php = run(&["canonicalize", "--form", "php", "--json"], list);
    assert_eq!(
        json(&php)["canonical"],
        r#"{"0":0,"1":1,"10":10,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#
    );
    let outbound = run(
        &["canonicalize", "--form", "outbound", "-"],
        r#"{ "b":1, "a":"\u00e9" }"#,
    );
    assert_eq!(status(&outbound), 0);
    let text = String::from_utf8(outbound.stdout).unwrap();
    assert!(
        text.starts_with("canonical       {\"a\":\"é\",\"b\":1}\nbody sha256     "),
        "{text}"
    );
}

#[test]
fn refused_values_are_named_by_their_path() {
    let args = ["canonicalize", "--form", "outbound"];
    let refused = run(&args, r#"{"a":{"b":1.5}}"#);
    assert_eq!(status(&refused), 1);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("$.a.b"));
    assert!(refused.stdout.is_empty());
    let refused = run(
        &["--json", "canonicalize", "--form", "outbound"],
        r#"{"a":{"b":1.5}}"#,
    );
    assert!(json(&refused)["error"].as_str().unwrap().contains("$.a.b"));
    assert_eq!(status(&refused), 1);
    assert_eq!(status(&run(&args, "[0,1,2,3,4,5,6,7,8,9,10]")), 1);
}

#[test]
fn unusable_input_has_a_status_of_its_own() {
    let args = ["canonicalize", "--form", "outbound"];
    assert_eq!(status(&run(&args, "{")), 2);
    assert_eq!(status(&run_with_token(TOKEN, &args, b"\"\xff\"")), 2);
    assert_eq!(
        status(&run(
            &["canonicalize", "--form", "outbound", "/no/such/file"],
            ""
        )),
        2
    );
    assert_eq!(status(&run(&["canonicalize", "--form", "other"], "{}")), 2);
    assert_eq!(status(&run(&["canonicalize"], "{}")), 2);
    assert_eq!(status(&run(&[], "")), 2);
    for path in [
        "api/x",
        "https://a.example/api",
        "C:/Program Files/Git/api",
        "",
    ] {
        assert_eq!(
            status(&run(&sign(&["--path", path]), "{\"a\":1}")),
            2,
            "{path}"
        );
        assert_eq!(
            status(&run(&verify(path, HOOK_SIGNATURE, &[]), HOOK)),
            2,
            "{path}"
        );
    }
    for variable in ["TEST_EMPTY", "TEST_MISSING"] {
        let mut args = sign(&["--path", "/api"]);
        let at = args.iter().position(|arg| *arg == "TEST_SECRET").unwrap();
        args[at] = variable;
        assert_eq!(status(&run(&args, "{\"a\":1}")), 2, "{variable}");
    }
    let hook = verify("/hooks", HOOK_SIGNATURE, &["--timestamp", "yesterday"]);
    assert_eq!(status(&run(&hook, HOOK)), 2);
    assert_eq!(
        status(&run(&verify("/hooks", HOOK_SIGNATURE, &[]), "hello")),
        2
    );
}

#[test]
fn sign_shows_every_step() {
    let args = sign(&["--path", "/api/v2.0/ewallet/trigger-topup", "--json"]);
    let output = run(&args, TOPUP);
    assert_eq!(status(&output), 0);
    let report = json(&output);
    assert_eq!(report["signature"], TOPUP_SIGNATURE);
    let hash = "ccdf2652a4c83b4b53258ee1620ecb0a4dd28d453bb211af8d73e1af149db0fd";
    assert_eq!(report["body_sha256"], hash);
    assert_eq!(
        report["string_to_sign"],
        format!("POST:/api/v2.0/ewallet/trigger-topup:…:{hash}:1787280000")
    );
    assert!(
        report["canonical"]
            .as_str()
            .unwrap()
            .starts_with("{\"account_id\":")
    );
    let text = run(&sign(&["--path", "/api/v2.0/ewallet/trigger-topup"]), TOPUP);
    assert!(String::from_utf8_lossy(&text.stdout).contains(TOPUP_SIGNATURE));
}

#[test]
fn an_empty_body_signs_as_the_empty_string() {
    let output = run(&sign(&["--path", "/api/v2.0/demo?x=1", "--json"]), "");
    assert_eq!(
        json(&output)["signature"],
        "7fc042d8ee395c127119c10f2368841853515a580281921cc7a958397094c239acb7b696985e3c2eeb140ca83bfb049cd784b79b43da9f3a6b3c26fea113d8fe"
    );
}

#[test]
fn verify_says_yes_or_no_and_why() {
    let good = run_with_token(
        "Bearer rand-token",
        &verify("/hooks/singapay?s=1", HOOK_SIGNATURE, &["--json"]),
        HOOK.as_bytes(),
    );
    assert_eq!(status(&good), 0);
    let report = json(&good);
    assert_eq!(
        (&report["valid"], &report["form"]),
        (&true.into(), &"php, lists kept".into())
    );
    assert_eq!(report["signature"], HOOK_SIGNATURE);

    let other_path = run_with_token(
        "rand-token",
        &verify("/hooks/singapay/?s=1", HOOK_SIGNATURE, &["--json"]),
        HOOK.as_bytes(),
    );
    assert_eq!(status(&other_path), 1);
    let report = json(&other_path);
    assert_eq!(report["valid"], false);
    assert_eq!(
        report["reason"],
        "the signature is for the path /hooks/singapay?s=1"
    );

    let other_body = verify("/hooks/singapay?s=1", HOOK_SIGNATURE, &["--json"]);
    let other_body = run_with_token("rand-token", &other_body, b"{\"status\":200}");
    assert_eq!(
        (status(&other_body), &json(&other_body)["valid"]),
        (1, &false.into())
    );

    let malformed = run(&verify("/hooks/singapay?s=1", "abc", &["--json"]), HOOK);
    assert_eq!(
        (status(&malformed), &json(&malformed)["valid"]),
        (1, &false.into())
    );
}

#[test]
fn secrets_and_whole_tokens_are_never_printed() {
    let token = "canary-token-that-is-long-enough-to-be-shortened";
    for args in [
        sign(&["--path", "/api"]),
        sign(&["--path", "/api", "--json"]),
        verify("/hooks", HOOK_SIGNATURE, &[]),
        verify("/hooks", "x", &["--json"]),
        sign(&["--path", "no-slash"]),
    ] {
        let output = run_with_token(token, &args, HOOK.replace("{}", "1").as_bytes());
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        assert!(
            !printed.contains("token-that") && !printed.contains("sec-demo"),
            "{printed}"
        );
        assert!(!printed.is_empty());
    }
}

#[test]
fn no_argument_takes_a_secret() {
    let help = run(&["sign", "--help"], "");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(
        help.contains("--secret-env") && !help.contains("--secret "),
        "{help}"
    );
    assert_eq!(status(&run(&["sign", "--secret", "s"], "")), 2);
}

/// The same process as `singapay-sandbox`, down to its banner.
#[cfg(unix)]
#[test]
fn the_sandbox_says_where_it_listens_and_ends_when_asked_to() {
    use std::io::{BufRead, BufReader, Read};

    let mut child = Command::new(env!("CARGO_BIN_EXE_singapay"))
        .args(["sandbox", "--port", "0", "--seed", "7"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut banner = Vec::new();
    for _ in 0..8 {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        banner.push(line);
    }
    let said = |name: &str| {
        let line = banner
            .iter()
            .find_map(|line| line.trim().strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {banner:?}"))
            .trim()
            .to_owned()
    };
    assert!(banner[1].contains("this machine only"), "{banner:?}");
    for name in ["partner id", "client id", "client secret", "account id"] {
        assert!(!said(name).is_empty(), "{name}");
    }
    let url = said("base URL");
    let address = url.strip_prefix("http://").unwrap();
    assert!(!address.ends_with(":0"), "{url}");
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /api/v1.0/accounts HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");

    let asked = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(asked.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Starts the command and reads the one line that it writes with `--json`.
#[cfg(unix)]
fn started(args: &[&str]) -> serde_json::Value {
    use std::io::{BufRead, BufReader};

    let mut child = Command::new(env!("CARGO_BIN_EXE_singapay"))
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"))
}

#[cfg(unix)]
#[test]
fn the_sandbox_speaks_json_and_keeps_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let file = file.to_str().unwrap();
    let one = started(&[
        "sandbox", "--json", "--port", "0", "--seed", "7", "--state", file,
    ]);
    let two = started(&[
        "--json", "sandbox", "--port", "0", "--seed", "8", "--state", file,
    ]);
    assert!(one["base_url"].as_str().unwrap().starts_with("http://127."));
    // The kept state wins over the seed.
    assert_eq!(one["credentials"], two["credentials"]);
    assert_eq!(one["account_id"], two["account_id"]);
    let args = ["sandbox", "--json", "--state", "/no/such/folder/state.db"];
    let refused = run(&args, "");
    assert_eq!((status(&refused), &refused.stderr[..]), (2, &b""[..]));
    assert!(
        json(&refused)["error"]
            .as_str()
            .unwrap()
            .contains("state.db")
    );
}

#[test]
fn the_sandbox_refuses_what_it_cannot_start_with() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    std::fs::write(&bad, "{\"nonsense\":1}").unwrap();
    let bad = bad.to_str().unwrap();
    for (flag, file) in [
        ("--seed-file", "/nowhere.json"),
        ("--seed-file", bad),
        ("--scenario", bad),
        ("--state", bad),
    ] {
        let output = run(&["sandbox", "--port", "0", flag, file], "");
        assert_eq!(status(&output), 2, "{flag} {file}");
        assert_eq!(output.stdout, b"");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("singapay sandbox: "), "{said}");
        assert!(said.contains(file), "{said}");
    }
    assert_eq!(status(&run(&["sandbox", "--webhook", "nonsense"], "")), 2);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["sandbox", "--port", &port], "");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(status(&output) == 1 && said.contains("--port"), "{said}");
}
