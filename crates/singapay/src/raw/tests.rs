//! No spelling of a payout leaves through a plain request.

use proptest::{prelude::*, sample::select};
use serde_json::json;
use singapay_api::operations;
use singapay_core::{
    Operation,
    operation::{Effect, Host},
};

use super::{
    draft::Draft,
    path,
    route::{Route, route},
};
use crate::{call::Call, client::Singapay, error::Error};

const HOSTS: [Host; 3] = [Host::Payment, Host::Biller, Host::Identity];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const SAID: [Option<Effect>; 4] = [
    None,
    Some(Effect::Read),
    Some(Effect::Write),
    Some(Effect::MoneyIn),
];

fn call() -> Call {
    let client = Singapay::builder()
        .base_url("http://127.0.0.1:9")
        .credential("partner", "client", "secret")
        .build()
        .unwrap();
    Call::new(&client)
}

/// The operation that a plain request becomes.
fn plain(
    host: Host,
    method: &str,
    path: &str,
    said: Option<Effect>,
) -> Result<&'static Operation, Error> {
    let mut draft = Draft::new(method, path.to_owned());
    draft.host = host;
    draft
        .prepare(&call(), said)
        .map(|prepared| prepared.operation)
}

fn paying() -> Vec<&'static Operation> {
    let all = operations::ALL.iter().copied();
    all.filter(|operation| operation.effect == Effect::MoneyOut)
        .collect()
}

