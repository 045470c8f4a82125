//! One client for several runtimes, each of which can end or stand still at any time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use singapay::{Error, Singapay};
use support::wire::{Do, TOKEN, Wire, reply, request, write};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::Notify,
};

const QR: &str = r#"{"success":true,"data":{"id":1,"qr_data":"00","status":"open"}}"#;

fn client(url: &str) -> Singapay {
    let builder = Singapay::builder().base_url(url);
    let builder = builder
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT);
    builder.build().unwrap()
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn call(client: &Singapay) -> impl Future<Output = Result<i64, Error>> + Send + use<> {
    let call = client.qris().get(1);
    async move { Ok(call.send().await?.id) }
}

/// Runs the servers of a test.
fn serving() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// A server that leaves the first token request unanswered, and says when it came.
async fn forgetful() -> (String, Arc<Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Notify::new());
    let tell = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut first = true;
        while let Ok((mut stream, _)) = listener.accept().await {
            let forgets = std::mem::take(&mut first);
            let tell = Arc::clone(&tell);
            tokio::spawn(async move {
                while let Some(head) = request(&mut stream).await {
                    if forgets {
                        tell.notify_one();
                        std::future::pending::<()>().await;
                    }
                    let body = if head.contains("/access-token/") {
                        TOKEN
                    } else {
                        QR
                    };
                    write(&mut stream, 200, "", body, body.len()).await;
                }
            });
        }
    });
    (url, asked)
}

#[test]
fn a_runtime_that_ends_takes_no_call_of_another_with_it() {
    let serving = serving();
    let (url, asked) = serving.block_on(forgetful());
    let client = client(&url);
    let (first, second) = (runtime(), runtime());
    // Waits for a token that never comes.
    let mut leader = Box::pin(call(&client));
    first.block_on(async {
        tokio::select! {
            _ = leader.as_mut() => unreachable!("no token came"),
            () = asked.notified() => {}
        }
    });
    let mut waiting = Box::pin(call(&client));
    second.block_on(async {
        tokio::select! {
            biased;
            _ = waiting.as_mut() => unreachable!("no token came"),
            () = std::future::ready(()) => {}
        }
    });
    #[cfg(feature = "blocking")]
    let blocking = {
        let call = client.qris().get(1);
        std::thread::spawn(move || call.send_blocking().map(|qr| qr.id))
    };
    drop(leader);
    drop(first);
    assert_eq!(second.block_on(waiting).unwrap(), 1);
    #[cfg(feature = "blocking")]
    assert_eq!(blocking.join().unwrap().unwrap(), 1);
}

/// Connections are kept, and each is driven by the runtime that made it.
#[test]
fn a_runtime_that_stands_still_lends_its_connections_to_nobody() {
    let serving = serving();
    let server = serving.block_on(Wire::always("t", Do::Answer(reply(200, QR))));
    let client = client(server.base_url());
    let (first, second, third) = (runtime(), runtime(), runtime());
    let patience = Duration::from_secs(5);
    let bounded = |runtime: &Runtime| {
        let call = call(&client);
        runtime.block_on(async { tokio::time::timeout(patience, call).await })
    };
    assert_eq!(bounded(&first).unwrap().unwrap(), 1);
    // The first is there, with an idle connection, and runs nothing.
    assert_eq!(bounded(&second).unwrap().unwrap(), 1);
    assert_eq!(bounded(&first).unwrap().unwrap(), 1);
    drop((first, second));
    assert_eq!(bounded(&third).unwrap().unwrap(), 1);
    assert_eq!(server.calls().len(), 4);
}

#[test]
fn a_program_may_make_a_runtime_for_every_call() {
    let serving = serving();
    let server = serving.block_on(Wire::always("t", Do::Answer(reply(200, QR))));
    let client = client(server.base_url());
    for _ in 0..50 {
        let runtime = runtime();
        let call = pin!(call(&client));
        runtime.block_on(call).unwrap();
    }
    assert_eq!(server.calls().len(), 50);
}
