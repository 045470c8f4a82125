//! The two ways to an answer's outcome say the same.

use super::*;

fn agrees<T: Enveloped + for<'de> Deserialize<'de>>(
    envelope: Envelope,
    json: &str,
) -> Result<(), TestCaseError> {
    let Ok(read) = from_str::<T>(json) else {
        return Ok(());
    };
    let (read, bytes) = (read.peek().unwrap(), peek(json.as_bytes()).unwrap());
    for status in [200, 201, 204, 302, 400, 401, 500, 503] {
        let status = StatusCode::from_u16(status).unwrap();
        let (read, bytes) = (
            read.is_success(envelope, status),
            bytes.is_success(envelope, status),
        );
        prop_assert_eq!(read, bytes, "{:?} {} {}", envelope, status, json);
    }
    Ok(())
}

proptest! {
    // Two members that matter must meet.
    #![proptest_config(ProptestConfig::with_cases(5000))]

    /// Members in any order, repeated ones and those of other envelopes too.
    #[test]
    fn types_and_bytes_agree_on_the_outcome(
        members in prop::collection::vec(
            prop::sample::select(vec![
                r#""success":true"#, r#""success":1"#, r#""success":"TRUE""#, r#""success":false"#,
                r#""success":null"#, r#""response_code":"SP000""#, r#""response_code":"SP001""#,
                r#""response_code":"00""#, r#""response_code":1"#, r#""response_code":"0""#,
                r#""response_code":null"#, r#""response_code":{"a":[1]}"#, r#""code":"SUCCESS""#,
                r#""code":"FAILED""#, r#""code":200"#, r#""code":1e2"#, r#""command":"inquiry""#,
                r#""command":[]"#, r#""request_id":null"#, r#""error":{}"#, r#""status":200"#,
                r#""data":{"a":1.0}"#, r#""data":null"#, r#""message":"x""#, r#""x":1.0"#,
            ]),
            0..6,
        )
    ) {
        let json = format!("{{{}}}", members.join(","));
        agrees::<V1<Value>>(Envelope::V1, &json)?;
        agrees::<V2<Value>>(Envelope::V2, &json)?;
        agrees::<Biller<Value>>(Envelope::Biller, &json)?;
        agrees::<Identity<Value>>(Envelope::Identity, &json)?;
    }
}