fn concrete(template: &str) -> String {
    let segments = template.split('/').map(|segment| match segment {
        segment if segment.starts_with('{') => "01K946KF851RK7FX075GJHBVKF",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The most generous reading of a path that any server could have.
fn read_generously(path: &str) -> Vec<String> {
    let mut text = path.to_owned();
    for _ in 0..3 {
        text = percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned();
    }
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.to_lowercase().replace('\\', "/");
    let text = text.split(['?', '#', ' ']).next().unwrap_or_default();
    let text = match text.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
            rest.split_once('/').map_or("", |(_, path)| path)
        }
        _ => text,
    };
    let mut segments = Vec::new();
    for segment in text.split('/') {
        let segment = segment.split(';').next().unwrap_or_default();
        match segment {
            ".." => drop(segments.pop()),
            _ => match segment.trim_end_matches(['.', ' ']) {
                "" => {}
                segment => segments.push(segment.to_owned()),
            },
        }
    }
    segments
}

/// True if that reading pays out.
fn reaches_a_payout(path: &str) -> bool {
    let segments = read_generously(path);
    paying().iter().any(|operation| {
        let template: Vec<&str> = operation.path.split('/').skip(1).collect();
        template.len() == segments.len()
            && template
                .iter()
                .zip(&segments)
                .all(|(expected, segment)| expected.starts_with('{') || expected == segment)
    })
}

#[test]
fn all_payouts_are_refused_on_every_host_with_every_method_and_effect() {
    assert!(paying().len() >= 10);
    for operation in paying() {
        let path = concrete(operation.path);
        assert!(reaches_a_payout(&path), "{path}");
        for host in HOSTS {
            for method in METHODS {
                // To the API a word may be an id: this is the read that it describes.
                let is_read =
                    matches!(route(host, method, &path), Route::Known(row) if row.method == "GET");
                for said in SAID.into_iter().filter(|_| !is_read) {
                    let result = plain(host, method, &path, said);
                    assert!(result.is_err(), "{method} {path} {host:?} {said:?}");
                }
            }
        }
    }
}

#[test]
fn other_spellings_of_a_payout_are_refused() {
    let good = "/api/v2.0/disbursement/transfer";
    let spellings = [
        "/api/v2.0/disbursement/transfer/",
        "/api/v2.0//disbursement/transfer",
        "//api/v2.0/disbursement/transfer",
        "/api/v2.0/Disbursement/TRANSFER",
        "/API/v2.0/disbursement/transfer",
        "/api/V2.0/disbursement/transfer",
        "/api/v2.0/disbursement/./transfer",
        "/api/v2.0/x/../disbursement/transfer",
        "/api/v2.0/disbursement/transfer.",
        "/api/v2.0/disbursement./transfer",
        "/api/v2.0/disbursement/transfer;x",
        "/api/v2.0/disbursement/tran%73fer",
        "/api/v2.0/disbursement%2Ftransfer",
        "/api/v2.0/disbursement/transfer?a=b",
        "/api/v2.0/disbursement/transfer#a",
        "/api/v2.0/disbursement/transfer ",
        " /api/v2.0/disbursement/transfer",
        "/api/v2.0/disbursement\\transfer",
        "/api/v2.0/disbursement/transfer\r\nX-A: b",
        "/api/v2.0/disbursement/trans\tfer",
        "/api/v2.0/disbursement/ｔransfer",
        "https://example.com/api/v2.0/disbursement/transfer",
        "//example.com/api/v2.0/disbursement/transfer",
        "@example.com/api/v2.0/disbursement/transfer",
        ":80/api/v2.0/disbursement/transfer",
        "api/v2.0/disbursement/transfer",
        // Nobody knows these, and they look too much like it.
        "/api/v3.0/disbursement/transfer",
        "/api/disbursement/transfer",
        "/api/v2.0/disbursements/transfer",
        "/api/v1.0/disbursements/01K946KF851RK7FX075GJHBVKF/transfer",
    ];
    for path in spellings.into_iter().chain([good]) {
        for said in SAID {
            assert!(plain(Host::Payment, "POST", path, said).is_err(), "{path}");
        }
    }
    // Nor by a server that lets a GET pay.
    for path in [
        good,
        "/api/v2.0/Disbursement/TRANSFER",
        "/api/v2.0/disbursement./transfer.",
        "/api/v1.0/account-transfer/01K946KF851RK7FX075GJHBVKF/transfer.",
    ] {
        for host in HOSTS {
            let is_known = matches!(route(host, "GET", path), Route::Known(_));
            assert!(
                is_known || plain(host, "GET", path, None).is_err(),
                "{path}"
            );
        }
    }
    for method in [
        "get", "Get", "GET ", " GET", "GET\r\n", "", "post", "HEAD", "CONNECT", "OPTIONS",
    ] {
        for said in SAID {
            let path = "/api/v1.0/accounts";
            assert!(plain(Host::Payment, "GET", path, said).is_ok());
            assert!(
                plain(Host::Payment, method, path, said).is_err(),
                "{method}"
            );
        }
    }
    // The API's own reads beside it stay reachable.
    let read = plain(
        Host::Payment,
        "POST",
        "/api/v1.0/disbursement/check-beneficiary",
        None,
    );
    assert_eq!(read.unwrap().effect, Effect::Read);
}

#[test]
fn what_is_known_keeps_its_metadata() {
    for operation in operations::ALL.iter().copied() {
        let path = concrete(operation.path);
        let Route::Known(found) = route(operation.host, operation.method, &path) else {
            panic!("{} is not found", operation.id);
        };
        assert_eq!(found.id, operation.id);
        if operation.effect == Effect::MoneyOut {
            continue;
        }
        let call = |said| plain(operation.host, operation.method, &path, said);
        assert_eq!(call(None).unwrap(), operation);
        let as_read = call(Some(Effect::Read));
        assert_eq!(as_read.is_ok(), operation.effect == Effect::Read, "{path}");
        let as_money_in = call(Some(Effect::MoneyIn)).unwrap();
        assert_eq!(as_money_in.effect, Effect::MoneyIn);
        assert_eq!(as_money_in.signed, operation.signed);
        for host in HOSTS.into_iter().filter(|host| *host != operation.host) {
            let elsewhere = plain(host, operation.method, &path, Some(Effect::Read));
            let is_other = matches!(
                route(host, operation.method, &path),
                Route::Known(other) if other.host == host && other.effect == Effect::Read
            );
            assert_eq!(elsewhere.is_ok(), is_other, "{path} on {host:?}");
        }
    }
}

#[test]
fn of_what_is_unknown_only_a_get_goes_without_the_handle() {
    let path = "/api/v3.0/payment-link/search";
    for host in HOSTS {
        for said in SAID {
            let get = plain(host, "GET", path, said).unwrap();
            assert_eq!(get.effect, said.unwrap_or(Effect::MoneyIn));
            assert_eq!((get.id, get.method, get.host), ("raw_request", "GET", host));
            // The same request is the same row.
            assert!(std::ptr::eq(get, plain(host, "GET", path, said).unwrap()));
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                for path in [
                    path,
                    "/api/v2.0/payout/transfer",
                    "/api/v2.0/e-wallet/trigger-topup",
                    "/api/v1.0/account_transfer/01K946KF851RK7FX075GJHBVKF/transfer",
                    "/api/v3.0/disbursement/check-fee",
                    // Words in the place of an account.
                    "/api/v2.0/payment-link/search",
                    "/api/v1.0/virtual-accounts/transfer",
                    "/api/v1.0/disbursement/batch/check-fee",
                ] {
                    let error = plain(host, method, path, said).unwrap_err();
                    let [problem] = error.field_errors() else {
                        panic!("{error}");
                    };
                    assert_eq!(problem.field, "path");
                    assert!(problem.messages[0].contains("MoneyOut::request"));
                }
            }
        }
    }
    let as_payout = plain(Host::Payment, "GET", path, Some(Effect::MoneyOut));
    assert!(as_payout.is_err());
}

#[test]
fn neither_query_nor_body_changes_the_method() {
    let draft = || Draft::new("POST", "/api/v1.0/accounts".to_owned());
    assert!(draft().prepare(&call(), None).is_ok());
    // PHP cuts a name at a NUL, and reads a dot or a space in it as an underscore.
    for name in [
        "_method",
        "_METHOD",
        " _method",
        ".method",
        " .method",
        "_method\0x",
    ] {
        let mut by_query = draft();
        by_query.query.push((name.to_owned(), "PUT".to_owned()));
        assert!(by_query.prepare(&call(), None).is_err(), "{name}");
        let mut by_body = draft();
        by_body.body = Some(Ok(json!({name: "PUT"})));
        assert!(by_body.prepare(&call(), None).is_err(), "{name}");
    }
    for body in [json!([]), json!("x"), json!(1), json!(null)] {
        let mut no_object = draft();
        no_object.body = Some(Ok(body));
        assert!(no_object.prepare(&call(), None).is_err());
    }
}

