//! Looking for a charge whose answer was lost.

use super::{
    Charge, ChargeProduct, GetCharge, answer::ChargeDefaults, create::problem_of_reference,
    products,
};
use crate::{call::Call, error::Error, response::Response};

/// A search for a charge by the merchant's own reference; from [`Charges::find`](super::Charges::find).
#[derive(Clone)]
#[must_use = "a request goes out when `send` is awaited"]
pub struct FindCharge {
    call: Call,
    product: ChargeProduct,
    reference: String,
}

impl FindCharge {
    pub(super) fn new(call: Call, product: ChargeProduct, reference: String) -> Self {
        Self {
            call,
            product,
            reference,
        }
    }

    /// Account (ULID) that collects the money.
    ///
    /// The client's own account unless set.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.call.options.account = Some(account_id.into());
        self
    }

    /// Reads the list of the product page by page, and then the charge; sends nothing that charges.
    ///
    /// `Ok(None)` is proven absence at that moment: a request that is still on its way at the gateway may
    /// make the charge later, so look again, with time between, before sending it again. The newest
    /// counts where a reference was used more than once. Amount, bank and wallet are not compared.
    ///
    /// # Errors
    ///
    /// Offending fields before anything is sent; [`ErrorKind::Paging`](crate::ErrorKind::Paging) when
    /// nothing was found and absence is not proven; else those of reading.
    pub async fn send(self) -> Result<Option<Response<Charge>>, Error> {
        if let Some(problem) = problem_of_reference(Some(&self.reference)) {
            return Err(Error::invalid_fields(vec![problem]));
        }
        let Some(id) = self.id().await? else {
            return Ok(None);
        };
        let defaults = ChargeDefaults {
            reference: Some(self.reference),
            ..ChargeDefaults::default()
        };
        let get = GetCharge::new(self.call, self.product, id).with_defaults(defaults);
        get.send().await.map(Some)
    }

    /// No filter of the gateway is trusted: the whole list is read and compared here.
    async fn id(&self) -> Result<Option<String>, Error> {
        let client = self.call.client();
        let wanted = Some(self.reference.clone());
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
                let row = find!(client.payment_links().list(), reff_no);
                row.map(|row| row.id.to_string())
            }
            #[cfg(feature = "virtual-accounts")]
            ChargeProduct::VirtualAccount => {
                let row = find!(client.virtual_accounts().list(), merchant_reff_no);
                row.map(|row| row.id)
            }
            #[cfg(feature = "qris")]
            ChargeProduct::Qris => {
                let row = find!(client.qris().list(), merchant_reff_no);
                row.map(|row| row.id.to_string())
            }
            #[cfg(feature = "ewallets")]
            ChargeProduct::Ewallet => {
                let row = find!(client.ewallets().list(), merchant_reff_no);
                row.map(|row| products::id_of(&row))
            }
        })
    }
}
call_options!(FindCharge, Option<Response<Charge>>);
