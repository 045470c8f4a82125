//! Requests to stop.

use std::future::Future;

/// Ends on Ctrl-C, and on SIGTERM where there is such a thing. It listens from the call on, not from the first poll.
#[cfg(unix)]
pub(crate) fn asked_to_stop() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};

    let listener = |kind| {
        let mut signals = signal(kind).ok();
        async move {
            match &mut signals {
                Some(signals) => drop(signals.recv().await),
                // Then the signal ends the program by itself.
                None => std::future::pending().await,
            }
        }
    };
    let (interrupted, terminated) = (
        listener(SignalKind::interrupt()),
        listener(SignalKind::terminate()),
    );
    async move {
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
}

/// Ends on Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
