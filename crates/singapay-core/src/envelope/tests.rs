use http::StatusCode;
use proptest::prelude::*;
use serde_json::{from_str, from_value, json, to_value};

use super::*;
use crate::operation::Envelope;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Link {
    #[serde(deserialize_with = "tolerant::text")]
    id: String,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

fn link(id: &str) -> Link {
    Link {
        id: id.to_owned(),
        extra: Map::new(),
    }
}

#[test]
fn v1_is_read_whatever_the_scalars_are() {
    for json in [
        r#"{"status":200,"success":true,"data":{"id":7}}"#,
        r#"{"status":"200","success":"true","data":{"id":"7"}}"#,
        r#"{"status":200.0,"success":1,"data":{"id":7},"pagination":[],"meta":[]}"#,
        r#"{"data":{"id":7},"success":true,"status":200,"pagination":null,"message":null}"#,
    ] {
        let answer: V1<Link> = from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(
            (answer.status, answer.success),
            (Some(200), Some(true)),
            "{json}"
        );
        assert!(answer.page().is_none(), "{json}");
        assert!(answer.into_data() == Some(link("7")), "{json}");
    }
}

#[test]
fn data_may_be_missing_or_the_wrong_empty_thing() {
    for data in [
        "null",
        "[]",
        r#""""#,
        "false",
        r#""VA Payment Notification testing""#,
        "[1]",
    ] {
        let json = format!(r#"{{"response_code":"SP000","data":{data},"event":"x"}}"#);
        let answer: V2<Link> = from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(answer.extra["event"], "x");
        assert!(answer.into_data().is_none(), "{json}");
    }
    assert!(
        from_str::<V2<Link>>(r#"{"response_code":"SP000"}"#)
            .unwrap()
            .data
            .is_none()
    );
    let list = |data| {
        from_str::<V1<Vec<Link>>>(&format!(r#"{{"data":{data}}}"#))
            .unwrap()
            .data
    };
    assert!(list("null").is_none());
    assert!(list("{}") == Some(vec![]));
    assert!(list("[]") == Some(vec![]));
    assert!(list(r#"[{"id":1}]"#) == Some(vec![link("1")]));
    assert!(list(r#"{"id":1}"#) == Some(vec![link("1")]));
    assert!(from_str::<V1<Value>>(r#"{"data":[]}"#).unwrap().data == Some(json!([])));
    assert!(
        from_str::<V1<()>>(r#"{"data":{"deleted":true}}"#)
            .unwrap()
            .data
            .is_none()
    );
    assert!(
        from_str::<V1<String>>(r#"{"data":"text"}"#)
            .unwrap()
            .data
            .as_deref()
            == Some("text")
    );
    assert!(
        from_str::<V1<String>>(r#"{"data":{"a":1},"status":1}"#)
            .unwrap()
            .data
            .is_none()
    );
}

/// A success without its essential fields must not pass for one without data.
#[test]
fn unreadable_data_is_an_error() {
    assert!(from_str::<V2<Link>>(r#"{"response_code":"SP000","data":{"status":"00"}}"#).is_err());
    assert!(from_str::<V2<Link>>(r#"{"response_code":"SP000","data":{"id":{}}}"#).is_err());
    assert!(from_str::<V1<Vec<Link>>>(r#"{"data":[{"id":1},{"id":[]}]}"#).is_err());
    let error = from_str::<V2<Link>>("{\"data\":\n{\"name\":1}}")
        .err()
        .unwrap();
    assert_eq!(error.line(), 2, "the position survives");
}

#[test]
fn numbers_are_codes_too() {
    let v2: V2<Link> = from_str(r#"{"response_code":4019900,"response_message":5}"#).unwrap();
    assert_eq!(v2.response_code.as_deref(), Some("4019900"));
    let biller: Biller<Link> = from_str(r#"{"command":"pulsa","response_code":6}"#).unwrap();
    assert_eq!(biller.response_code.as_deref(), Some("6"));
    let identity: Identity<Link> =
        from_str(r#"{"code":"SUCCESS","pricing":"PAID","request_id":9,"data":{"id":1}}"#).unwrap();
    assert_eq!(identity.pricing, Some(Pricing::Paid));
    assert_eq!(identity.request_id.as_deref(), Some("9"));
}

#[test]
fn unknown_members_survive_a_round_trip() {
    let v1 = json!({"status": 200, "success": true, "data": {"id": "1", "new": [1]}, "later": {}});
    assert_eq!(
        to_value(from_value::<V1<Link>>(v1.clone()).unwrap()).unwrap(),
        v1
    );
    let v2 =
        json!({"response_code": "SP000", "response_message": "ok", "data": {"id": "1"}, "x": 1});
    assert_eq!(
        to_value(from_value::<V2<Link>>(v2.clone()).unwrap()).unwrap(),
        v2
    );
    let flat = json!({"id": "1", "expires_in": 3600});
    assert_eq!(
        to_value(from_value::<Flat<Link>>(flat.clone()).unwrap()).unwrap(),
        flat
    );
}

#[test]
fn pages_are_found_in_every_place_and_spelling() {
    let page = |rest: &str| {
        let json = format!(r#"{{"data":[],{rest}}}"#);
        from_str::<V1<Vec<Link>>>(&json).unwrap().page().cloned()
    };
    let link = "https://gateway.example/api/v1.0/accounts?page=2";
    let camel = format!(
        r#"{{"total":47,"count":25,"perPage":25,"currentPage":1,"totalPages":2,
            "links":{{"next":"{link}"}}}}"#
    );
    let found = page(&format!(r#""pagination":{camel}"#)).unwrap();
    assert_eq!(
        (found.total, found.count, found.per_page),
        (Some(47), Some(25), Some(25))
    );
    assert_eq!((found.current_page, found.total_pages), (Some(1), Some(2)));
    assert_eq!(
        (found.next.as_deref(), found.previous.as_deref()),
        (Some(link), None)
    );
    assert_eq!(page(&format!(r#""meta":{camel}"#)).as_ref(), Some(&found));
    assert_eq!(
        page(&format!(r#""meta":{{"pagination":{camel}}}"#)).as_ref(),
        Some(&found)
    );
    let both =
        format!(r#""pagination":{{}},"meta":{{"pagination":{camel},"additional_info":{{}}}}"#);
    assert_eq!(page(&both).as_ref(), Some(&found));

    let snake = r#"{"total":"42","count":1,"per_page":25,"current_page":1,"total_pages":"2",
        "links":[]}"#;
    let found = page(&format!(r#""meta":{{"pagination":{snake}}}"#)).unwrap();
    assert_eq!(
        (found.total, found.per_page, found.total_pages),
        (Some(42), Some(25), Some(2))
    );
    let twice = page(r#""pagination":{"perPage":25,"per_page":25,"last_page":5}"#).unwrap();
    assert_eq!((twice.per_page, twice.total_pages), (Some(25), Some(5)));

    for nothing in [
        r#""pagination":{}"#,
        r#""pagination":[]"#,
        r#""meta":{}"#,
        r#""meta":"x""#,
    ] {
        assert_eq!(page(nothing), None, "{nothing}");
    }
}

#[test]
fn a_page_is_written_as_it_is_read() {
    let json = json!({
        "total": 3, "perPage": 25, "currentPage": 1, "links": {"next": "n", "previous": "p"},
        "hint": true,
    });
    let page: Page = from_value(json.clone()).unwrap();
    assert!(!page.is_empty());
    assert_eq!(to_value(&page).unwrap(), json);
    assert!(
        from_value::<Page>(json!({"hint": true}))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn envelopes_are_told_apart() {
    for (body, envelope) in [
        (
            json!({"command": "pulsa", "response_code": "00"}),
            Envelope::Biller,
        ),
        (
            json!({"code": "SUCCESS", "request_id": "1"}),
            Envelope::Identity,
        ),
        (json!({"response_code": "SP000"}), Envelope::V2),
        // Half of the members of an envelope are none.
        (json!({"command": "pulsa"}), Envelope::Flat),
        (json!({"code": "SUCCESS"}), Envelope::Flat),
        (json!({"request_id": "1"}), Envelope::Flat),
        (json!({"success": true}), Envelope::V1),
        (json!({"error": {"code": 1}}), Envelope::V1),
        (
            json!({"message": "The route x could not be found"}),
            Envelope::Flat,
        ),
    ] {
        assert_eq!(
            detect(body.to_string().as_bytes()),
            Some(envelope),
            "{body}"
        );
        assert_eq!(
            Reading::of(body.as_object().unwrap()).envelope(),
            envelope,
            "{body}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_panics_on_any_bytes(body in any::<Vec<u8>>(), status in 100..600_u16) {
        let status = StatusCode::from_u16(status).unwrap();
        let _ = detect(&body);
        prop_assert_eq!(Refusal::parse(status, &body).status, status);
    }
}
