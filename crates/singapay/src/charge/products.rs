//! From the one shape to each product and back.
//!
//! | Product | Operation | Expiry on the wire | Without an expiry |
//! |---|---|---|---|
//! | payment link | `create_payment_link`, version 2.0 | ISO 8601 | the gateway's 24 hours |
//! | virtual account | `create_virtual_account`, `temporary`, `closed`, once | Unix milliseconds as text | 24 hours from here: a temporary one needs an end |
//! | QRIS | `generate_qris` | ISO 8601 | 24 hours from here: the gateway would keep it open until paid |
//! | e-wallet | `create_ewallet_order`, version 2.0 | ISO 8601 | the gateway's 30 minutes |

use singapay_core::{Money, Operation, Rupiah, Timestamp, time};

use super::{
    Charge, ChargeDetails, ChargeMethod, ChargeProduct, Customer, PaymentInstructions,
    answer::ChargeDefaults,
};
use crate::{
    call::Call, error::Error, generated as products, response::Response, types,
    waiting::rules::Rule,
};

/// Everything but the method.
#[derive(Clone)]
pub(super) struct Order {
    /// About the account that collects the money.
    pub(super) call: Call,
    pub(super) reference: Option<String>,
    pub(super) amount: Option<Rupiah>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) customer: Customer,
    pub(super) description: Option<String>,
    pub(super) return_url: Option<String>,
}

/// The product's own builder, filled in.
pub(super) enum Creation {
    #[cfg(feature = "payment-links")]
    PaymentLink(products::payment_links::CreatePaymentLink),
    #[cfg(feature = "virtual-accounts")]
    VirtualAccount(products::virtual_accounts::CreateVirtualAccount, String),
    #[cfg(feature = "qris")]
    Qris(products::qris::GenerateQris),
    #[cfg(feature = "ewallets")]
    Ewallet(products::ewallets::CreateEwalletOrder),
}

/// Sets what is there.
macro_rules! set {
    ($builder:ident { $($setter:ident: $value:expr),* $(,)? }) => {
        $( if let Some(value) = $value { $builder = $builder.$setter(value); } )*
    };
}

impl Creation {
    pub(super) fn new(order: Order, method: ChargeMethod) -> Self {
        let client = order.call.client().clone();
        match method {
            #[cfg(feature = "payment-links")]
            ChargeMethod::PaymentLink { only } => {
                let mut link = client.payment_links().create();
                link.call = order.call;
                link = link
                    .payment_link_type(types::PaymentLinkType::Total)
                    .max_usage(1);
                let Customer { name, email, phone } = order.customer;
                let whole = name.zip(email);
                let phone = phone.filter(|_| whole.is_some());
                let (name, email) = whole.unzip();
                set!(link {
                    reff_no: order.reference,
                    total_amount: order.amount,
                    expired_at: order.expires_at,
                    description: order.description,
                    success_redirect_url: order.return_url,
                    whitelisted_payment_method: only,
                    customer_name: name,
                    customer_email: email,
                    customer_phone: phone,
                });
                Self::PaymentLink(link)
            }
            #[cfg(feature = "virtual-accounts")]
            ChargeMethod::VirtualAccount(bank) => {
                let mut account = client.virtual_accounts().create();
                account.call = order.call;
                account = account
                    .kind(types::VirtualAccountKind::Temporary)
                    .amount_type(types::VirtualAccountAmountType::Closed)
                    .max_usage(1)
                    .bank_code(bank.clone());
                let end = order.expires_at;
                set!(account {
                    merchant_reff_no: order.reference,
                    amount: order.amount,
                    expired_at: end.map(time::UnixMillis::from_timestamp_as_text),
                    name: order.customer.name,
                });
                Self::VirtualAccount(account, bank.to_string())
            }
            #[cfg(feature = "qris")]
            ChargeMethod::Qris => {
                let mut code = client.qris().generate();
                code.call = order.call;
                set!(code {
                    merchant_reff_no: order.reference,
                    amount: order.amount,
                    expired_at: order.expires_at,
                });
                Self::Qris(code)
            }
            #[cfg(feature = "ewallets")]
            ChargeMethod::Ewallet { vendor, phone } => {
                let account = order.call.account().map(str::to_owned);
                let mut wallet = client.ewallets().create().ewallet_vendor(vendor);
                wallet.call = order.call;
                let Customer { name, email, .. } = order.customer;
                set!(wallet {
                    account_id: account,
                    merchant_reff_no: order.reference,
                    amount: order.amount,
                    expired_at: order.expires_at,
                    merchant_redirect_url: order.return_url,
                    customer_name: name,
                    customer_email: email,
                    customer_phone: phone.or(order.customer.phone),
                });
                Self::Ewallet(wallet)
            }
        }
    }

