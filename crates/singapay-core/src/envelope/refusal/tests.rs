use super::*;

fn parse(status: u16, body: &str) -> Refusal {
    Refusal::parse(StatusCode::from_u16(status).unwrap(), body.as_bytes())
}

fn fields(refusal: &Refusal) -> Vec<(&str, Vec<&str>)> {
    let texts = |field: &FieldError| field.messages.len();
    assert!(refusal.fields.iter().map(texts).all(|count| count > 0));
    refusal
        .fields
        .iter()
        .map(|field| {
            (
                field.field.as_str(),
                field.messages.iter().map(String::as_str).collect(),
            )
        })
        .collect()
}

#[test]
fn code_and_message_are_found_in_every_envelope() {
    for (status, body, envelope, code, message) in [
        (
            401,
            r#"{"status":401,"success":false,"error":{"code":401,"message":"Invalid credentials"}}"#,
            Envelope::V1,
            Some("401"),
            Some("Invalid credentials"),
        ),
        (
            422,
            r#"{"response_code":"SP018","response_message":"Validation error","data":null}"#,
            Envelope::V2,
            Some("SP018"),
            Some("Validation error"),
        ),
        (
            401,
            r#"{"response_code":4019900}"#,
            Envelope::V2,
            Some("4019900"),
            None,
        ),
        (
            404,
            r#"{"command":"plntok","response_code":6,"response_text":"inquiry not found"}"#,
            Envelope::Biller,
            Some("06"),
            Some("inquiry not found"),
        ),
        (
            400,
            r#"{"code":"CLIENT_ERROR","message":"bad","request_id":"1","pricing":"FREE"}"#,
            Envelope::Identity,
            Some("CLIENT_ERROR"),
            Some("bad"),
        ),
        (
            403,
            r#"{"status":403,"success":false,"message":"Access denied to this account."}"#,
            Envelope::V1,
            None,
            Some("Access denied to this account."),
        ),
        (
            404,
            r#"{"message":"no route"}"#,
            Envelope::Flat,
            None,
            Some("no route"),
        ),
        (500, r#"{"error":"boom"}"#, Envelope::V1, None, Some("boom")),
        (
            400,
            r#"{"response_code":"SP001","response_message":"","data":{"message":"why"}}"#,
            Envelope::V2,
            Some("SP001"),
            Some("why"),
        ),
        (500, "{}", Envelope::Flat, None, None),
        (
            500,
            r#"{"error":[],"response_code":{},"data":[]}"#,
            Envelope::V1,
            None,
            None,
        ),
    ] {
        let refusal = parse(status, body);
        assert_eq!(refusal.envelope, Some(envelope), "{body}");
        assert_eq!(refusal.code.as_deref(), code, "{body}");
        assert_eq!(refusal.message.as_deref(), message, "{body}");
        assert!(refusal.fields.is_empty(), "{body}");
    }
}

#[test]
fn bodies_that_are_no_object_leave_the_status() {
    for body in [
        "",
        "<html><h1>502 Bad Gateway</h1></html>",
        "[1]",
        "null",
        r#"{"response_code"#,
    ] {
        let refusal = parse(502, body);
        assert_eq!(refusal.status, StatusCode::BAD_GATEWAY);
        assert_eq!(
            (refusal.envelope, refusal.code, refusal.message),
            (None, None, None),
            "{body}"
        );
    }
}

#[test]
fn field_errors_are_found_in_every_place() {
    let v1 = parse(
        422,
        r#"{"success":false,"error":{"code":422,"message":"Validation error",
            "errors":{"bank_code":["The selected bank code is invalid.","Again."]}}}"#,
    );
    assert_eq!(
        fields(&v1),
        [(
            "bank_code",
            vec!["The selected bank code is invalid.", "Again."]
        )]
    );
    let v2 = parse(
        400,
        r#"{"response_code":"SP018","data":{"errors":{"amount":"Too low.","items":{"0":{"qty":["x"]}}}}}"#,
    );
    assert_eq!(
        fields(&v2),
        [("amount", vec!["Too low."]), ("items.0.qty", vec!["x"])]
    );
    let biller = parse(
        422,
        r#"{"command":"pulsa","response_code":4,"data":{"data.transaction_id":"Required."}}"#,
    );
    assert_eq!(
        fields(&biller),
        [("data.transaction_id", vec!["Required."])]
    );
    let top = parse(
        422,
        r#"{"message":"m","errors":[{"field":"a","message":"b"},"general"]}"#,
    );
    assert_eq!(fields(&top), [("a", vec!["b"]), ("", vec!["general"])]);
}

