//! Methods by which a customer can be charged.

use std::{fmt, str::FromStr};

use singapay_core::Sensitive;

#[cfg(feature = "ewallets")]
use crate::types::EwalletVendor;
#[cfg(feature = "virtual-accounts")]
use crate::types::VirtualAccountBankCode;

/// Method by which a customer pays.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChargeMethod {
    /// A page of the gateway on which the customer chooses.
    #[cfg(feature = "payment-links")]
    #[non_exhaustive]
    PaymentLink {
        /// The codes that the page offers; `None` offers everything that the merchant has.
        only: Option<Vec<String>>,
    },
    /// A bank transfer to a number that takes this one amount once.
    #[cfg(feature = "virtual-accounts")]
    VirtualAccount(VirtualAccountBankCode),
    /// A QR code that any bank or wallet can scan.
    #[cfg(feature = "qris")]
    Qris,
    /// A wallet, directly.
    #[cfg(feature = "ewallets")]
    #[non_exhaustive]
    Ewallet {
        /// The wallet.
        vendor: EwalletVendor,
        /// Number of the wallet, which OVO needs; that of the [`Customer`] when absent.
        phone: Option<Sensitive>,
    },
}

impl ChargeMethod {
    /// A payment link that offers everything that the merchant has.
    #[cfg(feature = "payment-links")]
    pub fn payment_link() -> Self {
        Self::PaymentLink { only: None }
    }

    /// A payment link that offers these codes only, such as `VA_BRI` and `QRIS`
    /// (`payment_links().methods()` lists them).
    ///
    /// No code at all is refused before anything is sent: to the gateway an empty list means *all*
    /// (seen live).
    #[cfg(feature = "payment-links")]
    pub fn payment_link_of(codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::PaymentLink {
            only: Some(codes.into_iter().map(Into::into).collect()),
        }
    }

    /// A wallet.
    #[cfg(feature = "ewallets")]
    pub fn ewallet(vendor: EwalletVendor) -> Self {
        Self::Ewallet {
            vendor,
            phone: None,
        }
    }

    /// OVO, which asks the customer in its app.
    #[cfg(feature = "ewallets")]
    pub fn ovo(phone: impl Into<Sensitive>) -> Self {
        Self::Ewallet {
            vendor: EwalletVendor::EwalletOvo,
            phone: Some(phone.into()),
        }
    }

    /// A method by its code, in the gateway's own words: `QRIS`, `VA_BRI`, `EWALLET_DANA`; or
    /// `PAYMENT_LINK`. Banks and wallets that this version does not know are let through: the gateway
    /// knows them per merchant.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            #[cfg(feature = "payment-links")]
            "PAYMENT_LINK" => Some(Self::payment_link()),
            #[cfg(feature = "qris")]
            "QRIS" => Some(Self::Qris),
            #[cfg(feature = "ewallets")]
            code if named(code, "EWALLET_").is_some() => {
                Some(Self::ewallet(EwalletVendor::other(code)))
            }
            #[cfg(feature = "virtual-accounts")]
            code => {
                let bank = named(code, "VA_")?;
                Some(Self::VirtualAccount(VirtualAccountBankCode::other(bank)))
            }
            #[cfg(not(feature = "virtual-accounts"))]
            _ => None,
        }
    }

    /// The code that [`from_code`](Self::from_code) reads. The codes of a payment link and the phone
    /// number of a wallet are not part of it.
    pub fn code(&self) -> String {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink { .. } => "PAYMENT_LINK".to_owned(),
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount(bank) => format!("VA_{bank}"),
            #[cfg(feature = "qris")]
            Self::Qris => "QRIS".to_owned(),
            #[cfg(feature = "ewallets")]
            Self::Ewallet { vendor, .. } => vendor.to_string(),
        }
    }

    /// The product that collects the money.
    pub fn product(&self) -> ChargeProduct {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink { .. } => ChargeProduct::PaymentLink,
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount(_) => ChargeProduct::VirtualAccount,
            #[cfg(feature = "qris")]
            Self::Qris => ChargeProduct::Qris,
            #[cfg(feature = "ewallets")]
            Self::Ewallet { .. } => ChargeProduct::Ewallet,
        }
    }
}

/// The name that follows the prefix, if it is one.
fn named<'a>(code: &'a str, prefix: &str) -> Option<&'a str> {
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    code.strip_prefix(prefix)
        .filter(|name| !name.is_empty() && name.chars().all(is_name))
}

/// Product of the gateway that a charge is made with.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChargeProduct {
    /// A payment link.
    #[cfg(feature = "payment-links")]
    PaymentLink,
    /// A virtual account.
    #[cfg(feature = "virtual-accounts")]
    VirtualAccount,
    /// A dynamic QRIS code.
    #[cfg(feature = "qris")]
    Qris,
    /// An e-wallet order.
    #[cfg(feature = "ewallets")]
    Ewallet,
}

impl ChargeProduct {
    /// All products that this build has.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "payment-links")]
        Self::PaymentLink,
        #[cfg(feature = "virtual-accounts")]
        Self::VirtualAccount,
        #[cfg(feature = "qris")]
        Self::Qris,
        #[cfg(feature = "ewallets")]
        Self::Ewallet,
    ];

    /// A word to keep it by; [`FromStr`] reads it.
    pub fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink => "payment_link",
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount => "virtual_account",
            #[cfg(feature = "qris")]
            Self::Qris => "qris",
            #[cfg(feature = "ewallets")]
            Self::Ewallet => "ewallet",
        }
    }
}

impl fmt::Display for ChargeProduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ChargeProduct {
    type Err = UnknownProduct;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|product| product.as_str() == text);
        found.copied().ok_or(UnknownProduct)
    }
}

/// Text names no product of this build. Does not repeat the text.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a product that this build can charge with")]
#[non_exhaustive]
pub struct UnknownProduct;

/// The person who pays. Each product takes what it has a field for:
///
/// | Product | Name | E-mail address | Phone number |
/// |---|---|---|---|
/// | payment link | with the e-mail address only | with the name only | with both only |
/// | virtual account | shown to the payer | – | – |
/// | QRIS | – | – | – |
/// | e-wallet | yes | yes | yes; OVO needs one |
///
/// The gateway refuses the parts of a payment link's customer alone, so they
/// are then left out.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Customer {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<Sensitive>,
}

closed_debug!(Customer, "Customer { name, email, phone }");

impl Customer {
    /// Nobody in particular.
    pub fn new() -> Self {
        Self::default()
    }

    /// Name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// E-mail address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Phone number, digits only.
    #[must_use]
    pub fn phone(mut self, phone: impl Into<Sensitive>) -> Self {
        self.phone = Some(phone.into());
        self
    }
}
