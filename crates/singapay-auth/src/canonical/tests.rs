use super::*;

fn form(form: Form, body: &str) -> String {
    String::from_utf8(canonicalize(body.as_bytes(), form, 512).unwrap()).unwrap()
}

fn refused(body: &str) -> (Problem, String) {
    let error = outbound(body.as_bytes()).unwrap_err();
    (error.problem(), error.path().to_owned())
}

#[test]
fn outbound_sorts_by_bytes_at_every_depth() {
    let body =
        r#" { "b" : [ {"z":1,"A":null,"a":true} ] , "a" : "x\/y \u00e9 \u0001\u001F\b\"\\" } "#;
    assert_eq!(
        String::from_utf8(outbound(body.as_bytes()).unwrap()).unwrap(),
        r#"{"a":"x/y é \u0001\u001f\b\"\\","b":[{"A":null,"a":true,"z":1}]}"#
    );
}

#[test]
fn keys_are_compared_decoded() {
    // Escaped, `"` starts with a backslash and would sort after `Z`.
    assert_eq!(
        form(Form::Outbound, r#"{"Z":1,"\"":2,"\u0041":3}"#),
        r#"{"\"":2,"A":3,"Z":1}"#
    );
    assert_eq!(
        form(Form::Outbound, r#"{"😀":1,"דּ":2,"ab":3,"a":4}"#),
        r#"{"a":4,"ab":3,"דּ":2,"😀":1}"#
    );
}

#[test]
fn an_empty_body_stays_empty() {
    assert_eq!(outbound(b"").unwrap(), b"");
    assert_eq!(outbound(b" ").unwrap_err().problem(), Problem::Syntax);
}

#[test]
fn outbound_refuses_what_php_would_write_differently() {
    for (body, problem, path) in [
        (r#"{"a":{"b":[1,1.0]}}"#, Problem::NotAnInteger, "$.a.b[1]"),
        (r#"{"a":1e3}"#, Problem::NotAnInteger, "$.a"),
        (r#"[-0]"#, Problem::NotAnInteger, "$[0]"),
        (
            r#"{"a":9223372036854775808}"#,
            Problem::IntegerTooLarge,
            "$.a",
        ),
        (
            r#"{"a":-9223372036854775809}"#,
            Problem::IntegerTooLarge,
            "$.a",
        ),
        ("{\"a\":\"x\u{2028}\"}", Problem::LineSeparator, "$.a"),
        (r#"{"a":"\u2029"}"#, Problem::LineSeparator, "$.a"),
        (r#"{"k":{"1":1,"0":2}}"#, Problem::DigitKeys, "$.k"),
        (r#"{"0":1}"#, Problem::DigitKeys, "$"),
        (r#"{"k":{}}"#, Problem::EmptyObject, "$.k"),
        (
            r#"{"k":[0,1,2,3,4,5,6,7,8,9,10]}"#,
            Problem::LongList,
            "$.k[10]",
        ),
        (
            r#"{"b":1,"a":{"x":1,"y":2,"x":3,"z":1}}"#,
            Problem::DuplicateKey,
            "$.a.x",
        ),
        (r#"{"a":1,"\u0061":2}"#, Problem::DuplicateKey, "$.a"),
        (r#"{"a":"\ud800"}"#, Problem::LoneSurrogate, "$.a"),
        (r#"{"a":"\ud800\u0041"}"#, Problem::LoneSurrogate, "$.a"),
        (r#"{"a":"\udc00"}"#, Problem::LoneSurrogate, "$.a"),
        (r#"{"a":}"#, Problem::Syntax, "$.a"),
        (r#"{"a":1,}"#, Problem::Syntax, "$.a"),
        (r#"{"a":01}"#, Problem::Syntax, "$.a"),
        ("{\"a\":\"\t\"}", Problem::Syntax, "$.a"),
        (r#"{"a":1} x"#, Problem::Syntax, "$"),
    ] {
        assert_eq!(refused(body), (problem, path.to_owned()), "{body}");
    }
    assert_eq!(
        outbound(b"{\"a\":\"\xff\"}").unwrap_err().problem(),
        Problem::InvalidUtf8
    );
}

#[test]
fn outbound_takes_what_is_close_to_a_refusal() {
    for body in [
        r#"{"a":9223372036854775807,"b":-9223372036854775808}"#,
        r#"{"1":1,"2":2}"#,
        r#"{"0":1,"01":2}"#,
        r#"{"0":1,"a":2}"#,
        r#"{"a":[]}"#,
        r#"{"a":[0,1,2,3,4,5,6,7,8,9]}"#,
        r#"{"a":"10000.00"}"#,
    ] {
        assert_eq!(form(Form::Outbound, body), body);
    }
}

#[test]
fn depth_is_bounded_without_recursion() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(outbound(nested(OUTBOUND_MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(refused(&nested(OUTBOUND_MAX_DEPTH + 1)).0, Problem::TooDeep);
    assert_eq!(refused(&nested(100_000)).0, Problem::TooDeep);
    let deep = |form| canonicalize(nested(1000).as_bytes(), form, 2000);
    assert!(deep(Form::NumbersAsWritten).is_ok());
    assert_eq!(
        deep(Form::PhpLiteral).unwrap_err().problem(),
        Problem::TooDeep
    );
}

#[test]
fn php_writes_empty_objects_and_digit_keys_as_lists() {
    for (body, kept, literal) in [
        ("{}", "[]", "[]"),
        (r#"{"1":"b","0":"a"}"#, r#"["a","b"]"#, r#"["a","b"]"#),
        (r#"{"0":1,"1":2,"0":3}"#, "[3,2]", "[3,2]"),
        (
            r#"{"08":1,"8":2,"-5":3}"#,
            r#"{"-5":3,"08":1,"8":2}"#,
            r#"{"-5":3,"08":1,"8":2}"#,
        ),
        (
            r#"{"b":1,"a":2,"b":3}"#,
            r#"{"a":2,"b":3}"#,
            r#"{"a":2,"b":3}"#,
        ),
        (
            r#"[0,1,2,3,4,5,6,7,8,9,{"x":{}}]"#,
            r#"[0,1,2,3,4,5,6,7,8,9,{"x":[]}]"#,
            r#"{"0":0,"1":1,"10":{"x":[]},"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#,
        ),
        (
            r#"{"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"10":10}"#,
            "[0,1,2,3,4,5,6,7,8,9,10]",
            r#"{"0":0,"1":1,"10":10,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#,
        ),
        (
            r#"{"10":10,"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#,
            r#"{"0":0,"1":1,"10":10,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#,
            r#"{"0":0,"1":1,"10":10,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9}"#,
        ),
    ] {
        assert_eq!(form(Form::PhpListsKept, body), kept, "{body}");
        assert_eq!(form(Form::PhpLiteral, body), literal, "{body}");
    }
}

#[test]
fn php_writes_numbers_its_own_way() {
    for (written, php) in [
        ("10000.00", "10000"),
        ("0.070", "0.07"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("-0.0", "-0"),
        ("-1e-999", "-0"),
        ("1e17", "1.0e+17"),
        ("1e16", "10000000000000000"),
        ("1e-5", "1.0e-5"),
        ("0.0001", "0.0001"),
        ("-123e-7", "-1.23e-5"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9.223372036854776e+18"),
        ("12345678901234567890.5", "1.2345678901234567e+19"),
        ("5e-324", "5.0e-324"),
        ("1.5E+3", "1500"),
        ("123.456", "123.456"),
        // Exactly between …312 and …313.
        ("-29091992471229.3125", "-29091992471229.312"),
    ] {
        assert_eq!(form(Form::PhpListsKept, written), php, "{written}");
        assert_eq!(form(Form::NumbersAsWritten, written), written);
    }
    let error = canonicalize(b"[1e999]", Form::PhpLiteral, 8).unwrap_err();
    assert_eq!(
        (error.problem(), error.path()),
        (Problem::NumberTooLarge, "$[0]")
    );
    // PHP forgets the first before it could fail on it.
    assert_eq!(
        form(Form::PhpLiteral, r#"{"a":1e999,"b":1,"a":2}"#),
        r#"{"a":2,"b":1}"#
    );
}

/// A list of 1 MiB, filled with `item`.
fn list_of(item: &str) -> String {
    let count = (1 << 20) / (item.len() + 1);
    format!("[{}]", vec![item; count].join(","))
}

#[test]
fn work_is_bounded_in_every_form_but_our_own() {
    let problem = |form, body: &str| {
        let result = canonicalize(body.as_bytes(), form, 64);
        result.err().map(|error| error.problem())
    };
    let (php, too_much) = (
        [Form::PhpListsKept, Form::PhpLiteral],
        Some(Problem::TooMuchWork),
    );
    for float in [
        "1.7976931348623157e308",
        "1e5",
        "-0.0",
        "0.5",
        "1e999",
        "99999999999999999999",
    ] {
        let body = list_of(float);
        for form in php {
            assert_eq!(problem(form, &body), too_much, "{float}");
        }
        assert_eq!(problem(Form::NumbersAsWritten, &body), None, "{float}");
    }
    // A list of half a million becomes an object five times as long.
    let zeros = list_of("0");
    assert_eq!(problem(Form::PhpLiteral, &zeros), too_much);
    assert_eq!(problem(Form::PhpListsKept, &zeros), None);
    let text = format!("\"{}\"", "x".repeat(1_000_000));
    let nested = |open: &str, close: &str| format!("{}{text}{}", open.repeat(60), close.repeat(60));
    let unsorted = nested("{\"b\":0,\"a\":", "}");
    for form in [Form::PhpListsKept, Form::PhpLiteral, Form::NumbersAsWritten] {
        assert_eq!(problem(form, &unsorted), too_much);
    }
    assert_eq!(
        problem(Form::PhpLiteral, &nested("[0,0,0,0,0,0,0,0,0,0,", "]")),
        too_much
    );
    assert_eq!(problem(Form::Outbound, &unsorted), None);
}

/// A thousand rows with decimals, in any order, is nothing.
#[test]
fn what_a_gateway_could_send_is_within_the_bound() {
    let row =
        |n: usize| format!(r#"{{"fee":{n}.25,"amount":{n}0000.00,"items":[{{"b":1,"a":0.07}}]}}"#);
    let rows: Vec<String> = (1..=1000).map(row).collect();
    let body = format!(r#"{{"data":{{"rows":[{}]}},"a":{{}}}}"#, rows.join(","));
    for form in [Form::PhpListsKept, Form::PhpLiteral, Form::NumbersAsWritten] {
        assert!(canonicalize(body.as_bytes(), form, 64).is_ok());
    }
}

#[test]
fn line_separators_follow_the_form() {
    let body = "[\"\u{2028}\\u2029\u{20AC}\"]";
    assert_eq!(
        form(Form::PhpListsKept, body),
        "[\"\\u2028\\u2029\u{20AC}\"]"
    );
    assert_eq!(
        form(Form::NumbersAsWritten, body),
        "[\"\u{2028}\u{2029}\u{20AC}\"]"
    );
}

#[test]
fn long_lists_run_in_text_order() {
    let body = format!(
        "[{}]",
        (0..1234)
            .map(|n| n.to_string())
            .collect::<Vec<_>>()
            .join(",")
    );
    let mut order: Vec<String> = (0..1234).map(|n| n.to_string()).collect();
    order.sort();
    let expected: Vec<String> = order.iter().map(|n| format!("\"{n}\":{n}")).collect();
    assert_eq!(
        form(Form::PhpLiteral, &body),
        format!("{{{}}}", expected.join(","))
    );
}

/// Run with `--features __serde-json-all`, which this proves to be on.
#[cfg(feature = "__serde-json-all")]
#[test]
fn the_features_of_serde_json_are_on() {
    let text = r#"{"b":1.10,"a":100000000000000000000000000001}"#;
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(value.to_string(), text);
    assert_eq!(
        form(Form::NumbersAsWritten, text),
        r#"{"a":100000000000000000000000000001,"b":1.10}"#
    );
    assert_eq!(form(Form::PhpLiteral, text), r#"{"a":1.0e+29,"b":1.1}"#);
}
