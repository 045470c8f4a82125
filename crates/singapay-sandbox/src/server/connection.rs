//! One connection, to its end.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpStream, sync::watch};

use super::{
    answers::Answers,
    ended,
    wire::{ResetSwitch, Wire},
};
use crate::http::Cut;

pub(super) async fn serve(
    stream: TcpStream,
    caller: IpAddr,
    answers: Arc<Answers>,
    mut stopped: watch::Receiver<bool>,
    reading: Duration,
) {
    let switch = ResetSwitch::default();
    let wire = Wire::new(stream, switch.clone());
    let service = service_fn(|request: hyper::Request<Incoming>| async {
        let response = answers.answer(request, caller).await;
        let cut = response.extensions().get::<Cut>().copied();
        if cut.is_some() {
            switch.set();
        }
        match cut {
            Some(Cut::Now) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
            _ => Ok(response),
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(reading)
        .serve_connection(TokioIo::new(wire), service);
    tokio::pin!(serving);
    tokio::select! {
        // How a connection ended is the caller's affair.
        _ = serving.as_mut() => {}
        () = ended(&mut stopped) => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
}
