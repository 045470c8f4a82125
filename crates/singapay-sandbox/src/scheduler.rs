//! Time: lets due things happen, and sends due webhooks.

use std::{convert::Infallible, sync::Arc, time::Duration};

use singapay_core::Clock;

use crate::{clock::LAST, state::Store, webhook::Sender, wire_time::At};

/// Lets due things happen when nobody asks, and sends due webhooks.
pub(crate) async fn run(store: Arc<Store>, sender: Sender) -> Infallible {
    loop {
        sender.send_due();
        let next = store.run(|world| world.next_due().map(|at| at.since(world.now)));
        let wait = next.filter(|_| !store.clock.is_frozen());
        tokio::select! {
            () = store.changed.notified() => {}
            () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
        }
    }
}

/// Moves the clock forward, to [`LAST`] at most; everything that falls due on the way happens at its own time.
pub(crate) async fn advance(store: &Store, sender: &Sender, by: Duration) {
    webhooks_sent(store, sender).await;
    let target = At::from(store.clock.now()).plus(by).min(At::from(LAST));
    while let Some(at) = store
        .run(|world| world.next_due())
        .filter(|at| *at <= target)
    {
        store.clock.forward(at.since(At::from(store.clock.now())));
        webhooks_sent(store, sender).await;
    }
    store
        .clock
        .forward(target.since(At::from(store.clock.now())));
    webhooks_sent(store, sender).await;
    store.changed.notify_one();
}

/// Waits until no webhook is waiting to be sent now.
pub(crate) async fn webhooks_sent(store: &Store, sender: &Sender) {
    loop {
        let delivered = store.delivered.notified();
        tokio::pin!(delivered);
        delivered.as_mut().enable();
        sender.send_due();
        if !store.run(|world| world.is_delivering()) {
            return;
        }
        delivered.await;
    }
}
