//! The HTTP clients, one for each runtime that calls.
//!
//! A connection is driven by the runtime that made it. Kept for callers of another one it would
//! break when its own ends, and hang while its own stands still.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, ResponseFuture},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::{
    runtime::{Handle, Id, TryCurrentError},
    sync::oneshot,
};

use super::{IDLE, connect::Connector};

pub(super) struct Clients {
    connector: Connector,
    kept: Mutex<HashMap<Id, Kept>>,
}

struct Kept {
    client: Client<Connector, Full<Bytes>>,
    /// Closed when the runtime ends, because the task that listens ends with it.
    runtime: oneshot::Sender<()>,
}

impl Clients {
    pub(super) fn new(connector: Connector) -> Self {
        Self {
            connector,
            kept: Mutex::default(),
        }
    }

    /// Begins a request on the runtime of the caller. Nothing is sent before it is awaited.
    pub(super) fn request(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<ResponseFuture, TryCurrentError> {
        let runtime = Handle::try_current()?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // An id can come again once its runtime has ended.
        if let Some(kept) = kept.get(&runtime.id()).filter(|kept| kept.is_alive()) {
            return Ok(kept.client.request(request));
        }
        kept.retain(|_, kept| kept.is_alive());
        let new = Kept::on(&runtime, self.connector.clone());
        let response = new.client.request(request);
        kept.insert(runtime.id(), new);
        Ok(response)
    }
}

impl Kept {
    fn on(runtime: &Handle, connector: Connector) -> Self {
        let (sender, listener) = oneshot::channel::<()>();
        runtime.spawn(async move { drop(listener.await) });
        Self {
            client: Client::builder(TokioExecutor::new())
                .pool_idle_timeout(IDLE)
                .pool_timer(TokioTimer::new())
                .build(connector),
            runtime: sender,
        }
    }

    fn is_alive(&self) -> bool {
        !self.runtime.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hyper_util::client::legacy::connect::HttpConnector;
    use tokio::runtime::{Builder, Runtime};

    use super::*;

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn begin(clients: &Clients) {
        let request = Request::get("http://127.0.0.1:9").body(Full::default());
        drop(clients.request(request.unwrap()));
    }

    #[test]
    fn each_runtime_has_its_own_until_it_ends() {
        let connector = Connector::new(HttpConnector::new(), Duration::from_secs(1));
        let clients = Clients::new(connector);
        begin(&clients);
        let kept = || clients.kept.lock().unwrap().len();
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
        let connector = Connector::new(HttpConnector::new(), Duration::from_secs(1));
        let runtime = runtime();
        runtime.block_on(async {
            let clients = Clients::new(connector);
            begin(&clients);
            let metrics = Handle::current().metrics();
            assert_eq!(metrics.num_alive_tasks(), 1);
            drop(clients);
            tokio::task::yield_now().await;
            assert_eq!(metrics.num_alive_tasks(), 0);
        });
    }
}
