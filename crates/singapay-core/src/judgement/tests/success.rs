//! Conditions of success: the operation's own envelope, whole.

use super::*;

#[test]
fn the_operations_own_envelope_decides() {
    use Envelope::{Any, Biller, Flat, Identity, V1, V2};
    for (envelope, status, body, success) in [
        (V2, 200, r#"{"response_code":"SP000","data":{}}"#, true),
        (V2, 400, r#"{"response_code":"SP000"}"#, false),
        (V2, 200, r#"{"response_code":"SP001"}"#, false),
        (V2, 200, r#"{"response_code":"SP0000"}"#, false),
        (V2, 200, r#"{"response_code":null}"#, false),
        (V2, 200, r#"{"status":200,"success":true}"#, false),
        (V2, 500, r#"{"response_code":"SP000"}"#, false),
        (V2, 302, r#"{"response_code":"SP000"}"#, false),
        (
            V2,
            200,
            r#"{"response_code":"SP000","success":false}"#,
            false,
        ),
        (
            V2,
            200,
            r#"{"response_code":"SP000","response_code":"SP001"}"#,
            false,
        ),
        (V2, 200, r#"{"data":{"response_code":"SP000"}}"#, false),
        (V1, 200, r#"{"status":200,"success":true}"#, true),
        (V1, 200, r#"{"success":1}"#, true),
        (V1, 200, r#"{"success":false}"#, false),
        (V1, 200, r#"{"status":200}"#, false),
        (V1, 500, r#"{"success":true}"#, false),
        (V1, 403, r#"{"response_code":"SP403"}"#, false),
        (
            V1,
            200,
            r#"{"success":true,"response_code":"SP403"}"#,
            false,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"00"}"#,
            true,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":0}"#,
            true,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"1"}"#,
            true,
        ),
        (
            Biller,
            404,
            r#"{"command":"pulsa","response_code":"6"}"#,
            false,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"68"}"#,
            false,
        ),
        (
            Biller,
            401,
            r#"{"status":401,"success":false,"error":{}}"#,
            false,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"SP000"}"#,
            false,
        ),
        (V2, 200, r#"{"response_code":"00"}"#, false),
        (Any, 204, "", true),
        (Any, 204, "{}", false),
        (Any, 200, "", false),
        (Any, 200, r#"{"response_code":"SP000"}"#, true),
        (Any, 200, r#"{"success":true}"#, true),
        (
            Any,
            200,
            r#"{"command":"pulsa","response_code":"00"}"#,
            false,
        ),
        (
            Identity,
            200,
            r#"{"code":"SUCCESS","request_id":"1"}"#,
            true,
        ),
        (Identity, 409, r#"{"code":"DUPLICATE_REFERENCE"}"#, false),
        (Identity, 200, r#"{"code":"DUPLICATE_REFERENCE"}"#, false),
        (Identity, 409, r#"{"code":"SUCCESS"}"#, false),
        (
            Biller,
            500,
            r#"{"command":"a","response_code":"00"}"#,
            false,
        ),
        (Biller, 200, r#"{"command":"a","response_code":"x"}"#, false),
        (V1, 200, r#"{"success":true,"response_code":"SP000"}"#, true),
        (Flat, 200, r#"{"access_token":"t"}"#, true),
        (
            Flat,
            401,
            r#"{"message":"invalid credential or signature"}"#,
            false,
        ),
        (Flat, 200, r#"{"success":false}"#, false),
        (Flat, 200, r#"{"error":{"code":401}}"#, false),
    ] {
        assert_eq!(
            succeeds(&with(envelope), status, body),
            success,
            "{envelope:?} {status} {body}"
        );
    }
}

#[test]
fn only_a_whole_object_is_looked_at() {
    for body in [
        "",
        "<html>502</html>",
        "[]",
        "null",
        r#""SP000""#,
        r#"{"response_code":"SP000","#,
        r#"{"response_code":"SP000"}}"#,
        r#"{"response_code":"SP000"} x"#,
    ] {
        assert!(!succeeds(&READ, 200, body), "{body}");
    }
}