#[test]
fn biller_data_is_a_field_map_only_in_a_validation_error() {
    let body = r#"{"command":"pulsa","response_code":"05","data":{"reference_number":"1"}}"#;
    assert!(parse(200, body).fields.is_empty());
}

#[test]
fn empty_texts_are_no_errors() {
    let body = r#"{"response_code":"SP018","data":{"errors":{"a":"","b":[],"c":null,"d":[""]}}}"#;
    assert!(parse(422, body).fields.is_empty());
}

/// Long names over many leaves would cost the square of the body without the bounds.
#[test]
fn a_hostile_body_costs_no_more_than_its_length() {
    let name = "n".repeat(100_000);
    let leaves: Vec<_> = (0..50_000).map(|leaf| format!(r#""{leaf}":"x""#)).collect();
    let leaves = leaves.join(",");
    let body = format!(r#"{{"errors":{{"{name}":{{"{name}":{{{leaves}}}}}}}}}"#);
    let refusal = parse(422, &body);
    assert!(refusal.fields.len() <= MAX_FIELDS);
    assert!(
        refusal
            .fields
            .iter()
            .all(|field| field.field.len() <= MAX_NAME_BYTES)
    );

    let deep = format!(
        r#"{{"errors":{}{}}}"#,
        r#"{"a":"#.repeat(5000),
        "}".repeat(5000)
    );
    assert!(parse(422, &deep).fields.is_empty());
    let nested = format!(
        r#"{{"errors":{}"x"{}}}"#,
        r#"{"a":"#.repeat(20),
        "}".repeat(20)
    );
    assert!(parse(422, &nested).fields.is_empty());
}

#[test]
fn long_names_are_cut_between_characters() {
    let name = "é".repeat(200);
    let refusal = parse(422, &format!(r#"{{"errors":{{"x{name}":"m"}}}}"#));
    assert_eq!(refusal.fields[0].field.len(), 255);
}

#[test]
fn a_claim_of_success_is_kept() {
    assert_eq!(
        parse(422, r#"{"success":true,"data":{}}"#).success,
        Some(true)
    );
    assert_eq!(parse(422, r#"{"success":false}"#).success, Some(false));
    assert_eq!(parse(422, "{}").success, None);
}

#[test]
fn the_data_of_others_than_the_biller_is_no_list_of_fields() {
    let data = r#""data":{"bank_code":"x"}"#;
    for (status, head, count) in [
        (422, r#""command":"a","response_code":"01""#, 1),
        (200, r#""command":"a","response_code":"04""#, 1),
        (200, r#""command":"a","response_code":4"#, 1),
        (200, r#""command":"a","response_code":"06""#, 0),
        (422, r#""response_code":"04""#, 0),
    ] {
        let refusal = parse(status, &format!("{{{head},{data}}}"));
        assert_eq!(refusal.fields.len(), count, "{status} {head}");
    }
    // An answer that names its fields elsewhere means nothing by its data.
    let both = r#"{"command":"a","response_code":"04","errors":{"b":"y"},"data":{"c":"x"}}"#;
    assert_eq!(fields(&parse(422, both)), [("b", vec!["y"])]);
    // One digit is a code of the biller alone.
    assert_eq!(
        parse(400, r#"{"response_code":"4"}"#).code.as_deref(),
        Some("4")
    );
}

#[test]
fn fields_are_looked_for_only_so_deep() {
    let of = |open: &str, close: &str, depth| {
        let errors = format!("{}\"x\"{}", open.repeat(depth), close.repeat(depth));
        parse(422, &format!(r#"{{"errors":{errors}}}"#))
            .fields
            .len()
    };
    for (open, close) in [
        (r#"{"a":"#, "}"),
        (r#"{"a":["#, "]}"),
        (r#"{"a":[[["#, "]]]}"),
    ] {
        assert_eq!((of(open, close, 1), of(open, close, 9)), (1, 0), "{open}");
    }
}
