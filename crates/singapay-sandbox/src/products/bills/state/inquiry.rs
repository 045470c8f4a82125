//! The merchant's credential at the biller, its deposit, and the inquiries that wait for payment.

use crate::{
    products::bills::{
        catalogue::{Owed, Product},
        record::BillInquiry,
    },
    state::World,
};

impl World {
    /// The gateway's number of an inquiry or a direct payment; ends with the time.
    pub(crate) fn bill_reference(&mut self, product_code: &str) -> String {
        let seconds = self.now.seconds();
        format!("{product_code}RJBL{}{seconds:010}", self.random.digits(12))
    }

    /// Remembers what was answered, for the time in which it can be paid.
    pub(crate) fn note_inquiry(
        &mut self,
        product: &Product,
        customer_id: &str,
        customer_name: String,
        owed: Owed,
        admin: i64,
    ) -> u64 {
        let (now, life) = (self.now, self.settings.delays.bill_inquiry);
        let old: Vec<u64> = self
            .bill_inquiries
            .iter()
            .take_while(|(_, inquiry)| now.since(inquiry.at) >= life)
            .map(|(row, _)| row)
            .collect();
        for row in old {
            self.bill_inquiries.remove(row);
        }
        let reference_number = self.bill_reference(product.code);
        self.bill_inquiries.insert(BillInquiry {
            reference_number,
            command: product.command.to_owned(),
            product_code: product.code.to_owned(),
            customer_id: customer_id.to_owned(),
            customer_name,
            amount: owed.amount,
            late_fee: owed.late_fee,
            price: owed.amount + owed.late_fee + admin,
            period: owed.period,
            used: false,
            at: now,
        })
    }

    /// The inquiry that a payment names, if it can still be paid.
    pub(crate) fn payable_inquiry(
        &self,
        reference_number: &str,
        product: &Product,
        customer_id: &str,
    ) -> Option<u64> {
        let row = self.bill_inquiries.row_of(reference_number)?;
        let inquiry = self.bill_inquiries.get(row)?;
        let fresh = self.now.since(inquiry.at) < self.settings.delays.bill_inquiry;
        let same = inquiry.product_code == product.code
            && inquiry.command == product.command
            && inquiry.customer_id == customer_id;
        (fresh && same && !inquiry.used).then_some(row)
    }
}
