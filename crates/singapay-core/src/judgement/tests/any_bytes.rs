//! Nothing is proven against what an answer says, whatever its bytes are.

use super::*;

/// Bodies in which members that matter meet, whole and broken.
fn bodies() -> BoxedStrategy<String> {
    let member = prop::sample::select(vec![
        r#""success":true"#,
        r#""success":false"#,
        r#""success":"x""#,
        r#""response_code":"SP000""#,
        r#""response_code":"SP013""#,
        r#""response_code":"SP003""#,
        r#""response_code":"SP777""#,
        r#""response_code":"00""#,
        r#""response_code":"06""#,
        r#""response_code":6"#,
        r#""response_code":"4019900""#,
        r#""response_code":null"#,
        r#""code":"SUCCESS""#,
        r#""code":"UNAUTHORIZED""#,
        r#""command":"pulsa""#,
        r#""request_id":"1""#,
        r#""error":{"code":401}"#,
        r#""error":{"code":"SP013"}"#,
        r#""transaction_id":"T1""#,
        r#""data":{"transaction_id":"T1","transaction_status":{"code":"03"}}"#,
        r#""data":{"transaction_status":"success"}"#,
        r#""data":{}"#,
        r#""data":null"#,
        r#""data":[]"#,
        r#""data":{"errors":{"amount":["x"]}}"#,
        r#""message":"x""#,
    ]);
    let ends = prop::sample::select(vec!["}", "}", "}", "}", "", "}}", "}\0", "} x"]);
    let starts = prop::sample::select(vec!["{", "{", "{", "{", "\u{feff}{", "[", "<html>"]);
    (starts, prop::collection::vec(member, 0..5), ends)
        .prop_map(|(start, members, end)| format!("{start}{}{end}", members.join(",")))
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Any status with any body: a refusal of a payout is only what nothing in the answer speaks against.
    #[test]
    fn nothing_is_proven_against_what_the_answer_says(
        status in 200..1000_u16, common in prop::sample::select(vec![200, 400, 401, 403, 404, 409, 422]),
        usual in any::<bool>(), body in bodies(), bill in any::<bool>(), ambiguous in any::<bool>(),
    ) {
        let status = if usual { common } else { status };
        let operation = if bill { &BILL } else { &TRANSFER };
        let Some(failure) = Judgement::of(operation, b"{}", &answer(status, &body), ambiguous).into_failure()
        else {
            prop_assert!((200..300).contains(&status));
            return Ok(());
        };
        let speaks = ["T1", "\"success\":true", "SP000", "SUCCESS", "transaction_status\":\"success"];
        let readable = serde_json::from_str::<Map<String, Value>>(&body);
        let against = speaks.iter().any(|words| body.contains(words))
            || readable.is_err() && !body.is_empty()
            || status >= 500 || (300..400).contains(&status) || status == 429
            || body.contains("SP777")
            || bill && body.contains(r#""response_code":"SP0"#);
        if against {
            prop_assert_ne!(failure.proof, Proof::Refused, "{} {}", status, body);
            prop_assert!(!failure.rejects_token, "{} {}", status, body);
            prop_assert!(!failure.undisputed, "{} {}", status, body);
        }
        if ambiguous {
            prop_assert_ne!(failure.proof, Proof::Refused);
        }
        if failure.rejects_token {
            prop_assert!(status == 401 || body.contains("SP013"), "{} {}", status, body);
        }
    }

    #[test]
    fn nothing_panics_on_any_bytes(body in any::<Vec<u8>>(), status in 100..1000_u16) {
        let mut answer = answer(status, "");
        answer.body = body.into();
        for operation in [&READ, &TRANSFER, &BILL] {
            let _ = Judgement::of(operation, &answer.body, &answer, false);
        }
        let _ = Failure::of_token(&answer);
    }
}