#[test]
fn a_query_is_escaped() {
    let parameters = [("a b", "c&d=e"), ("q", "\r\n/ü?#%")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        path::query(&parameters),
        "?a%20b=c%26d%3De&q=%0D%0A%2F%C3%BC%3F%23%25"
    );
    assert_eq!(path::query(&[]), "");
}

/// Ways to write the same path, for some servers.
fn mangle() -> impl Strategy<Value = fn(&str) -> String> {
    let ways: [fn(&str) -> String; 14] = [
        |path| path.to_uppercase(),
        |path| path.replace("/v", "/V"),
        |path| format!("{path}/"),
        |path| format!("{path}."),
        |path| path.replacen('/', "//", 3),
        |path| path.replacen("/api", "/api/.", 1),
        |path| path.replacen("/api", "/api/x/..", 1),
        |path| path.replace('r', "%72"),
        |path| path.replacen("api/", "api%2f", 1),
        |path| format!("{path}?x=1"),
        |path| format!("//host{path}"),
        |path| format!("http://host{path}"),
        |path| format!("{path}\r\nx: y"),
        |path| path.replace('/', "\\"),
    ];
    select(ways.to_vec())
}

proptest! {
    /// Whatever is done to the path of a payout, it is refused.
    #[test]
    fn mangled_payouts_are_refused(
        operation in select(paying()),
        ways in proptest::collection::vec(mangle(), 0..4),
        host in select(HOSTS.to_vec()),
        said in select(SAID.to_vec()),
    ) {
        let mut path = concrete(operation.path);
        for way in ways {
            path = way(&path);
        }
        prop_assert!(plain(host, "POST", &path, said).is_err(), "{}", path);
    }

    /// Whatever a server could read as a payout is refused, whatever it was meant to be.
    #[test]
    fn nothing_that_reads_as_a_payout_passes(
        pieces in proptest::collection::vec(select(vec![
            "/", "/", "/", "api", "API", "v1.0", "v2.0", "v2", "v1", "..", ".", "%2e", "%2F",
            "disbursement", "Transfer", "transfer", "account-transfer", "ewallet", "trigger-topup",
            "prepaid", "postpaid", "payment", "qris", "issuer", "mpm", "payment-credit",
            "cardless-withdrawals", "create", "01K946KF851RK7FX075GJHBVKF", ";", "?", "#", "\\",
            "//host", "\r\n", "\0", "%", "a",
        ]), 0..14),
        start in select(vec!["", "/", "/api/", "/api/v1.0/", "/api/v2.0/", "/api/v2/"]),
        host in select(HOSTS.to_vec()),
        said in select(SAID.to_vec()),
    ) {
        let path = format!("{start}{}", pieces.concat());
        let result = plain(host, "POST", &path, said);
        if reaches_a_payout(&path) {
            prop_assert!(result.is_err(), "{:?}", path);
        }
    }

    /// Without the handle a path that is written to is a modelled one that pays nothing out.
    #[test]
    fn what_is_written_to_is_known_not_to_pay_out(
        operation in select(operations::ALL.to_vec()),
        ways in proptest::collection::vec(mangle(), 0..3),
        method in select(METHODS.to_vec()),
        host in select(HOSTS.to_vec()),
        said in select(SAID.to_vec()),
    ) {
        let mut path = concrete(operation.path);
        for way in ways {
            path = way(&path);
        }
        if let Ok(row) = plain(host, method, &path, said) {
            prop_assert!(row.effect != Effect::MoneyOut);
            let known = operations::find(row.id);
            prop_assert!(method == "GET" || known.is_some_and(|known| known.effect != Effect::MoneyOut));
            prop_assert!(row.has_path(&path) && (row.host, row.method) == (host, method));
        }
    }

    /// A path that passes has one spelling, which arrives as it is.
    #[test]
    fn what_passes_is_sent_as_written(path in "/api/[ -~\\r\\n\u{e9}]{0,40}") {
        let draft = Draft::new("GET", path.clone());
        if let Ok(prepared) = draft.prepare(&call(), Some(Effect::Read)) {
            prop_assert_eq!(prepared.request.uri().to_string(), format!("http://127.0.0.1:9{path}"));
            let same: Vec<_> = path.to_lowercase().split('/').skip(1).map(|s| s.trim_end_matches('.').to_owned()).collect();
            prop_assert_eq!(read_generously(&path), same);
        }
    }

    /// Nothing makes the checks panic.
    #[test]
    fn any_text_is_judged(method in ".*", path in ".*", name in ".*", value in ".*") {
        let mut draft = Draft::new(&method, path);
        draft.query.push((name, value));
        let _ = draft.prepare(&call(), None);
    }
}
