//! The fields of a biller request: a command, and its data.

use super::state::{Product, find_product};
use crate::http::{call::Call, refusal::Refusal, validate::Fields};

/// The command, which must be one of these, and what is wrong with it.
pub(super) fn command<'a>(call: &'a Call, known: &[&str]) -> (String, Fields<'a>) {
    let mut fields = Fields::of(&call.body);
    fields.required("command");
    let command = fields.one_of("command", known).unwrap_or_default();
    (command, fields)
}

/// A command with its data.
pub(super) struct Order<'a> {
    pub(super) command: String,
    outer: Fields<'a>,
    pub(super) data: Fields<'a>,
}

impl<'a> Order<'a> {
    pub(super) fn of(call: &'a Call, known: &[&str]) -> Self {
        let (command, mut outer) = command(call, known);
        let data = outer.member("data");
        Self {
            command,
            outer,
            data,
        }
    }

    /// The product that is asked for, and for whom.
    pub(super) fn product(&mut self) -> (Option<&'static Product>, String) {
        let customer_id = self.data.text("customer_id", 50);
        let code = self.data.text("product_code", 50);
        let product = find_product(&self.command, &code);
        if product.is_none() && !code.is_empty() && !self.command.is_empty() {
            self.data.invalid("product_code");
        }
        (product, customer_id)
    }

    pub(super) fn finish(mut self) -> Result<(), Refusal> {
        self.outer.absorb(self.data);
        self.outer.finish()
    }
}

/// Phone products want digits; this refusal names no field (fact sheet 06, section A.1).
pub(super) fn phone(product: &Product, customer_id: &str) -> Result<(), Refusal> {
    let is_phone = matches!(product.command, "pulsa" | "data" | "vouchg" | "mobpos");
    let digits = customer_id.bytes().all(|b| b.is_ascii_digit());
    if !is_phone || (digits && (8..=15).contains(&customer_id.len())) {
        return Ok(());
    }
    let message = format!("customer_id (phone number) column value {customer_id} is not valid");
    Err(Refusal::code(422, "04", &message))
}

pub(super) fn already_paid() -> Refusal {
    Refusal::code(200, "07", "bill already paid")
}

/// Whether there is such a customer; nobody's number begins with 0000.
pub(super) fn known(customer_id: &str) -> Result<(), Refusal> {
    if customer_id.starts_with("0000") {
        return Err(Refusal::code(404, "06", "customer not found"));
    }
    Ok(())
}
