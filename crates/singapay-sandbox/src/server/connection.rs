//! One connection, to its end.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpStream, sync::watch};

use super::{
    answers::Answers,
    ended, unread,
    wire::{ResetSwitch, Wire},
};
use crate::{http::Cut, request_log::Asked};

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
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(reading)
        .serve_connection(TokioIo::new(wire), service);
    let end = tokio::select! {
        end = &mut serving => end,
        () = ended(&mut stopped) => {
            std::pin::Pin::new(&mut serving).graceful_shutdown();
            (&mut serving).await
        }
    };
    // Any other end of a connection is the caller's affair.
    let Err(error) = end else { return };
    let head = serving.into_parts().read_buf;
    if let Some(unread) = unread::head(&error, &head, reading) {
        answers.unread(Asked::of_head(&head), caller, unread);
    }
}