    /// Everything that the product refuses.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink(link) => link.check(),
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount(account, _) => account.check(),
            #[cfg(feature = "qris")]
            Self::Qris(code) => code.check(),
            #[cfg(feature = "ewallets")]
            Self::Ewallet(wallet) => wallet.check(),
        }
    }

    pub(super) async fn send(
        self,
        account_id: String,
        defaults: ChargeDefaults,
    ) -> Result<Response<Charge>, Error> {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink(link) => {
                let link = link.send().await?;
                Ok(link.map(|link| Charge::of_link(account_id, link, defaults)))
            }
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount(account, bank) => {
                let bank = Some(bank);
                let defaults = ChargeDefaults { bank, ..defaults };
                let account = account.send().await?;
                Ok(
                    account
                        .map(|account| Charge::of_virtual_account(account_id, account, defaults)),
                )
            }
            #[cfg(feature = "qris")]
            Self::Qris(code) => {
                let code = code.send().await?;
                Ok(code.map(|code| Charge::of_qris(account_id, code, defaults)))
            }
            #[cfg(feature = "ewallets")]
            Self::Ewallet(wallet) => {
                let wallet = wallet.send().await?;
                Ok(wallet.map(|order| Charge::of_ewallet(account_id, order, defaults)))
            }
        }
    }
}

impl ChargeProduct {
    /// True if an end has to be chosen here, because the gateway's own would not do.
    pub(super) fn needs_an_end(self) -> bool {
        match self {
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount => true,
            #[cfg(feature = "qris")]
            Self::Qris => true,
            #[allow(unreachable_patterns, reason = "a build may have these two alone")]
            _ => false,
        }
    }

    /// The operation that makes it.
    pub(super) fn operation(self) -> &'static Operation {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink => &singapay_api::operations::CREATE_PAYMENT_LINK,
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount => &singapay_api::operations::CREATE_VIRTUAL_ACCOUNT,
            #[cfg(feature = "qris")]
            Self::Qris => &singapay_api::operations::GENERATE_QRIS,
            #[cfg(feature = "ewallets")]
            Self::Ewallet => &singapay_api::operations::CREATE_EWALLET_ORDER,
        }
    }

    /// The operation that reads it.
    #[cfg(any(feature = "payment-links", feature = "qris", feature = "ewallets"))]
    pub(super) fn inquiry(self) -> &'static Operation {
        match self {
            #[cfg(feature = "payment-links")]
            Self::PaymentLink => &singapay_api::operations::GET_PAYMENT_LINK,
            #[cfg(feature = "virtual-accounts")]
            Self::VirtualAccount => &singapay_api::operations::GET_VIRTUAL_ACCOUNT,
            #[cfg(feature = "qris")]
            Self::Qris => &singapay_api::operations::GET_QRIS,
            #[cfg(feature = "ewallets")]
            Self::Ewallet => &singapay_api::operations::GET_EWALLET_STATUS,
        }
    }
}

