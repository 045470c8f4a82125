//! The customer, played through the sandbox.

use singapay::{Charge, ChargeDetails, PaymentInstructions};
use singapay_sandbox::{CustomerError, Payer, PaymentOutcome, Sandbox};

/// Pays what the customer was shown.
pub(crate) fn pay(sandbox: &Sandbox, charge: &Charge) -> Result<(), CustomerError> {
    match (charge.instructions(), charge.details()) {
        (PaymentInstructions::VirtualAccount { number, .. }, _) => sandbox
            .pay_virtual_account(number, None, PaymentOutcome::Paid)
            .map(drop),
        (PaymentInstructions::Url { .. }, ChargeDetails::PaymentLink(_)) => sandbox
            .pay_payment_link(charge.id(), Payer::with("QRIS"))
            .map(drop),
        (PaymentInstructions::Qr { content, .. }, _) => {
            sandbox.pay_qris(content, PaymentOutcome::Paid)
        }
        (_, ChargeDetails::Ewallet(_)) => sandbox.pay_ewallet(charge.id(), PaymentOutcome::Paid),
        (instructions, _) => Err(CustomerError::Unknown(format!("{instructions:?}"))),
    }
}
