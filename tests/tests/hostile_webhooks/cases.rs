//! The table: what is sent, and what has to be answered.

use std::time::Duration;

use bytes::Bytes;

use crate::{
    sent::{Body, Piece, Sent},
    server::INTERNAL,
    shop::{self, Answering, HOOK, Shop},
};

type Make = Box<dyn Fn(&Shop) -> Sent>;

pub(crate) enum Step {
    Send(Make, u16),
    Wait(Duration),
    Answer(Answering),
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) steps: Vec<Step>,
    /// How often the handler's effect exists afterwards.
    pub(crate) effects: u32,
    /// It is about verification alone, so that an extractor answers the same.
    pub(crate) verified_only: bool,
    /// It needs a framework.
    pub(crate) on_http: bool,
}

impl Case {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            steps: Vec::new(),
            effects: 0,
            verified_only: true,
            on_http: false,
        }
    }

    fn send(mut self, make: impl Fn(&Shop) -> Sent + 'static, expected: u16) -> Self {
        self.steps.push(Step::Send(Box::new(make), expected));
        self
    }

    fn wait(mut self, time: Duration) -> Self {
        self.steps.push(Step::Wait(time));
        self.with_gate()
    }

    fn answer(mut self, answering: Answering) -> Self {
        self.steps.push(Step::Answer(answering));
        self.with_gate()
    }

    fn effects(mut self, effects: u32) -> Self {
        self.effects = effects;
        self
    }

    /// Method and path are the framework's to look at.
    fn on_http(mut self) -> Self {
        self.on_http = true;
        self
    }

    fn with_gate(mut self) -> Self {
        self.verified_only = false;
        self
    }
}

/// The order that most cases are about.
fn order(shop: &Shop) -> Sent {
    shop.genuine("INV-1")
}

