//! The same on a real PostgreSQL at `SINGAPAY_TEST_POSTGRES_URL`.

use sqlx::PgPool;

use crate::rig::{Rig, status, text};

#[test]
fn a_database_keeps_payouts_for_many_machines() {
    let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
        let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
        assert!(!required, "SINGAPAY_TEST_POSTGRES_URL is not set");
        println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
        return;
    };
    let millis = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let schema = format!("test_cli_{}_{millis}", std::process::id());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let pool = PgPool::connect(&url).await.unwrap();
        let made = sqlx::query(&format!("CREATE SCHEMA {schema}"))
            .execute(&pool)
            .await;
        made.unwrap();
    });
    let store = format!("{url}?options[search_path]={schema}");
    let rig = Rig::start(0);
    let file = rig.file("many.csv", 20);
    for _ in 0..2 {
        let mut command = rig.payouts("run");
        command
            .arg(&file)
            .args(["--yes", "--haste", "--store", &store]);
        let output = command.output().unwrap();
        assert_eq!(status(&output), 0, "{}", text(&output));
    }
    assert_eq!(rig.seen("transfer_disbursement"), 20);
    let shown = rig
        .payouts("status")
        .args(["--store", &store])
        .output()
        .unwrap();
    assert_eq!(status(&shown), 0, "{}", text(&shown));
}
