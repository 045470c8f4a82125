//! What the biller's vendors do.

use crate::{sandbox::Sandbox, state::CustomerError};

impl Sandbox {
    /// The vendor ends a pending bill payment now: it delivers, or the deposit gets its money back.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn decide_bill(&self, transaction_id: &str, delivered: bool) -> Result<(), CustomerError> {
        self.store
            .run(|world| world.decide_bill(transaction_id, delivered))
    }
}
