//! One refresh, shared by everybody who waits for it.
//!
//! Its timers and connections are those of the runtime it began on, and end with that runtime. So
//! only callers there drive it; those of other runtimes are told how it ended, or that it was
//! abandoned.

use std::sync::Arc;

use futures_channel::oneshot;
use futures_util::{
    FutureExt,
    future::{Shared, WeakShared},
};
use singapay_core::BoxFuture;

use super::{AccessToken, TokenError};

/// End of a refresh.
pub(super) type End = Result<Arc<AccessToken>, TokenError>;
type Refresh = BoxFuture<'static, End>;

/// Any waiter of its runtime can drive it; when the last one is gone, so is the refresh.
type Driven = Shared<Refresh>;

/// End of a refresh of another runtime; cancelled when it is abandoned.
pub(super) type Watched = Shared<oneshot::Receiver<End>>;

/// A refresh that was begun.
pub(super) struct Flight {
    runtime: u64,
    driven: Option<WeakShared<Refresh>>,
    watched: Watched,
}

/// A caller's part in a flight that is under way.
pub(super) enum Boarding {
    Drive(Driven),
    Watch(Watched),
}

impl Flight {
    /// Begins a refresh on this runtime. Nothing happens before it is driven.
    pub(super) fn begin(
        runtime: u64,
        refresh: impl Future<Output = End> + Send + 'static,
    ) -> (Self, Driven) {
        let (tell, told) = oneshot::channel();
        let refresh = async move {
            let end = refresh.await;
            // Nobody else may be waiting.
            let _ = tell.send(end.clone());
            end
        };
        let driven: Driven = refresh.boxed().shared();
        let flight = Self {
            runtime,
            driven: driven.downgrade(),
            watched: told.shared(),
        };
        (flight, driven)
    }

    /// A way to its end for a caller of `runtime`; `None` if it is over or abandoned.
    pub(super) fn board(&self, runtime: u64) -> Option<Boarding> {
        if self.watched.clone().now_or_never().is_some() {
            return None;
        }
        if self.runtime == runtime {
            let driven = self.driven.as_ref().and_then(WeakShared::upgrade);
            driven.map(Boarding::Drive)
        } else {
            Some(Boarding::Watch(self.watched.clone()))
        }
    }

    /// True if this is the flight that was watched.
    pub(super) fn is(&self, watched: &Watched) -> bool {
        self.watched.ptr_eq(watched)
    }
}
