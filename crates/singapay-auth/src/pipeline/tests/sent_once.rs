//! Any answer to a payout: it goes out once, unless its token was rejected and nothing speaks against that.

use proptest::prelude::*;

use super::*;
use crate::testing::answer;

/// Bodies in which members that matter meet, whole and broken.
fn bodies() -> BoxedStrategy<String> {
    let member = prop::sample::select(vec![
        r#""success":true"#,
        r#""success":false"#,
        r#""response_code":"SP000""#,
        r#""response_code":"SP001""#,
        r#""response_code":"SP013""#,
        r#""response_code":"SP777""#,
        r#""response_code":"06""#,
        r#""code":"UNAUTHORIZED""#,
        r#""error":{"code":401}"#,
        r#""data":{"transaction_id":"T1"}"#,
        r#""data":{"transaction_status":{"code":"03"}}"#,
        r#""data":{}"#,
        r#""data":{"errors":{"amount":["x"]}}"#,
    ]);
    let ends = prop::sample::select(vec!["}", "}", "}", "", "}}", "}\0"]);
    (prop::collection::vec(member, 0..4), ends)
        .prop_map(|(members, end)| format!("{{{}{end}", members.join(",")))
        .boxed()
}

proptest! {
    #[test]
    fn a_payout_goes_out_once_unless_its_token_was_rejected(
        usual in prop::sample::select(vec![200_u16, 401, 401, 403, 422, 503]),
        any in 200..1000_u16, is_usual in any::<bool>(), body in bodies(), is_empty in any::<bool>(),
    ) {
        let status = if is_usual { usual } else { any };
        let body = if is_empty { String::new() } else { body };
        let script = [answer(status, &body)];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let sent = runtime.block_on(async {
            let rig = rig(scripted(script));
            let _ = rig.topup().await;
            rig.calls()
        });
        let says = |words: &str| body.contains(words);
        let is_whole = serde_json::from_str::<serde_json::Value>(&body).is_ok();
        let against = ["true", "SP000", "SP001", "SP777", "06", "UNAUTHORIZED", "transaction_"];
        let may_repeat = (status == 401 || says("SP013"))
            && (200..500).contains(&status)
            && !(300..400).contains(&status)
            && status != 429
            && (body.is_empty() || is_whole)
            && !against.into_iter().any(says);
        prop_assert!(sent == 1 || sent == 2 && may_repeat, "{} {} {}", sent, status, body);
    }
}
