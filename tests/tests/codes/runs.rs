//! Calls of a real client to a real sandbox: what was sent and answered, and what the sandbox did.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use singapay::{Error, Host, MoneyOut, MoneyOutPolicy, Outcome, Reason, Rupiah, Singapay};
use singapay_api::operations;
use singapay_core::{Answer, Operation};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};

use crate::staged::*;

const POINTS: [FaultPoint; 2] = [FaultPoint::BeforeCommit, FaultPoint::AfterCommit];

/// One call.
pub(crate) struct Run {
    pub(crate) operation: &'static Operation,
    pub(crate) request: Bytes,
    pub(crate) answer: Answer,
    /// The sandbox's books show it.
    pub(crate) happened: bool,
    /// The same had been accepted before.
    pub(crate) known: bool,
    /// The answer says outright whether it was done.
    pub(crate) told: bool,
    /// Meaning of the answer.
    pub(crate) reason: Option<Reason>,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Answer { status, body, .. } = &self.answer;
        let Self {
            happened, known, ..
        } = self;
        let id = self.operation.id;
        write!(
            f,
            "{id} (happened: {happened}, known: {known}) {status} {body:?}"
        )
    }
}

struct Bench {
    sandbox: Sandbox,
    client: Singapay,
    money_out: MoneyOut,
    runs: Vec<Run>,
}

/// Answer of the sandbox, and its meaning.
#[derive(Clone, Copy)]
struct Staged {
    code: Option<(&'static str, FaultPoint)>,
    told: bool,
    known: bool,
    reason: Option<Reason>,
}

/// As it is, and as a success.
const SUCCESS: Staged = Staged {
    code: None,
    told: true,
    known: false,
    reason: None,
};

const KNOWN: Staged = Staged {
    known: true,
    reason: Some(Reason::DuplicateReference),
    ..SUCCESS
};

fn refusal(code: &'static str, reason: Reason) -> Staged {
    Staged {
        code: Some((code, FaultPoint::BeforeCommit)),
        reason: Some(reason),
        ..SUCCESS
    }
}

fn ambiguous(code: &'static str, reason: Reason, point: FaultPoint) -> Staged {
    Staged {
        code: Some((code, point)),
        told: false,
        reason: Some(reason),
        ..SUCCESS
    }
}

pub(crate) async fn all() -> Vec<Run> {
    let sandbox = Sandbox::start().await.unwrap();
    let (partner, biller) = (sandbox.credentials(), sandbox.biller_credentials());
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            &partner.partner_id,
            &partner.client_id,
            partner.client_secret.clone(),
        )
        .biller_credential(
            &biller.partner_id,
            &biller.client_id,
            biller.client_secret.clone(),
        )
        .identity_credential(
            &partner.identity_client_id,
            partner.identity_client_secret.clone(),
        )
        .clock(sandbox.clock())
        .build()
        .unwrap();
    let money_out = client.money_out(MoneyOutPolicy::new()).unwrap();
    let mut bench = Bench {
        sandbox,
        client,
        money_out,
        runs: Vec::new(),
    };
    bench.transfers().await;
    bench.others_of_the_payment_host().await;
    bench.bills().await;
    bench.checks().await;
    bench.runs
}

impl Bench {
    async fn transfers(&mut self) {
        self.transfer("R-1", SUCCESS).await;
        // The sandbox's own refusals.
        self.transfer("R-1", KNOWN).await;
        for (number, (code, reason)) in REFUSALS.into_iter().enumerate() {
            self.transfer(&format!("R-2-{number}"), refusal(code, reason))
                .await;
        }
        for code in DUPLICATES {
            let staged = Staged {
                known: true,
                ..refusal(code, Reason::DuplicateReference)
            };
            self.transfer("R-1", staged).await;
        }
        for (number, (code, reason)) in AMBIGUOUS.into_iter().enumerate() {
            for point in POINTS {
                let reference = format!("R-3-{number}-{point:?}");
                self.transfer(&reference, ambiguous(code, reason, point))
                    .await;
            }
        }
    }

    async fn transfer(&mut self, reference: &str, staged: Staged) {
        let account = self.sandbox.account_id().to_owned();
        let body = json!({"account_id": account, "reference_number": reference, "amount": 10_000, "bank_code": "014", "bank_account_number": "1234567890"});
        let call = self
            .money_out
            .request("POST", "/api/v2.0/disbursement/transfer");
        let call = call
            .account_id(account)
            .reference(reference)
            .amount(Rupiah::new(10_000));
        let call = call.bank("014").beneficiary("1234567890").body(&body);
        self.run("transfer_disbursement", body, staged, async {
            answered(call.send().await.unwrap())
        })
        .await;
    }

