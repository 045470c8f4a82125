//! A charge as the gateway keeps it, and what the customer is shown.

use std::fmt;

use singapay_core::{Rupiah, Timestamp};

use super::{ChargeProduct, GetCharge};
use crate::{
    client::Singapay,
    waiting::{
        Wait,
        rules::{PaymentSnapshot, Rule},
    },
};

/// One payment that a customer was asked for.
///
/// Keep [`product`](Self::product) and [`id`](Self::id): [`Charges::get`](crate::Charges::get) reads it again by
/// them. [`PaymentState::ending`](crate::PaymentState::ending) tells whether it has ended.
#[derive(Clone)]
pub struct Charge {
    pub(super) account_id: String,
    pub(super) id: String,
    pub(super) defaults: ChargeDefaults,
    pub(super) instructions: PaymentInstructions,
    pub(super) details: ChargeDetails,
}

closed_debug!(
    Charge,
    "Charge { product, id, reference, amount, expires_at, instructions, .. }"
);

/// Facts of a charge that hold where an answer is silent.
#[derive(Clone, Default)]
pub(super) struct ChargeDefaults {
    pub(super) reference: Option<String>,
    pub(super) amount: Option<Rupiah>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) bank: Option<String>,
}

/// Instructions that the customer needs in order to pay.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentInstructions {
    /// A page to open.
    #[non_exhaustive]
    Url {
        /// Address of the page.
        url: String,
        /// Address that opens the wallet's app, where there is one.
        app_url: Option<String>,
    },
    /// A number to transfer to.
    #[non_exhaustive]
    VirtualAccount {
        /// The bank, in the gateway's words, such as `BRI`.
        bank: String,
        /// The number.
        number: String,
        /// Name that the payer is shown.
        name: Option<String>,
    },
    /// A QR code to scan.
    #[non_exhaustive]
    Qr {
        /// Content of the code (EMV text). Draw it as it is.
        content: String,
    },
    /// Nothing to show: the wallet asks the customer in its app, as OVO does.
    Push,
}

impl fmt::Debug for PaymentInstructions {
    /// The kind alone: whoever has the rest can pay, or see what was bought.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url { .. } => "Url { .. }",
            Self::VirtualAccount { .. } => "VirtualAccount { .. }",
            Self::Qr { .. } => "Qr { .. }",
            Self::Push => "Push",
        })
    }
}

/// The gateway's own view of a charge, as the product answers it.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ChargeDetails {
    /// A payment link.
    #[cfg(feature = "payment-links")]
    PaymentLink(Box<crate::types::PaymentLink>),
    /// A virtual account.
    #[cfg(feature = "virtual-accounts")]
    VirtualAccount(Box<crate::types::VirtualAccount>),
    /// A dynamic QRIS code.
    #[cfg(feature = "qris")]
    Qris(Box<crate::types::QrisTransaction>),
    /// An e-wallet order.
    #[cfg(feature = "ewallets")]
    Ewallet(Box<crate::types::EwalletTransaction>),
}

impl Charge {
    /// The product that collects the money.
    pub fn product(&self) -> ChargeProduct {
        match &self.details {
            #[cfg(feature = "payment-links")]
            ChargeDetails::PaymentLink(_) => ChargeProduct::PaymentLink,
            #[cfg(feature = "virtual-accounts")]
            ChargeDetails::VirtualAccount(_) => ChargeProduct::VirtualAccount,
            #[cfg(feature = "qris")]
            ChargeDetails::Qris(_) => ChargeProduct::Qris,
            #[cfg(feature = "ewallets")]
            ChargeDetails::Ewallet(_) => ChargeProduct::Ewallet,
        }
    }

    /// Account (ULID) that collects the money.
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The gateway's id within the product. Keep it as it is.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The merchant's reference, as the gateway has it, else as it was sent.
    pub fn reference(&self) -> Option<&str> {
        self.defaults.reference.as_deref()
    }

    /// The amount in rupiah, as the gateway has it, else as it was sent.
    pub fn amount(&self) -> Option<Rupiah> {
        self.defaults.amount
    }

    /// Time at which it ends. `None` where it stays open until it is paid, or where nobody said.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.defaults.expires_at
    }

    /// Instructions that the customer needs in order to pay.
    pub fn instructions(&self) -> &PaymentInstructions {
        &self.instructions
    }

    /// Everything that the product answered.
    pub fn details(&self) -> &ChargeDetails {
        &self.details
    }

    /// Reads it again.
    pub fn read_again(&self, client: &Singapay) -> GetCharge {
        client
            .charges()
            .get(self.product(), &self.id)
            .account_id(&self.account_id)
            .with_defaults(self.defaults.clone())
    }

    /// Reads it again until it has ended.
    pub fn wait(&self, client: &Singapay) -> Wait<GetCharge> {
        self.read_again(client).wait()
    }
}

impl Rule for ChargeDetails {
    fn snapshot(&self) -> PaymentSnapshot {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink(link) => link.snapshot(),
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount(account) => account.snapshot(),
            #[cfg(feature = "qris")]
            Self::Qris(code) => code.snapshot(),
            #[cfg(feature = "ewallets")]
            Self::Ewallet(order) => order.snapshot(),
        }
    }
}

impl Rule for Charge {
    fn snapshot(&self) -> PaymentSnapshot {
        PaymentSnapshot {
            expires_at: self.defaults.expires_at,
            ..self.details.snapshot()
        }
    }
}
