mod credentials;
mod outage;
mod resend;
mod sending;
mod sent_once;
mod time;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;
use singapay_core::{
    CallContext, CallError, CallOptions, Clock, Operation, Pipeline,
    operation::{Authentication, Effect, Envelope, Host, Reference, Replay},
};

use super::*;
use crate::{
    credential::{Credential, Credentials},
    testing::{ManualClock, Script, TokioTimer, scripted},
};

const READ: Operation = Operation {
    id: "list_accounts",
    path: "/api/v1.0/accounts",
    product: "accounts",
    envelope: Envelope::V1,
    ..Operation::BARE
};

const TOPUP: Operation = Operation {
    id: "topup_ewallet",
    method: "POST",
    path: "/api/v2.0/ewallet/trigger-topup",
    signed: true,
    effect: Effect::MoneyOut,
    envelope: Envelope::V2,
    reference: Some(Reference {
        field: "reference_number",
        replay: Replay::RefusedAsDuplicate,
    }),
    ..READ
};

/// A write whose reference returns the original.
const CHECK: Operation = Operation {
    id: "verify_bank_account",
    path: "/api/v1/kyc/bank/verify",
    effect: Effect::Write,
    reference: Some(Reference {
        field: "request_id",
        replay: Replay::ReturnsOriginal,
    }),
    ..TOPUP
};

struct Rig {
    clock: Arc<ManualClock>,
    transport: Script,
    pipeline: AuthPipeline,
    context: CallContext,
}

fn rig(transport: Script) -> Rig {
    rig_with(transport, CallOptions::default(), |builder| builder)
}

fn rig_with(
    transport: Script,
    options: CallOptions,
    change: impl FnOnce(AuthPipelineBuilder) -> AuthPipelineBuilder,
) -> Rig {
    let clock = ManualClock::new();
    let credentials = Credentials::builder()
        .default_credential("canary-partner", "canary-client", "canary-secret")
        .specific(Credential::new("shop", "p1", "c1", "s1").accounts(["ACC1"]))
        .biller("bp", "bc", "bs")
        .identity("ic", "is")
        .build()
        .unwrap();
    let endpoints = Endpoints::single("https://pay.example").unwrap();
    let endpoints = endpoints
        .with(Host::Identity, "https://id.example")
        .unwrap();
    let own: Arc<dyn Clock> = clock.clone();
    let sender: Arc<dyn Transport> = Arc::new(transport.clone());
    let builder = AuthPipeline::builder(credentials, endpoints, sender, own, Arc::new(TokioTimer));
    let pipeline = change(builder).build().unwrap();
    Rig {
        clock,
        transport,
        pipeline,
        context: CallContext::new(options),
    }
}

impl Rig {
    async fn send(
        &self,
        operation: &'static Operation,
        uri: &str,
        body: &'static str,
    ) -> Result<Judged, CallError> {
        let request = Request::builder()
            .method(operation.method)
            .uri(uri)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        self.pipeline
            .execute(operation, request, &self.context)
            .await
    }

    /// Calls the operation at its own address.
    async fn call(
        &self,
        operation: &'static Operation,
        body: &'static str,
    ) -> Result<Judged, CallError> {
        let uri = format!("https://pay.example{}", operation.path);
        self.send(operation, &uri, body).await
    }

    async fn read(&self) -> Result<Judged, CallError> {
        self.send(&READ, "https://pay.example/api/v1.0/accounts", "")
            .await
    }

    async fn topup(&self) -> Result<Judged, CallError> {
        let body = r#"{ "reference_number": "R1", "amount": {"value":"10000.00"} }"#;
        self.send(
            &TOPUP,
            "https://pay.example/api/v2.0/ewallet/trigger-topup",
            body,
        )
        .await
    }

    fn calls(&self) -> usize {
        self.transport.calls().len()
    }
}

const SECOND: Duration = Duration::from_secs(1);
