//! All operations that pay out, in one shape.

use std::{fmt, future::Future, pin::Pin};

use singapay::{
    Delivery, Error, MoneyOut, Outcome, Rupiah, Unresolved,
    types::{PostpaidCommand, PrepaidPaymentCommand, PrepaidPaymentV1Command},
};

use crate::rig::{self, ACCOUNT};

/// End of a payout, whatever its answer is made of.
#[derive(Debug)]
pub enum Ending {
    /// `Err`: nothing was sent.
    NotSent(Error),
    /// Accepted, after this many requests.
    Accepted(u32),
    /// Refused.
    Refused(Error),
    /// The reference is known.
    Duplicate(Unresolved),
    /// Nobody knows.
    Unknown(Unresolved),
}

impl Ending {
    /// The error that came with it.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Accepted(_) => None,
            Self::NotSent(error) | Self::Refused(error) => Some(error),
            Self::Duplicate(unresolved) | Self::Unknown(unresolved) => Some(unresolved.error()),
        }
    }

    /// Ending and delivery in words, such as `Unknown/MaybeSent`.
    pub fn words(&self) -> String {
        let name = match self {
            Self::NotSent(_) => "Err",
            Self::Accepted(_) => "Accepted",
            Self::Refused(_) => "Refused",
            Self::Duplicate(_) => "Duplicate",
            Self::Unknown(_) => "Unknown",
        };
        let delivery = self.error().map_or(Delivery::Answered, Error::delivery);
        format!("{name}/{delivery:?}")
    }

    /// Requests that the client says it sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Accepted(attempts) => *attempts,
            other => other.error().map_or(0, Error::attempts),
        }
    }
}

impl<T> From<Result<Outcome<T>, Error>> for Ending {
    fn from(result: Result<Outcome<T>, Error>) -> Self {
        match result {
            Err(error) => Self::NotSent(error),
            Ok(Outcome::Accepted(response)) => Self::Accepted(response.attempts()),
            Ok(Outcome::Refused(error)) => Self::Refused(error),
            Ok(Outcome::Duplicate(unresolved)) => Self::Duplicate(unresolved),
            Ok(Outcome::Unknown(unresolved)) => Self::Unknown(unresolved),
        }
    }
}

/// One operation that pays out.
#[derive(Clone, Copy)]
pub struct Payout {
    /// Operation id.
    pub operation: &'static str,
    /// Makes a complete call that may send this many requests.
    pub send: fn(&MoneyOut, u32) -> Sending,
    /// A complete answer that it was taken on.
    pub accepted: &'static str,
}

impl Payout {
    /// True if it goes to the biller host.
    pub fn is_bill(&self) -> bool {
        self.operation.starts_with("pay_p")
    }

    /// True if its request carries a signature.
    pub fn is_signed(&self) -> bool {
        !self.is_bill()
    }
}

impl fmt::Debug for Payout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)
    }
}

/// A payout on its way.
pub type Sending = Pin<Box<dyn Future<Output = Ending> + Send>>;

macro_rules! payout {
    ($accepted:expr, |$handle:ident| $handle2:ident.$operation:ident($($account:expr)?) $(.$field:ident($value:expr))+) => {
        Payout {
            operation: stringify!($operation),
            send: |$handle, attempts| {
                let call = $handle2.$operation($($account)?)$(.$field($value))+;
                let call = call.with_max_attempts(attempts);
                Box::pin(async move { Ending::from(call.send().await) })
            },
            accepted: $accepted,
        }
    };
}

const BILL: &str =
    r#"{"command":"x","response_code":"00","response_text":"OK","data":{"transaction_id":"T1"}}"#;

/// Every one of them. Signed or not, on both hosts, in all three envelopes.
pub fn all() -> Vec<Payout> {
    #[allow(deprecated, reason = "old versions pay out, too")]
    let payouts = vec![
        payout!(rig::TOPUP_ACCEPTED, |handle| handle
            .topup_ewallet()
            .account_id(ACCOUNT)
            .reference_number("R-1")
            .ewallet_code(singapay::types::EwalletCode::Dana)
            .customer_number("081200000001")
            .amount(singapay::Money::idr(Rupiah::new(10_000)))),
        payout!(rig::TOPUP_ACCEPTED, |handle| handle
            .pay_qris()
            .account_id(ACCOUNT)
            .reference_number("R-1")
            .amount(Rupiah::new(10_000))
            .qr_data("00020101021226620015ID")
            .customer_name("Rina Wijaya")),
        payout!(rig::TOPUP_ACCEPTED, |handle| handle
            .transfer_disbursement()
            .account_id(ACCOUNT)
            .reference_number("R-1")
            .amount(Rupiah::new(10_000))
            .bank_code("014")
            .bank_account_number("1234567890")),
        payout!(
            r#"{"status":200,"success":true,"data":{"transaction_id":"T1","status":"success"}}"#,
            |handle| handle
                .transfer_disbursement_v1()
                .reference_number("R-1")
                .amount(Rupiah::new(10_000))
                .bank_swift_code("CENAIDJA")
                .bank_account_number("1234567890")
        ),
        payout!(
            r#"{"response_code":"SP000","response_message":"OK","data":{"transaction_id":"T1","otp_number":"123456","transaction_status":{"code":"03"}}}"#,
            |handle| handle
                .create_cardless_withdrawal()
                .account_id(ACCOUNT)
                .reference_number("R-1")
                .amount(Rupiah::new(50_000))
                .customer_id("081200000001")
                .customer_name("Rina Wijaya")
                .vendor_code("ALFAMART")
        ),
        payout!(
            r#"{"status":200,"success":true,"data":{"transaction_id":"T1","status":"success"}}"#,
            |handle| handle
                .transfer_between_accounts()
                .amount(Rupiah::new(10_000))
                .beneficiary_account_number("123456789012")
        ),
        payout!(BILL, |handle| handle
            .pay_prepaid()
            .command(PrepaidPaymentCommand::Plntok)
            .customer_id("081200000001")
            .password("pw")
            .product_code("PLN20")
            .reference_number("R-1")),
        payout!(BILL, |handle| handle
            .pay_postpaid()
            .command(PostpaidCommand::Pdam)
            .customer_id("081200000001")
            .password("pw")
            .product_code("PLN")
            .reference_number("R-1")),
        payout!(BILL, |handle| handle
            .pay_prepaid_v1()
            .command(PrepaidPaymentV1Command::Plntok)
            .customer_id("081200000001")
            .password("pw")
            .product_code("PLN20")
            .reference_number("R-1")),
        payout!(BILL, |handle| handle
            .pay_postpaid_v1()
            .command(PostpaidCommand::Pdam)
            .customer_id("081200000001")
            .password("pw")
            .product_code("PLN")
            .reference_number("R-1")),
    ];
    payouts
}
