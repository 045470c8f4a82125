//! One way to charge a customer, whatever the customer pays with.

mod answer;
mod create;
mod find;
mod get;
mod method;
mod products;

use crate::{call::Call, client::Singapay};

pub use answer::{Charge, ChargeDetails, PaymentInstructions};
pub use create::CreateCharge;
pub use find::FindCharge;
pub use get::GetCharge;
pub use method::{ChargeMethod, ChargeProduct, Customer, UnknownProduct};

/// One shape for every way to pay: `create`, `get`, `find`.
///
/// Cheap to make and to clone.
#[derive(Clone)]
pub struct Charges {
    client: Singapay,
}

closed_debug!(Charges);

impl Singapay {
    /// One shape for every way to pay: `create`, `get`, `find`.
    ///
    /// Cheap to make and to clone.
    pub fn charges(&self) -> Charges {
        Charges {
            client: self.clone(),
        }
    }
}

impl Charges {
    /// Charges a customer by payment link, virtual account, QRIS or e-wallet: the method is data, what
    /// comes back is one [`Charge`].
    ///
    /// ```no_run
    /// # use singapay::{PaymentInstructions, ChargeMethod, Rupiah, Singapay};
    /// # async fn example(singapay: Singapay, code: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let method = ChargeMethod::from_code(code).ok_or("no such method")?;
    /// let charge = singapay
    ///     .charges()
    ///     .create()
    ///     .reference("INV-2026-0001")
    ///     .amount(Rupiah::new(150_000))
    ///     .method(method)
    ///     .expires_in(std::time::Duration::from_secs(3600))
    ///     .send()
    ///     .await?;
    /// match charge.instructions() {
    ///     PaymentInstructions::Url { url, .. } => println!("go to {url}"),
    ///     PaymentInstructions::VirtualAccount { number, .. } => println!("transfer to {number}"),
    ///     PaymentInstructions::Qr { content, .. } => println!("scan {content}"),
    ///     _ => println!("confirm in the app"),
    /// }
    /// let ended = charge.wait(&singapay).await?;
    /// println!("{:?}", ended.ending());
    /// # Ok(()) }
    /// ```
    pub fn create(&self) -> CreateCharge {
        CreateCharge::new(self.call())
    }

    /// Reads a charge again, by what was kept of it: [`Charge::product`] and [`Charge::id`].
    pub fn get(&self, product: ChargeProduct, id: impl Into<String>) -> GetCharge {
        GetCharge::new(self.call(), product, id.into())
    }

    /// Looks for a charge by the merchant's own reference, for after a crash, a time-out or a broken
    /// connection.
    pub fn find(&self, product: ChargeProduct, reference: impl Into<String>) -> FindCharge {
        FindCharge::new(self.call(), product, reference.into())
    }

    fn call(&self) -> Call {
        Call::new(&self.client).about(self.client.own_account())
    }
}
