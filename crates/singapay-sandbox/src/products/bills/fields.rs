//! The fields of a biller request: a command, and its data.

use super::catalogue::{Product, find};
use crate::http::{call::Call, refusal::Refusal, validate::Fields};

pub(super) const POSTPAID: [&str; 8] = [
    "pdam", "plnpos", "plnnon", "intv", "bpjsks", "bputk", "putk", "mobpos",
];

/// Spelling of the same bill in the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

impl Version {
    /// Version 1 knows no late fee: it is part of the amount.
    pub(super) fn amount(self, amount: i64, late_fee: i64) -> i64 {
        if self == Self::V1 {
            amount + late_fee
        } else {
            amount
        }
    }

    pub(super) fn period(self, period: Option<&[String; 2]>) -> Option<&String> {
        period.map(|[v1, v2]| if self == Self::V1 { v1 } else { v2 })
    }
}

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
        let product = find(&self.command, &code);
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

/// Phone products want digits; this refusal names no field (documented).
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

/// Refuses customers that do not exist; nobody's number begins with 0000.
pub(super) fn known(customer_id: &str) -> Result<(), Refusal> {
    if customer_id.starts_with("0000") {
        return Err(Refusal::code(404, "06", "customer not found"));
    }
    Ok(())
}
