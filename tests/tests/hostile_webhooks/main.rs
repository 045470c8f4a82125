//! Hostile and odd deliveries, through each adapter and through none: one table, one expectation.

#![allow(clippy::unwrap_used)]

mod cases;
mod sent;
mod server;
mod shop;

use std::time::Duration;

use cases::Step;
use sent::Sent;
use server::{ALL, Server};
use shop::{Answering, HOOK, Shop};
use singapay_webhook::adapter::AdapterSettings;

async fn run(server: Server) {
    let framework = server != Server::Bare;
    for case in cases::all()
        .into_iter()
        .filter(|case| framework || !case.on_http)
    {
        let shop = Shop::open(HOOK);
        for (at, step) in case.steps.into_iter().enumerate() {
            let (sent, expected) = match step {
                Step::Wait(time) => {
                    shop.clock.advance(time);
                    continue;
                }
                Step::Answer(answering) => {
                    shop.answer(answering);
                    continue;
                }
                Step::Send(sent, expected) => (sent(&shop), expected),
            };
            let taken = sent.body.taken();
            let answer = server.send(&shop, sent).await;
            let place = format!("{server:?}, {}, step {at}", case.name);
            assert_eq!(answer.status, expected, "{place}");
            assert_eq!(answer.text, "", "{place}: strangers are told nothing");
            // One piece too many shows that it is too large, and is not kept.
            let most = shop::LIMIT + sent::PIECE;
            assert!(taken.bytes() <= most, "{place}: {} bytes", taken.bytes());
        }
        assert_eq!(shop.effects(), case.effects, "{server:?}, {}", case.name);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_framework() {
    run(Server::Bare).await;
}

#[tokio::test(start_paused = true)]
async fn through_axum() {
    run(Server::Axum).await;
}

#[tokio::test(start_paused = true)]
async fn through_actix() {
    run(Server::Actix).await;
}

/// The extractors verify alike, and leave copies to the caller.
#[tokio::test(start_paused = true)]
async fn through_the_extractors() {
    for server in [Server::AxumExtractor, Server::ActixExtractor] {
        for case in cases::all().into_iter().filter(|case| case.verified_only) {
            let shop = Shop::open(HOOK);
            for step in case.steps {
                let Step::Send(sent, expected) = step else {
                    unreachable!("{}", case.name)
                };
                let answer = server.send(&shop, sent(&shop)).await;
                assert_eq!(answer.status, expected, "{server:?}, {}", case.name);
                assert_eq!(answer.text, "", "{server:?}, {}", case.name);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn any_registered_path_is_served_as_it_is_written() {
    for server in [Server::Axum, Server::Actix] {
        for path in [
            "/",
            "/hooks?source=x&token=y",
            "/a/{b}/c",
            "/a/{*rest}",
            "/:x/*y",
            "/a//b/",
            "/%7Ba%7D/b%2Fc",
        ] {
            let shop = Shop::open(path);
            let sent = shop.genuine("INV-1");
            let answer = server.send(&shop, sent).await;
            assert_eq!(answer.status, 200, "{server:?}, {path}");
            let mut other = shop.genuine("INV-2");
            other.path = "/a/other/c".to_owned();
            let answer = server.send(&shop, other).await;
            assert_eq!(answer.status, 404, "{server:?}, {path}");
            assert_eq!(shop.effects(), 1, "{server:?}, {path}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_told_to_come_again_while_one_is_in_work() {
    for server in ALL {
        let shop = Shop::open(HOOK);
        shop.answer(Answering::Held);
        let first = server.send(&shop, shop.genuine("INV-1"));
        let second = async {
            shop.entered().await;
            let answer = server.send(&shop, shop.genuine("INV-1")).await;
            shop.let_go();
            answer
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!((first.status, second.status), (200, 409), "{server:?}");
        let third = server.send(&shop, shop.genuine("INV-1")).await;
        assert_eq!((third.status, shop.effects()), (200, 1), "{server:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_hangs_up_does_not_stop_the_handler() {
    for server in [Server::Axum, Server::Actix] {
        let shop = Shop::open(HOOK);
        shop.answer(Answering::Held);
        tokio::select! {
            _ = server.send(&shop, shop.genuine("INV-1")) => unreachable!(),
            () = shop.entered() => {}
        }
        shop.let_go();
        // Time only moves on once everything else has run.
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(shop.effects(), 1, "{server:?}");
        let copy = server.send(&shop, shop.genuine("INV-1")).await;
        assert_eq!((copy.status, shop.effects()), (200, 1), "{server:?}");
    }
}

/// It ends with its lease, in the sweep of the same gate too.
#[tokio::test(start_paused = true)]
async fn a_handler_that_never_ends_holds_up_nothing() {
    for server in [Server::Axum, Server::Actix] {
        let shop = Shop::open(HOOK);
        shop.answer(Answering::Held);
        let answer = server.send(&shop, shop.genuine("INV-1"));
        let answer = tokio::time::timeout(Duration::from_secs(60), answer).await;
        assert_eq!(answer.unwrap().status, 503, "{server:?}");
        shop.clock.advance(Duration::from_secs(3_600));
        let swept = shop.gate.sweep(shop.handler());
        let swept = tokio::time::timeout(Duration::from_secs(60), swept).await;
        assert_eq!(swept.unwrap().unwrap().failed, 1, "{server:?}");
        shop.answer(Answering::Done);
        let copy = server.send(&shop, shop.genuine("INV-1")).await;
        assert_eq!((copy.status, shop.effects()), (200, 1), "{server:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_developer_is_told_why_and_no_secret() {
    for server in [
        Server::Bare,
        Server::Axum,
        Server::Actix,
        Server::AxumExtractor,
        Server::ActixExtractor,
    ] {
        let mut shop = Shop::open(HOOK);
        let forged = |shop: &Shop| shop.signed(shop::OTHER, "INV-1");
        for peer in ["127.0.0.1", "192.0.2.7"] {
            shop.peer = peer.parse().unwrap();
            let answer = server.send(&shop, forged(&shop)).await;
            assert_eq!((answer.status, &*answer.text), (401, ""), "{server:?}");
        }
        shop.settings = Some(AdapterSettings::new().explain_on_loopback());
        let far = server.send(&shop, forged(&shop)).await;
        assert_eq!((far.status, &*far.text), (401, ""), "{server:?}");

        shop.peer = "127.0.0.1".parse().unwrap();
        let near = server.send(&shop, forged(&shop)).await;
        assert!(
            near.text.contains("the secret is another one"),
            "{server:?}: {}",
            near.text
        );
        for secret in [shop::OLD, shop::NEW, shop::OTHER, "INV-1"] {
            assert!(!near.text.contains(secret), "{server:?}: {}", near.text);
        }
        let proxied = forged(&shop).with("x-forwarded-for", "203.0.113.9");
        let proxied = server.send(&shop, proxied).await;
        assert_eq!((proxied.status, &*proxied.text), (401, ""), "{server:?}");

        let elsewhere: Sent = shop.signed_for("/public/hooks", shop::NEW, "INV-1");
        let text = server.send(&shop, elsewhere.arriving_at(HOOK)).await.text;
        assert!(text.contains("refused"), "{server:?}: {text}");
    }
}