pub(crate) fn all() -> Vec<Case> {
    [
        ordinary(),
        bodies(),
        headers(),
        keys(),
        replays(),
        outcomes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn ordinary() -> Vec<Case> {
    let mut cases = vec![
        Case::new("genuine").send(order, 200).effects(1),
        Case::new("genuine, and no event").send(|shop| shop.holding("[1]"), 200),
        Case::new("an event that nobody knows")
            .send(|shop| shop.holding(r#"{"event":"moon-phase","data":{}}"#), 200)
            .effects(1),
        Case::new("without a body").send(|shop| order(shop).body(Body::of([])), 400),
        Case::new("without anything").send(
            |shop| Sent { headers: Vec::new(), ..order(shop).body(Body::of([])) },
            401,
        ),
        Case::new("the dashboard's test, which nobody signs").send(
            |shop| {
                let body = r#"{"status": 200, "success": true, "data": "VA Payment Notification testing"}"#;
                Sent { headers: Vec::new(), ..order(shop).body(Body::whole(body)) }
            },
            401,
        ),
        Case::new("a proxy changed the path").send(|shop| order(shop).arriving_at(INTERNAL), 200).effects(1),
        Case::new("a proxy added a query")
            .send(|shop| order(shop).arriving_at(&format!("{HOOK}?source=proxy")), 200)
            .effects(1),
        Case::new("signed for the path behind the proxy").send(
            |shop| shop.signed_for(INTERNAL, shop::NEW, "INV-1").arriving_at(INTERNAL),
            401,
        ),
        Case::new("another path").send(|shop| order(shop).arriving_at("/elsewhere"), 404).on_http(),
    ];
    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        cases.push(
            Case::new("another method")
                .send(move |shop| order(shop).by(method), 405)
                .on_http(),
        );
    }
    cases
}

fn bodies() -> Vec<Case> {
    let nested = |depth: usize| {
        format!(
            r#"{{"event":"va-transaction","data":{}{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    let said = |length: usize| {
        move |shop: &Shop| {
            order(shop)
                .with("content-length", length.to_string())
                .body(Body::endless())
        }
    };
    let pieces =
        |pieces: fn() -> Vec<Piece>| move |shop: &Shop| order(shop).body(Body::of(pieces()));
    vec![
        Case::new("too large, and says so").send(said(shop::LIMIT + 1), 413),
        Case::new("too large, and says a number beyond all").send(
            |shop| {
                order(shop)
                    .with("content-length", "99999999999999999999")
                    .body(Body::endless())
            },
            413,
        ),
        Case::new("too large, in chunks").send(|shop| order(shop).body(Body::endless()), 413),
        Case::new("larger than it says").send(said(10), 413),
        Case::new("as large as can be, and not signed").send(
            |shop| order(shop).body(Body::whole(vec![b' '; shop::LIMIT])),
            400,
        ),
        Case::new("never ends").send(pieces(|| vec![half(), Piece::Silence]), 408),
        Case::new("drips").send(
            |shop| order(shop).body(Body::dripping(Duration::from_secs(1))),
            408,
        ),
        Case::new("breaks off").send(pieces(|| vec![half(), Piece::Break]), 400),
        Case::new("slow, and in time")
            .send(
                |shop| {
                    let body = shop::paid("INV-1");
                    let (front, back) = body.split_at(40);
                    let bytes = |part: &str| Piece::Bytes(Bytes::copy_from_slice(part.as_bytes()));
                    order(shop).body(Body::of([
                        bytes(front),
                        Piece::Pause(Duration::from_secs(9)),
                        bytes(back),
                    ]))
                },
                200,
            )
            .effects(1),
        Case::new("nested as deep as can be")
            .send(move |shop| shop.holding(nested(63)), 200)
            .effects(1),
        Case::new("nested too deep, and signed").send(move |shop| shop.holding(nested(64)), 400),
        Case::new("nested without end").send(
            |shop| order(shop).body(Body::whole("[".repeat(60_000))),
            400,
        ),
        Case::new("no JSON").send(
            |shop| order(shop).body(Body::whole("status=paid&reff_no=INV-1")),
            400,
        ),
        Case::new("no text").send(
            |shop| order(shop).body(Body::whole(&b"{\"a\":\"\xff\xfe\"}"[..])),
            400,
        ),
        Case::new("compressed, and nobody unpacks it").send(
            |shop| {
                order(shop)
                    .with("content-encoding", "gzip")
                    .body(Body::whole(
                        &b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0"[..],
                    ))
            },
            400,
        ),
    ]
}

fn half() -> Piece {
    Piece::Bytes(Bytes::from_static(br#"{"event":"#))
}

const SECURITY: [&str; 4] = [
    "x-signature",
    "x-timestamp",
    "authorization",
    "x-partner-id",
];

fn headers() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in SECURITY {
        // The partner id only says which key to try first.
        let (missing, effects) = if name == "x-partner-id" {
            (200, 1)
        } else {
            (401, 0)
        };
        cases.extend([
            Case::new("a header is missing")
                .send(move |shop| order(shop).without(name), missing)
                .effects(effects),
            Case::new("a header is there twice").send(move |shop| order(shop).doubled(name), 401),
            Case::new("another value of a header")
                .send(move |shop| order(shop).with(name, "1790000000"), 401),
            Case::new("a header of no text").send(
                move |shop| order(shop).without(name).with(name, b"\xff\xfe"),
                401,
            ),
        ]);
    }
    for name in ["x-signature", "x-timestamp", "authorization"] {
        cases.push(
            Case::new("an empty header")
                .send(move |shop| order(shop).without(name).with(name, ""), 401),
        );
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
        "",
    ] {
        cases.push(
            Case::new("a content type of its own")
                .send(
                    move |shop| {
                        order(shop)
                            .without("content-type")
                            .with("content-type", kind)
                    },
                    200,
                )
                .effects(1),
        );
    }
    cases.push(
        Case::new("without a content type")
            .send(|shop| order(shop).without("content-type"), 200)
            .effects(1),
    );
    cases
}

fn keys() -> Vec<Case> {
    vec![
        Case::new("both keys of a rotation")
            .send(|shop| shop.signed(shop::OLD, "INV-1"), 200)
            .send(|shop| shop.signed(shop::NEW, "INV-2"), 200)
            .effects(2),
        Case::new("one delivery by both keys")
            .send(|shop| shop.signed(shop::OLD, "INV-1"), 200)
            .send(|shop| shop.signed(shop::NEW, "INV-1"), 200)
            .effects(1),
        Case::new("forged with a key of its own")
            .send(|shop| shop.signed(shop::OTHER, "INV-1"), 401),
        Case::new("the body was changed").send(
            |shop| order(shop).body(Body::whole(shop::paid("INV-2"))),
            401,
        ),
        Case::new("the time was changed").send(
            |shop| {
                order(shop)
                    .without("x-timestamp")
                    .with("x-timestamp", "1790000001")
            },
            401,
        ),
        Case::new("the token was changed").send(
            |shop| {
                order(shop)
                    .without("authorization")
                    .with("authorization", "Bearer other")
            },
            401,
        ),
    ]
}

fn replays() -> Vec<Case> {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    // The same headers with a body that is spelt otherwise, as they came at the start.
    let respelt = |shop: &Shop| {
        let body = shop::paid("INV-1")
            .replace(':', " : ")
            .replace('-', "\\u002d");
        order(shop).body(Body::whole(body))
    };
    vec![
        Case::new("copies")
            .send(order, 200)
            .send(order, 200)
            .send(respelt, 200)
            .effects(1),
        Case::new("a retry that was signed anew")
            .send(order, 200)
            .wait(minutes(8))
            .send(order, 200)
            .wait(minutes(60))
            .send(order, 200)
            .effects(1),
        Case::new("a replay after the window")
            .send(order, 200)
            .wait(minutes(16))
            .send(|shop| shop.signed_ago(16 * 60), 401)
            .effects(1),
        Case::new("late, and with a ledger not too late")
            .send(|shop| shop.signed_ago(15 * 60), 200)
            .effects(1)
            .with_gate(),
        Case::new("too late").send(|shop| shop.signed_ago(15 * 60 + 1), 401),
        Case::new("from the future").send(|shop| shop.signed_ago(-16 * 60), 401),
    ]
}

fn outcomes() -> Vec<Case> {
    let failing = |name, answering, expected| {
        Case::new(name)
            .answer(answering)
            .send(order, expected)
            .send(order, expected)
            .answer(Answering::Done)
            .send(order, 200)
            .send(order, 200)
            .effects(1)
    };
    vec![
        failing("an order that is not there yet", Answering::Later, 425),
        failing("a handler that fails", Answering::Fails, 503),
        failing("a handler that panics", Answering::Panics, 503),
    ]
}
