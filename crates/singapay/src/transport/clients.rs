//! The HTTP clients, one for each runtime that calls.
//!
//! A connection is driven by the runtime that made it. Kept for callers of another one it would
//! break when its own ends, and hang while its own stands still.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use reqwest::{Client, Url};
use singapay_auth::endpoint::is_loopback;
use singapay_core::BoxError;
use tokio::{
    runtime::{Handle, Id},
    sync::oneshot,
};

use super::client::TransportSettings;
use crate::error::Error;

/// Destination of a request. This machine has clients of its own, which know no proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Destination {
    Loopback,
    Elsewhere,
}

impl Destination {
    pub(super) fn of(url: &Url) -> Self {
        match url.host_str().is_some_and(is_loopback) {
            true => Self::Loopback,
            false => Self::Elsewhere,
        }
    }
}

pub(super) struct Clients {
    settings: TransportSettings,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: HashMap<(Id, Destination), Kept>,
    /// Made before any runtime asked; the first that does has it.
    spare: Option<Client>,
}

struct Kept {
    client: Client,
    /// Closed when the runtime ends, because the task that listens ends with it.
    runtime: oneshot::Sender<()>,
}

impl Clients {
    /// Makes a first client, so that settings which give none are found here.
    pub(super) fn new(settings: TransportSettings) -> Result<Self, Error> {
        let spare = Some(settings.client(Destination::Elsewhere)?);
        let kept = HashMap::new();
        Ok(Self {
            settings,
            state: Mutex::new(State { kept, spare }),
        })
    }

    /// The client of the caller's runtime.
    pub(super) fn get(&self, destination: Destination) -> Result<Client, BoxError> {
        let runtime = Handle::try_current()?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (runtime.id(), destination);
        // An id can come again once its runtime has ended.
        if let Some(kept) = state.kept.get(&key).filter(|kept| kept.is_alive()) {
            return Ok(kept.client.clone());
        }
        state.kept.retain(|_, kept| kept.is_alive());
        let spare = match destination {
            Destination::Elsewhere => state.spare.take(),
            Destination::Loopback => None,
        };
        let client = match spare {
            Some(client) => client,
            None => self.settings.client(destination)?,
        };
        state.kept.insert(key, Kept::on(&runtime, client.clone()));
        Ok(client)
    }
}

impl Kept {
    fn on(runtime: &Handle, client: Client) -> Self {
        let (sender, listener) = oneshot::channel::<()>();
        runtime.spawn(async move { drop(listener.await) });
        Self {
            client,
            runtime: sender,
        }
    }

    fn is_alive(&self) -> bool {
        !self.runtime.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::*;
    use crate::transport::tests::settings;

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn begin(clients: &Clients) {
        drop(clients.get(Destination::Loopback));
    }

    #[test]
    fn each_runtime_has_its_own_until_it_ends() {
        let clients = Clients::new(settings()).unwrap();
        begin(&clients);
        let kept = || clients.state.lock().unwrap().kept.len();
        assert_eq!(kept(), 0, "nothing begins without a runtime");
        let (first, second) = (runtime(), runtime());
        for _ in 0..3 {
            first.block_on(async { begin(&clients) });
            second.block_on(async { begin(&clients) });
        }
        assert_eq!(kept(), 2);
        drop(first);
        for _ in 0..100 {
            runtime().block_on(async { begin(&clients) });
        }
        // The second one, and the last of the hundred.
        assert_eq!(kept(), 2);
    }

    /// A program may make many clients, and drop them.
    #[test]
    fn nothing_stays_on_a_runtime_when_the_transport_is_dropped() {
        let runtime = runtime();
        runtime.block_on(async {
            let clients = Clients::new(settings()).unwrap();
            begin(&clients);
            let metrics = Handle::current().metrics();
            assert_eq!(metrics.num_alive_tasks(), 1);
            drop(clients);
            tokio::task::yield_now().await;
            assert_eq!(metrics.num_alive_tasks(), 0);
        });
    }

    #[test]
    fn this_machine_is_known_by_every_name() {
        for (host, destination) in [
            ("localhost", Destination::Loopback),
            ("LOCALHOST", Destination::Loopback),
            ("127.0.0.1", Destination::Loopback),
            ("127.9.9.9", Destination::Loopback),
            ("[::1]", Destination::Loopback),
            ("localhost.example", Destination::Elsewhere),
            ("192.0.2.1", Destination::Elsewhere),
        ] {
            let url = Url::parse(&format!("https://{host}:1/a")).unwrap();
            assert_eq!(Destination::of(&url), destination, "{host}");
        }
    }
}
