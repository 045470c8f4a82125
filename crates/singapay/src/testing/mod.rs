//! For the tests of programs: a gateway that answers what a test says, and signed deliveries of every kind. Only with
//! the feature `testing`, which a program switches on among its `dev-dependencies`.
//!
//! ```
//! use singapay::{
//!     MoneyOutPolicy, Outcome, Rupiah, Singapay,
//!     testing::{self, answers},
//! };
//!
//! /// The code under test.
//! async fn pay(singapay: &Singapay, reference: &str) -> Result<bool, singapay::Error> {
//!     let outcome = singapay
//!         .money_out(MoneyOutPolicy::new())?
//!         .transfer_disbursement()
//!         .reference_number(reference)
//!         .bank_code("014")
//!         .bank_account_number("1234567890")
//!         .amount(Rupiah::new(250_000))
//!         .send()
//!         .await?;
//!     Ok(match outcome {
//!         Outcome::Accepted(_) => true,
//!         Outcome::Unknown(open) => open.resolve().await.found().is_some(),
//!         _ => false,
//!     })
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), singapay::Error> {
//! // The gateway takes the payout on, and its answer gets lost.
//! let gateway = testing::gateway().answer(answers::transfer_disbursement().lost_after_storing());
//! assert!(pay(&gateway.client()?, "PAY-1").await?);
//! let requests = gateway.requests();
//! assert_eq!(requests[0].body()["reference_number"], "PAY-1");
//! assert_eq!(requests[1].operation(), "get_disbursement_status");
//!
//! // Refused: proven that no money moves.
//! let gateway = testing::gateway().answer(answers::transfer_disbursement().refused("SP003"));
//! assert!(!pay(&gateway.client()?, "PAY-2").await?);
//! # Ok(()) }
//! ```
//!
//! | One line | Happens |
//! |---|---|
//! | `answers::create_payment_link()` | success, with what was asked in its place |
//! | `….field("payment_url", "https://…")` | the same with another member |
//! | `answers::get_payment_link().paid()`, `.open()`, `.expired()`, `.failed()` | how a payment or payout stands |
//! | `….refused("SP003")`, `….duplicate()` | a refusal by its code |
//! | `….times_out()`, `….lost_before_storing()`, `….lost_after_storing()` | no answer, and nobody knows |
//! | `….not_connected()` | proven not sent |
//! | `….raw(502, "<html>")` | anything else |
//!
//! A delivery as the gateway signs it:
//!
//! ```
//! use singapay::{Rupiah, testing, webhook::EventKind};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = testing::gateway();
//! let receiver = gateway.client()?.webhook_receiver("/hooks/singapay")?;
//! let delivery = testing::event(EventKind::VaTransaction)
//!     .amount(Rupiah::new(150_000))
//!     .merchant_reference("INV-1")
//!     .paid()
//!     .sign(&gateway.key("/hooks/singapay"))?;
//!
//! let event = receiver.receive(&delivery.headers, delivery.body)?;
//! assert_eq!(event.amount_paid(), Some(Rupiah::new(150_000)));
//! # Ok(()) }
//! ```
//!
//! A whole gateway on one machine, with books that add up, is the crate `singapay-sandbox`.

mod echo;
mod gateway;
#[rustfmt::skip]
mod generated;
mod reply;
mod sent;
mod state;

pub use gateway::{ACCOUNT_ID, Gateway, gateway};
pub use generated::answers;
pub use reply::Reply;
pub use sent::SentRequest;
pub use singapay_webhook::testing::{EventBuilder, EventBuilderError, Key, SignedDelivery, event};