/// Marks an e-wallet order whose number is not known; a number has no colon.
#[cfg(feature = "ewallets")]
pub(super) const BY_REFF_NO: &str = "reff_no:";

/// The number, by which an order is read; else the mark and the gateway's own reference, as the
/// answer to a new order is not proven to hold a number.
#[cfg(feature = "ewallets")]
pub(super) fn id_of(order: &types::EwalletTransaction) -> String {
    match order.id {
        Some(id) => id.to_string(),
        None => format!("{BY_REFF_NO}{}", order.reff_no),
    }
}

impl Charge {
    fn new(
        account_id: String,
        id: String,
        instructions: PaymentInstructions,
        details: ChargeDetails,
        (reference, amount): (Option<String>, Option<Rupiah>),
        defaults: ChargeDefaults,
    ) -> Self {
        let defaults = ChargeDefaults {
            reference: reference.or(defaults.reference),
            amount: amount.or(defaults.amount),
            expires_at: details.snapshot().expires_at.or(defaults.expires_at),
            bank: defaults.bank,
        };
        Self {
            account_id,
            id,
            defaults,
            instructions,
            details,
        }
    }

    #[cfg(feature = "payment-links")]
    pub(super) fn of_link(
        account_id: String,
        link: types::PaymentLink,
        defaults: ChargeDefaults,
    ) -> Self {
        let instructions = PaymentInstructions::Url {
            url: link.payment_url.clone(),
            app_url: None,
        };
        let told = (link.reff_no.clone(), link.total_amount);
        let (id, details) = (link.id, ChargeDetails::PaymentLink(Box::new(link)));
        Self::new(
            account_id,
            id.to_string(),
            instructions,
            details,
            told,
            defaults,
        )
    }

    #[cfg(feature = "virtual-accounts")]
    pub(super) fn of_virtual_account(
        account_id: String,
        account: types::VirtualAccount,
        mut defaults: ChargeDefaults,
    ) -> Self {
        // The answer's `code` was seen to name another bank than its `bank`.
        let told = account
            .bank
            .as_ref()
            .and_then(|bank| bank.short_name.clone());
        let bank = told.or(defaults.bank).unwrap_or_default();
        defaults.bank = Some(bank.clone());
        let instructions = PaymentInstructions::VirtualAccount {
            bank,
            number: account.number.clone(),
            name: account.name.clone(),
        };
        let amount = account.amount.as_ref().and_then(Money::rupiah);
        let told = (account.merchant_reff_no.clone(), amount);
        let id = account.id.clone();
        let details = ChargeDetails::VirtualAccount(Box::new(account));
        Self::new(account_id, id, instructions, details, told, defaults)
    }

    #[cfg(feature = "qris")]
    pub(super) fn of_qris(
        account_id: String,
        code: types::QrisTransaction,
        defaults: ChargeDefaults,
    ) -> Self {
        let instructions = PaymentInstructions::Qr {
            content: code.qr_data.clone(),
        };
        let told = (code.merchant_reff_no.clone(), code.amount);
        let (id, details) = (code.id, ChargeDetails::Qris(Box::new(code)));
        Self::new(
            account_id,
            id.to_string(),
            instructions,
            details,
            told,
            defaults,
        )
    }

    #[cfg(feature = "ewallets")]
    pub(super) fn of_ewallet(
        account_id: String,
        order: types::EwalletTransaction,
        defaults: ChargeDefaults,
    ) -> Self {
        let app_url = order.checkout_url_app.clone();
        let instructions = match order.checkout_url.clone().or_else(|| app_url.clone()) {
            Some(url) => PaymentInstructions::Url { url, app_url },
            None => PaymentInstructions::Push,
        };
        let id = id_of(&order);
        let told = (order.merchant_reff_no.clone(), order.amount);
        let details = ChargeDetails::Ewallet(Box::new(order));
        Self::new(account_id, id, instructions, details, told, defaults)
    }
}
