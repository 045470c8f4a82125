//! Proof that each answer gives.

use singapay::Outcome;

use super::*;

#[tokio::test]
async fn every_payout_can_be_accepted() {
    for payout in payouts::all() {
        let (ending, wire) = run(&payout, [TOKEN, reply(200, &*payout.accepted).into()]).await;
        assert_eq!(
            ending.words(),
            "Accepted/Answered",
            "{payout:?}: {ending:?}"
        );
        assert_eq!(
            (wire.calls().len(), wire.connections()),
            (1, 2),
            "{payout:?}"
        );
    }
}

#[tokio::test]
async fn accepted_is_not_paid() {
    let failed = rig::TOPUP_ACCEPTED
        .replace("03", "06")
        .replace("Pending", "Failed");
    let wire = Wire::start([TOKEN, reply(200, failed).into()]).await;
    let outcome = rig::topup(&rig::money_out(wire.base_url()))
        .send()
        .await
        .unwrap();
    let topup = outcome.accepted().unwrap();
    assert_eq!(topup.transaction_status.code.as_str(), "06");
}

#[tokio::test]
async fn answers_that_prove_nothing_leave_it_unknown() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    let mut answers = vec![
        reply(200, "{\"response_code\":\"SP000\",\"data\":{\"transac"),
        reply(
            200,
            r#"{"response_code":"SP000","response_message":"OK","data":null}"#,
        ),
        reply(
            200,
            r#"{"response_code":"SP000","response_message":"OK","data":{"notes":"x"}}"#,
        ),
        reply(200, r#"{"status":200,"success":true,"data":null}"#),
        reply(200, r#"{"status":200,"success":false,"message":"no"}"#),
        reply(200, r#"{"command":"x","response_code":"00","data":[]}"#),
        reply(200, "[]"),
        reply(200, ""),
        reply(200, html),
        reply(202, "{}"),
        reply(204, ""),
        reply(400, ""),
        reply(408, "{}"),
    ];
    for status in [301, 302, 303, 307, 308] {
        answers.push(reply(status, "").header("location", "/elsewhere"));
    }
    for status in [429, 500, 501, 502, 503, 504, 599] {
        answers.push(reply(status, html));
        answers.push(reply(status, r#"{"status":500,"success":false}"#));
        answers.push(code(status, "SP003"));
        answers.push(code(status, "SP000"));
    }
    for unclear in ["SP001", "SP002", "SP005", "SP019", "SP009", "SP777", "XX1"] {
        answers.push(code(200, unclear));
        answers.push(code(400, unclear));
    }
    for answer in answers {
        each_ends(&[TOKEN, answer.into()], "Unknown/Answered").await;
    }
}

#[tokio::test]
async fn refusals_are_refusals() {
    let mut answers = vec![
        reply(403, ""),
        reply(
            403,
            r#"{"success":false,"message":"IP address not allowed"}"#,
        ),
        reply(404, ""),
        reply(
            404,
            r#"{"status":404,"success":false,"error":{"code":404,"message":"x"}}"#,
        ),
        reply(405, ""),
        reply(
            422,
            r#"{"status":422,"success":false,"error":{"code":422,"message":"x"}}"#,
        ),
    ];
    answers.push(reply(422, "{}"));
    for answer in answers {
        each_ends(&[TOKEN, answer.into()], "Refused/Answered").await;
    }
    let codes = [
        "SP003", "SP006", "SP007", "SP008", "SP010", "SP011", "SP012", "SP014", "SP015", "SP016",
        "SP017", "SP018", "SP020", "SP403", "4019900", "4049911",
    ];
    for (status, refusal) in codes.iter().flat_map(|code| [(200, code), (400, code)]) {
        each_ends_at_its_host(
            &code(status, refusal),
            "Refused/Answered",
            "Unknown/Answered",
        )
        .await;
    }
    for status in [200, 404, 422] {
        let refusal = code(status, "06");
        each_ends_at_its_host(&refusal, "Unknown/Answered", "Refused/Answered").await;
    }
}

/// A code means something only at the host whose code it is.
async fn each_ends_at_its_host(answer: &Reply, payment: &str, biller: &str) {
    each(&[TOKEN, answer.clone().into()], |payout, ending, calls| {
        let expected = if payout.is_bill() { biller } else { payment };
        assert_eq!(ending.words(), expected, "{payout:?}");
        assert_eq!(calls.len(), 1, "{payout:?}");
    })
    .await;
}

#[tokio::test]
async fn a_body_that_cannot_be_read_proves_nothing() {
    for status in [401, 403, 404, 405, 422] {
        for body in [
            "<html>Forbidden</html>",
            "{\"response_code\":\"SP003\"",
            "\u{feff}{\"response_code\":\"SP003\"}",
            "{\"response_code\":\"SP003\"}\0",
        ] {
            each_ends(&[TOKEN, reply(status, body).into()], "Unknown/Answered").await;
        }
        each_ends(&[TOKEN, code(status, "SP777").into()], "Unknown/Answered").await;
    }
}

#[tokio::test]
async fn a_known_reference_is_a_duplicate() {
    for status in [200, 400, 409] {
        for known in ["SP004", "4099901", "4099902"] {
            let answer = code(status, known);
            each_ends_at_its_host(&answer, "Duplicate/Answered", "Unknown/Answered").await;
        }
        let answer = code(status, "07");
        each_ends_at_its_host(&answer, "Unknown/Answered", "Duplicate/Answered").await;
    }
    // Without a code, only where the reference is known to be refused the second time.
    each(
        &[TOKEN, reply(409, "{}").into()],
        |payout, ending, calls| {
            let expected = match payout.refuses_duplicates() && !payout.is_bill() {
                true => "Duplicate/Answered",
                false => "Unknown/Answered",
            };
            assert_eq!(ending.words(), expected, "{payout:?}");
            assert_eq!(calls.len(), 1, "{payout:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_unresolved_says_whom_to_ask() {
    let wire = Wire::start([TOKEN, reply(502, "<html>lost</html>").into()]).await;
    let outcome = rig::topup(&rig::money_out(wire.base_url()))
        .send()
        .await
        .unwrap();
    assert!(outcome.may_have_moved());
    let Outcome::Unknown(unresolved) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(unresolved.operation(), "topup_ewallet");
    assert_eq!(unresolved.inquiry(), Some("get_ewallet_topup_status"));
    assert_eq!(unresolved.reference(), Some("R-1"));
    assert_eq!(unresolved.account_id(), Some(rig::ACCOUNT));
    assert_eq!(unresolved.error().raw_body().unwrap(), "<html>lost</html>");
}
