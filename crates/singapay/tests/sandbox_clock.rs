//! A client in another process than its sandbox, whose time is moved.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use singapay::{
    ErrorKind, MoneyOutPolicy, Outcome, Rupiah, SandboxClock, Singapay, SingapayBuilder,
};
use singapay_core::{Clock, SystemClock};
use singapay_sandbox::Sandbox;

const DAYS: Duration = Duration::from_secs(3 * 86_400);

fn settings(sandbox: &Sandbox) -> SingapayBuilder {
    let credentials = sandbox.credentials();
    Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            &credentials.partner_id,
            &credentials.client_id,
            credentials.client_secret.clone(),
        )
        .account(sandbox.account_id())
}

/// Sends a signed request, and says whether it was accepted.
async fn pays(client: &Singapay, reference: &str) -> bool {
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let call = handle.transfer_disbursement().reference_number(reference);
    let call = call.bank_code("014").bank_account_number("1000000000");
    matches!(
        call.amount(Rupiah::new(10_000)).send().await,
        Ok(Outcome::Accepted(_))
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_follows_a_sandbox_whose_time_moves() {
    let sandbox = Sandbox::start().await.unwrap();
    let clock = SandboxClock::of(sandbox.base_url()).unwrap();
    let follows = settings(&sandbox).clock(clock).build().unwrap();
    assert!(pays(&follows, "A-1").await);
    sandbox.freeze_clock();
    for round in 0..3 {
        sandbox.advance(DAYS).await;
        assert!(pays(&follows, &format!("B-{round}")).await);
    }
    let stays = settings(&sandbox).build().unwrap();
    assert!(
        !pays(&stays, "C-1").await,
        "the machine's clock is nine days behind"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_on_where_the_sandbox_ended_and_looks_at_this_machine_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.base_url().to_owned();
    sandbox.advance(DAYS).await;
    let clock = SandboxClock::of(&address).unwrap();
    sandbox.stop().await;
    let ahead = clock.now().since(SystemClock.now());
    assert!(ahead > DAYS - Duration::from_secs(60) && ahead < DAYS + Duration::from_secs(60));
    for other in [
        address.as_str(),
        "https://127.0.0.1:1",
        "http://gateway.example",
        "127.0.0.1:1",
        "",
    ] {
        assert_eq!(
            SandboxClock::of(other).unwrap_err().kind(),
            ErrorKind::Config,
            "{other}"
        );
    }
}
