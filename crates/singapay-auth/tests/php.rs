//! Canonical JSON against real PHP, document by document.

#![allow(clippy::unwrap_used)]

mod document;

use std::{
    io::{BufRead, BufReader, BufWriter, Write},
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use singapay_auth::canonical::{CanonicalError, Form, PHP_MAX_DEPTH, canonicalize, outbound};

const DOCUMENTS: usize = 100_000;
const SEED: u64 = 20_260_821;

/// Documents whose rules were hard to find.
fn fixed() -> Vec<Vec<u8>> {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let mut documents: Vec<Vec<u8>> = (PHP_MAX_DEPTH - 2..PHP_MAX_DEPTH + 3)
        .map(|depth| nested(depth).into_bytes())
        .collect();
    for text in [
        "",
        " ",
        "null",
        "\"\"",
        "{}",
        "[]",
        "[{}]",
        "-0",
        "-0.0",
        "0e0",
        "-0e5",
        "1e999",
        "-1e-999",
        "TRUE",
        "[1,]",
        "[,]",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "\u{feff}{}",
        "{\"a\"}",
        "{1:2}",
        "\"\\u0000\"",
        "{\"\\u0000a\":1,\"\":2}",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\\uD83D\\uDE00\"",
        "\"\\x\"",
        "\"\\u00e\"",
        "\"\u{7f}\"",
        "\"\t\"",
        "{\"a\":1}x",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "{\"9223372036854775807\":1,\"10\":2,\"9\":3}",
        "{\"-0\":1,\"-1\":2,\"00\":3,\"0\":4}",
        "1.7976931348623157e308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "2e-324",
        "9007199254740993",
        "0.1",
        "1e15",
        "1e16",
        "1e17",
        "123456789012345680",
        "1234567890123456789.5",
        "1e-4",
        "1e-5",
        "100000000000000000",
        "99999999999999999.5",
        "0.00001",
        "0.00012345678901234567",
    ] {
        documents.push(text.as_bytes().to_vec());
    }
    documents.push(b"\"\xff\"".to_vec());
    documents.push(b"\"\xed\xa0\x80\"".to_vec());
    documents.push(b"{}\0".to_vec());
    documents
}

#[test]
fn canonical_forms_are_those_of_php() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/php/canonical.php");
    let php = Command::new("php")
        .args([
            "-d",
            "serialize_precision=-1",
            "-d",
            "error_reporting=0",
            script,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut php) = php else {
        let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
        assert!(!required, "no php on this machine");
        println!("skipped: no php on this machine");
        return;
    };
    let seed = std::env::var("SINGAPAY_TEST_SEED")
        .ok()
        .map_or(SEED, |seed| seed.parse().unwrap());
    let mut generator = document::Generator::new(seed);
    let mut documents = fixed();
    documents.extend((documents.len()..DOCUMENTS).map(|_| generator.document()));

    let mut input = BufWriter::new(php.stdin.take().unwrap());
    let lines: Vec<String> = documents.iter().map(|text| STANDARD.encode(text)).collect();
    let feeder = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
    });
    let mut answers = BufReader::new(php.stdout.take().unwrap()).lines();
    let (mut accepted, mut sent) = (0, 0);
    for document in &documents {
        let answer = answers.next().unwrap().unwrap();
        let (kept, literal) = answer.split_once(' ').unwrap();
        let (kept, literal) = (decode(kept), decode(literal));
        for (form, php) in [(Form::PhpListsKept, &kept), (Form::PhpLiteral, &literal)] {
            let ours = canonicalize(document, form, usize::MAX);
            let same = ours.as_ref().ok() == php.as_ref();
            assert!(
                same,
                "seed {seed}, {form:?}: {}",
                shown(document, &ours, php)
            );
        }
        accepted += usize::from(kept.is_some());
        if document.is_empty() {
            continue;
        }
        let ours = outbound(document);
        if let Ok(bytes) = &ours {
            let same = Some(bytes) == kept.as_ref() && Some(bytes) == literal.as_ref();
            assert!(
                same,
                "seed {seed}, outbound: {}",
                shown(document, &ours, &kept)
            );
            sent += 1;
        }
    }
    feeder.join().unwrap();
    assert!(php.wait().unwrap().success());
    println!(
        "{} documents, PHP accepts {accepted}, outbound accepts {sent}",
        documents.len()
    );
    assert!(
        accepted > DOCUMENTS / 2 && accepted < DOCUMENTS,
        "{accepted}"
    );
    assert!(sent > DOCUMENTS / 10 && sent < accepted, "{sent}");
}

fn decode(field: &str) -> Option<Vec<u8>> {
    (field != "!").then(|| STANDARD.decode(field).unwrap())
}

fn shown(document: &[u8], ours: &Result<Vec<u8>, CanonicalError>, php: &Option<Vec<u8>>) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "{}\nours {:?}\nphp  {:?}",
        text(document),
        ours.as_ref().map(|bytes| text(bytes)),
        php.as_deref().map(text)
    )
}
