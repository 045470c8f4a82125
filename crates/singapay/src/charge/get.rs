//! Reading a charge again.

use super::{Charge, ChargeProduct, answer::Known, products};
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
    account_id: String,
    product: ChargeProduct,
    id: String,
    known: Known,
}

impl GetCharge {
    pub(super) fn new(call: Call, account_id: String, product: ChargeProduct, id: String) -> Self {
        Self {
            call: call.about(&account_id),
            account_id,
            product,
            id,
            known: Known::default(),
        }
    }

    pub(super) fn knowing(mut self, known: Known) -> Self {
        self.known = known;
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
            account_id,
            product,
            id,
            known,
        } = self;
        let client = call.client().clone();
        match product {
            #[cfg(feature = "payment-links")]
            ChargeProduct::PaymentLink => {
                let mut get = client
                    .payment_links()
                    .get(number(&account_id, &id, product)?);
                get.call = call;
                let link = get.send().await?;
                Ok(link.map(|link| Charge::of_link(account_id, link, known)))
            }
            #[cfg(feature = "virtual-accounts")]
            ChargeProduct::VirtualAccount => {
                let mut get = client.virtual_accounts().get(&account_id, id);
                get.call = call;
                let account = get.send().await?;
                Ok(account.map(|account| Charge::of_virtual_account(account_id, account, known)))
            }
            #[cfg(feature = "qris")]
            ChargeProduct::Qris => {
                let mut get = client
                    .qris()
                    .get(&account_id, number(&account_id, &id, product)?);
                get.call = call;
                let code = get.send().await?;
                Ok(code.map(|code| Charge::of_qris(account_id, code, known)))
            }
            #[cfg(feature = "ewallets")]
            ChargeProduct::Ewallet => {
                let id = match id.strip_prefix(products::BY_REFF_NO) {
                    Some(reff_no) => {
                        let mut list = client.ewallets().list(&account_id);
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
                    None => number(&account_id, &id, product)?,
                };
                let mut get = client.ewallets().get_status(&account_id, id);
                get.call = call;
                let order = get.send().await?;
                Ok(order.map(|order| Charge::of_ewallet(account_id, order, known)))
            }
        }
    }

    /// The same as `send`, for code without an async runtime.
    ///
    /// # Errors
    ///
    /// As `send`.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<Charge>, Error> {
        crate::blocking::wait(self.send())
    }

    /// Reads until the payment has ended; the table at [`PaymentState`](crate::PaymentState) says when
    /// that is.
    pub fn wait(self) -> Wait<Self> {
        Wait::new(self)
    }

    /// Looks the charge up by the merchant's reference, and reads it.
    pub(super) async fn find(
        mut self,
        reference: String,
    ) -> Result<Option<Response<Charge>>, Error> {
        let Some(id) = self.id_of(&reference).await? else {
            return Ok(None);
        };
        self.id = id;
        self.known.reference = Some(reference);
        self.send().await.map(Some)
    }

    /// No filter of the gateway is trusted: the whole list is read and compared here.
    async fn id_of(&self, reference: &str) -> Result<Option<String>, Error> {
        let client = self.call.client();
        let account_id = &self.account_id;
        let wanted = Some(reference.to_owned());
        macro_rules! find {
            ($list:expr, $field:ident) => {{
                let mut list = $list;
                list.call = self.call.clone();
                list.by_item().find(move |row| row.$field == wanted).await?
            }};
        }
        Ok(match self.product {
            #[cfg(feature = "payment-links")]
            ChargeProduct::PaymentLink => {
                let row = find!(client.payment_links().list(account_id), reff_no);
                row.map(|row| row.id.to_string())
            }
            #[cfg(feature = "virtual-accounts")]
            ChargeProduct::VirtualAccount => {
                let row = find!(client.virtual_accounts().list(account_id), merchant_reff_no);
                row.map(|row| row.id)
            }
            #[cfg(feature = "qris")]
            ChargeProduct::Qris => {
                let row = find!(client.qris().list(account_id), merchant_reff_no);
                row.map(|row| row.id.to_string())
            }
            #[cfg(feature = "ewallets")]
            ChargeProduct::Ewallet => {
                let row = find!(client.ewallets().list(account_id), merchant_reff_no);
                row.map(|row| products::id_of(&row))
            }
        })
    }
}
call_options!(GetCharge);

closed_debug!(GetCharge, "GetCharge { account_id, product, id, .. }");

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
fn number(account_id: &str, id: &str, product: ChargeProduct) -> Result<i64, Error> {
    let operation = product.inquiry();
    let mut check = Check::new(operation);
    check.account_id("account_id", account_id);
    let number = id.parse().ok();
    if number.is_none() {
        check.report("id", "must be the id of a charge of this product");
    }
    check.finish()?;
    number.ok_or_else(|| Check::incomplete(operation))
}
