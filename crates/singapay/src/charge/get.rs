//! Reading a charge again.

use super::{Charge, ChargeProduct, answer::ChargeDefaults, products};
#[cfg(any(feature = "payment-links", feature = "qris", feature = "ewallets"))]
use crate::validation::Check;
use crate::{
    call::Call,
    client::Singapay,
    error::Error,
    response::Response,
    waiting::{PaymentRead, Read, Wait},
};

/// A read of a charge; from [`Charges::get`](super::Charges::get) and [`Charge::read_again`].
///
/// For an e-wallet it is the inquiry that asks the wallet: only this tells of a failure.
#[derive(Clone)]
#[must_use = "a request goes out when `send` is awaited"]
pub struct GetCharge {
    call: Call,
    product: ChargeProduct,
    id: String,
    defaults: ChargeDefaults,
}

impl GetCharge {
    pub(super) fn new(call: Call, product: ChargeProduct, id: String) -> Self {
        Self {
            call,
            product,
            id,
            defaults: ChargeDefaults::default(),
        }
    }

    /// Account (ULID) that collects the money.
    ///
    /// The client's own account unless set.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.call.options.account = Some(account_id.into());
        self
    }

    pub(super) fn with_defaults(mut self, defaults: ChargeDefaults) -> Self {
        self.defaults = defaults;
        self
    }

    /// Checks the request, and sends it.
    ///
    /// # Errors
    ///
    /// Offending fields, before anything is sent; otherwise see `Error::kind` and `Error::delivery`.
    pub async fn send(self) -> Result<Response<Charge>, Error> {
        let Self {
            call,
            product,
            id,
            defaults,
        } = self;
        let client = call.client().clone();
        let account_id = call.account().unwrap_or_default().to_owned();
        match product {
            #[cfg(feature = "payment-links")]
            ChargeProduct::PaymentLink => {
                let mut get = client.payment_links().get(number(&call, &id, product)?);
                get.call = call;
                let link = get.send().await?;
                Ok(link.map(|link| Charge::of_link(account_id, link, defaults)))
            }
            #[cfg(feature = "virtual-accounts")]
            ChargeProduct::VirtualAccount => {
                let mut get = client.virtual_accounts().get(id);
                get.call = call;
                let account = get.send().await?;
                Ok(
                    account
                        .map(|account| Charge::of_virtual_account(account_id, account, defaults)),
                )
            }
            #[cfg(feature = "qris")]
            ChargeProduct::Qris => {
                let mut get = client.qris().get(number(&call, &id, product)?);
                get.call = call;
                let code = get.send().await?;
                Ok(code.map(|code| Charge::of_qris(account_id, code, defaults)))
            }
            #[cfg(feature = "ewallets")]
            ChargeProduct::Ewallet => {
                let id = match id.strip_prefix(products::BY_REFF_NO) {
                    Some(reff_no) => {
                        let mut list = client.ewallets().list();
                        list.call = call.clone();
                        let reff_no = reff_no.to_owned();
                        let row = list
                            .by_item()
                            .find(move |row| row.reff_no == reff_no)
                            .await?;
                        row.and_then(|row| row.id).ok_or_else(|| {
                            let operation = &singapay_api::operations::LIST_EWALLET_TRANSACTIONS;
                            Error::absent(operation, "no order has this `reff_no` and a number")
                        })?
                    }
                    None => number(&call, &id, product)?,
                };
                let mut get = client.ewallets().get_status(id);
                get.call = call;
                let order = get.send().await?;
                Ok(order.map(|order| Charge::of_ewallet(account_id, order, defaults)))
            }
        }
    }

    /// Reads until the payment has ended; the table at [`PaymentState`](crate::PaymentState) says when
    /// that is.
    pub fn wait(self) -> Wait<Self> {
        Wait::new(self)
    }
}
call_options!(GetCharge, Response<Charge>);

impl Read for GetCharge {
    type Data = Charge;

    fn client(&self) -> &Singapay {
        self.call.client()
    }

    async fn read(self) -> Result<Response<Charge>, Error> {
        self.send().await
    }
}

impl PaymentRead for GetCharge {
    type State = Charge;
}

/// Links, codes and orders go by numbers.
#[cfg(any(feature = "payment-links", feature = "qris", feature = "ewallets"))]
fn number(call: &Call, id: &str, product: ChargeProduct) -> Result<i64, Error> {
    let operation = product.inquiry();
    let mut check = Check::new(operation);
    check.account(call.account());
    let number = id.parse().ok();
    if number.is_none() {
        check.report("id", "must be the id of a charge of this product");
    }
    check.finish()?;
    number.ok_or_else(|| Check::incomplete(operation))
}
