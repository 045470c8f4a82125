//! Bill payments. Money moves between the deposit and the biller only.

use serde_json::{Map, json};

use crate::{
    customer::CustomerError,
    products::bills::{
        catalogue::{Kind, Product, by_code},
        record::{Bill, BillStatus, Ending},
    },
    state::{Agenda, Books, Due, World},
    wire_time::{self, At},
};

impl World {
    pub(crate) fn deposit(&self) -> i64 {
        self.billers
            .values()
            .next()
            .map_or(0, |biller| biller.deposit)
    }

    fn move_deposit(&mut self, amount: i64) {
        let row = self.billers.iter().next().map(|(row, _)| row);
        if let Some(biller) = row.and_then(|row| self.billers.get_mut(row)) {
            biller.deposit += amount;
        }
    }

    /// True for a customer id that was paid for today and not freed since.
    pub(crate) fn is_used_today(&self, customer_id: &str) -> bool {
        let today = wire_time::compact_date(self.now);
        self.bills
            .values()
            .rev()
            .take_while(|bill| wire_time::compact_date(bill.created_at) == today)
            .any(|bill| bill.customer_id == customer_id && bill.status.is_charged() && !bill.freed)
    }

    /// True when the bill of this month is paid or being paid.
    pub(crate) fn is_bill_paid(&self, product: &Product, customer_id: &str) -> bool {
        let month = |at: At| wire_time::compact_date(at)[..6].to_owned();
        let this = month(self.now);
        matches!(product.kind, Kind::Bill { .. })
            && self.bills.values().any(|bill| {
                bill.product_code == product.code
                    && bill.customer_id == customer_id
                    && bill.status.is_charged()
                    && month(bill.created_at) == this
            })
    }

    /// Customer ids of today may be used once more.
    pub(crate) fn free_customer_ids(&mut self) {
        let rows: Vec<u64> = self
            .bills
            .iter()
            .filter(|(_, bill)| !bill.freed)
            .map(|(row, _)| row)
            .collect();
        for row in rows {
            if let Some(bill) = self.bills.get_mut(row) {
                bill.freed = true;
            }
        }
    }

    /// Pays for a product without an inquiry.
    pub(crate) fn pay_direct(&mut self, product: &Product, customer_id: &str, price: i64) -> u64 {
        let reference_number = self.bill_reference(product.code);
        let bill = Bill {
            transaction_id: self.random.ulid(self.now),
            reference_number,
            product_code: product.code.to_owned(),
            customer_id: customer_id.to_owned(),
            customer_name: None,
            amount: price,
            late_fee: 0,
            price,
            period: None,
            status: BillStatus::Pending,
            other_info: Map::new(),
            inquired_at: None,
            created_at: self.now,
            due_at: None,
            freed: false,
        };
        self.book_bill(bill)
    }

    /// Pays what an inquiry told; it cannot be paid again.
    pub(crate) fn pay_inquiry(&mut self, row: u64) -> Option<u64> {
        let inquiry = self.bill_inquiries.get_mut(row)?;
        inquiry.used = true;
        let inquiry = inquiry.clone();
        let bill = Bill {
            transaction_id: self.random.ulid(self.now),
            reference_number: inquiry.reference_number,
            product_code: inquiry.product_code,
            customer_id: inquiry.customer_id,
            customer_name: Some(inquiry.customer_name),
            amount: inquiry.amount,
            late_fee: inquiry.late_fee,
            price: inquiry.price,
            period: inquiry.period,
            status: BillStatus::Pending,
            other_info: Map::new(),
            inquired_at: Some(inquiry.at),
            created_at: self.now,
            due_at: None,
            freed: false,
        };
        Some(self.book_bill(bill))
    }

    /// Takes the price from the deposit unless the vendor refuses; what was inquired before is
    /// done at once, other payments take a while.
    fn book_bill(&mut self, mut bill: Bill) -> u64 {
        let (ending, inquired) = (bill.ends(), bill.inquired_at.is_some());
        if ending == Ending::Refused {
            bill.status = BillStatus::Failed;
            return self.bills.insert(bill);
        }
        self.move_deposit(-bill.price);
        let waits = ending == Ending::Refunded || !inquired;
        let due_at = self.now.plus(self.settings.delays.bill);
        bill.due_at = (waits && ending != Ending::Open).then_some(due_at);
        let row = self.bills.insert(bill);
        if ending == Ending::Delivered && inquired {
            self.end_bill(row, true);
        } else if ending != Ending::Open {
            self.schedule(due_at, Due::Bill(row));
        }
        row
    }

    /// Lets a pending payment end by itself.
    pub(crate) fn bring_bill(&mut self, row: u64) {
        let delivered = self.bills.get(row).map(Bill::ends) == Some(Ending::Delivered);
        self.end_bill(row, delivered);
    }

    /// Ends a pending payment; `false` when it has ended before.
    fn end_bill(&mut self, row: u64, delivered: bool) -> bool {
        let (token, voucher) = (self.random.digits(20), self.random.token(12));
        let Some(bill) = self
            .bills
            .get_mut(row)
            .filter(|bill| bill.status == BillStatus::Pending)
        else {
            return false;
        };
        bill.due_at = None;
        if !delivered {
            bill.status = BillStatus::Refunded;
            let price = bill.price;
            self.move_deposit(price);
            return true;
        }
        bill.status = BillStatus::Success;
        match by_code(&bill.product_code).map(|product| product.command) {
            Some("plntok") => bill.other_info.insert("token".to_owned(), json!(token)),
            Some("vouchg") => bill
                .other_info
                .insert("voucher_code".to_owned(), json!(voucher)),
            _ => None,
        };
        true
    }

    /// Decides a pending payment by hand.
    pub(crate) fn decide_bill(&mut self, id: &str, delivered: bool) -> Result<(), CustomerError> {
        let row = self
            .bills
            .row_of(id)
            .ok_or_else(|| CustomerError::Unknown(id.to_owned()))?;
        if self.end_bill(row, delivered) {
            return Ok(());
        }
        let word = self.bills.get(row).map_or("", |bill| bill.status.word());
        Err(CustomerError::AlreadyDecided(word.to_owned()))
    }
}

/// Plans again what is still ahead, after a restart.
pub(crate) fn resume(world: &World, agenda: &mut Agenda) {
    for (row, bill) in world.bills.iter() {
        agenda.extend(bill.due_at.map(|at| (at, Due::Bill(row))));
    }
}

pub(crate) fn audit(world: &World, books: &mut Books) {
    let charged = world.bills.values().filter(|bill| bill.status.is_charged());
    books.billed = charged.map(|bill| bill.price).sum();
    for biller in world.billers.values() {
        if biller.deposit != biller.opened - books.billed || biller.deposit < 0 {
            let (opened, deposit, billed) = (biller.opened, biller.deposit, books.billed);
            books.violations.push(format!(
                "the biller's deposit is {deposit}, but {opened} - {billed} came and went"
            ));
        }
    }
}