    /// Rows that hold for some operations only.
    async fn others_of_the_payment_host(&mut self) {
        let path = format!("/api/v2.0/card/{}/payment", self.sandbox.account_id());
        self.call(
            "create_card_payment",
            Host::Payment,
            &path,
            json!({}),
            refusal("SP001", Reason::Declined),
        )
        .await;
        let path = "/api/v1.0/cardless-withdrawals/cancel";
        self.call(
            "cancel_cardless_withdrawal",
            Host::Payment,
            path,
            json!({}),
            refusal("SP012", Reason::WrongState),
        )
        .await;
    }

    async fn bills(&mut self) {
        let balance = json!({"command": "check-balance"});
        self.call(
            "check_biller_balance",
            Host::Biller,
            "/api/v1/check-balance",
            balance,
            SUCCESS,
        )
        .await;
        let mut customer = 0;
        let mut next = || {
            customer += 1;
            format!("08120000{:04}", 1000 + customer)
        };
        let first = next();
        self.bill(&first, SUCCESS).await;
        // The biller's own refusal.
        self.bill(&first, KNOWN).await;
        for (code, reason) in BILLER_REFUSALS {
            self.bill(&next(), refusal(code, reason)).await;
        }
        for (code, reason) in BILLER_AMBIGUOUS {
            for point in POINTS {
                self.bill(&next(), ambiguous(code, reason, point)).await;
            }
        }
    }

    async fn bill(&mut self, customer: &str, staged: Staged) {
        let password = self
            .sandbox
            .biller_credentials()
            .password
            .expose()
            .to_owned();
        let body = json!({"command": "pulsa", "data": {"product_code": "SPTLKMAS10", "customer_id": customer, "password": password}});
        let call = self.money_out.request("POST", "/api/v2/prepaid/payment");
        let call = call.host(Host::Biller).beneficiary(customer).body(&body);
        self.run("pay_prepaid", body, staged, async {
            answered(call.send().await.unwrap())
        })
        .await;
    }

    async fn checks(&mut self) {
        self.check("K-1", "Rina Wijaya", SUCCESS).await;
        self.check("K-1", "Zainal Qodir", KNOWN).await;
        for (number, (code, reason)) in IDENTITY_REFUSALS.into_iter().enumerate() {
            self.check(
                &format!("K-2-{number}"),
                "Rina Wijaya",
                refusal(code, reason),
            )
            .await;
        }
        for (number, (code, reason)) in IDENTITY_AMBIGUOUS.into_iter().enumerate() {
            for point in POINTS {
                let id = format!("K-3-{number}-{point:?}");
                self.check(&id, "Rina Wijaya", ambiguous(code, reason, point))
                    .await;
            }
        }
    }

    async fn check(&mut self, id: &str, name: &str, staged: Staged) {
        let body = json!({"request_id": id, "bank_code": "014", "account_number": "1000000000", "name": name});
        self.call(
            "verify_bank_account",
            Host::Identity,
            "/api/v1/kyc/bank/verify",
            body,
            staged,
        )
        .await;
    }

    /// Anything that pays nothing out.
    async fn call(&mut self, id: &str, host: Host, path: &str, body: Value, staged: Staged) {
        let call = self.client.request("POST", path).host(host).body(&body);
        self.run(id, body, staged, async {
            match call.send().await {
                Ok(response) => (response.http_status(), response.raw().clone()),
                Err(error) => of_error(&error),
            }
        })
        .await;
    }

    async fn run(
        &mut self,
        id: &str,
        request: Value,
        staged: Staged,
        sending: impl Future<Output = (u16, Bytes)>,
    ) {
        let all = operations::ALL.iter().copied();
        let operation = all.clone().find(|operation| operation.id == id).unwrap();
        if let Some((code, point)) = staged.code {
            // A rejected token is replaced, and the request sent a second time.
            let times = if staged.reason == Some(Reason::Unauthorized) {
                2
            } else {
                1
            };
            let fault = Fault::new(point, FaultAction::WrongCode(code.to_owned()));
            self.sandbox.add_fault(fault.on(id).times(times)).unwrap();
        }
        let before = self.moved();
        let (status, body) = sending.await;
        let reads = operation.effect == singapay::Effect::Read;
        self.runs.push(Run {
            operation,
            request: request.to_string().into(),
            answer: Answer {
                status: StatusCode::from_u16(status).unwrap(),
                headers: http::HeaderMap::new(),
                body,
            },
            happened: reads || self.moved() != before,
            known: staged.known,
            told: staged.told,
            reason: staged.reason,
        });
    }

    /// All money that has left, on any way.
    fn moved(&self) -> i64 {
        let audit = self.sandbox.audit();
        audit.paid_out + audit.billed + audit.checked
    }
}

fn answered<T>(outcome: Outcome<T>) -> (u16, Bytes) {
    match outcome {
        Outcome::Accepted(response) => (response.http_status(), response.raw().clone()),
        Outcome::Refused(error) => of_error(&error),
        Outcome::Duplicate(unresolved) | Outcome::Unknown(unresolved) => {
            of_error(unresolved.error())
        }
    }
}

fn of_error(error: &Error) -> (u16, Bytes) {
    (error.status().unwrap(), error.raw_body().unwrap().clone())
}
