//! Rows as payouts of the SDK.

use singapay::{
    Money, MoneyOut, PayoutError, PayoutQuote, PayoutRequest, PayoutStep, Payouts, Submit,
    types::EwalletCode,
};

use super::file::{Operation, Row};

/// The flow, and who submits to it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) money_out: MoneyOut,
    pub(crate) flow: Payouts,
    pub(crate) by: Option<String>,
}

/// What is done with a row.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Check,
    Quote,
    Submit,
}

#[derive(Debug)]
enum Done {
    Checked(Vec<PayoutError>),
    Quoted(PayoutQuote),
    Stored(Box<PayoutStep>),
}

/// Sets those fields of a builder for which the row has a value.
macro_rules! fill {
    ($call:expr, $row:ident, $($column:literal => $set:ident),+) => {{
        let mut call = $call;
        $(if let Some(value) = $row.text($column) {
            call = call.$set(value);
        })+
        call
    }};
}

impl Desk {
    /// Everything that speaks against it.
    pub(crate) async fn check(&self, row: &Row) -> Result<Vec<PayoutError>, PayoutError> {
        match self.go(row, Wish::Check).await? {
            Done::Checked(refusals) => Ok(refusals),
            _ => Ok(Vec::new()),
        }
    }

    /// Who would be paid, and what it would cost.
    pub(crate) async fn quote(&self, row: &Row) -> Option<PayoutQuote> {
        match self.go(row, Wish::Quote).await {
            Ok(Done::Quoted(quote)) => Some(quote),
            _ => None,
        }
    }

    /// Stores it.
    pub(crate) async fn submit(&self, row: &Row) -> Result<Option<PayoutStep>, PayoutError> {
        match self.go(row, Wish::Submit).await? {
            Done::Stored(step) => Ok(Some(*step)),
            _ => Ok(None),
        }
    }

    async fn go(&self, row: &Row, wish: Wish) -> Result<Done, PayoutError> {
        match row.operation {
            Operation::Transfer => {
                let mut call = fill!(self.money_out.transfer_disbursement(), row,
                    "account_id" => account_id, "reference" => reference_number,
                    "bank_code" => bank_code, "bank_account_number" => bank_account_number,
                    "notes" => notes);
                if let Some(amount) = row.amount {
                    call = call.amount(amount);
                }
                self.finish(call, wish).await
            }
            Operation::Topup => {
                let mut call = fill!(self.money_out.topup_ewallet(), row,
                    "account_id" => account_id, "reference" => reference_number,
                    "customer_number" => customer_number, "notes" => notes);
                if let Some(wallet) = row.text("ewallet_code") {
                    call = call.ewallet_code(EwalletCode::from(wallet));
                }
                if let Some(amount) = row.amount {
                    call = call.amount(Money::idr(amount));
                }
                self.finish(call, wish).await
            }
            Operation::Qris => {
                let mut call = fill!(self.money_out.pay_qris(), row,
                    "account_id" => account_id, "reference" => reference_number,
                    "qr_data" => qr_data, "customer_name" => customer_name);
                if let Some(amount) = row.amount {
                    call = call.amount(amount);
                }
                self.finish(call, wish).await
            }
            Operation::BetweenAccounts => {
                let mut call = fill!(self.money_out.transfer_between_accounts(), row,
                    "account_id" => account_id, "reference" => merchant_ref_no,
                    "beneficiary_account_number" => beneficiary_account_number);
                if let Some(amount) = row.amount {
                    call = call.amount(amount);
                }
                self.finish(call, wish).await
            }
        }
    }

    async fn finish<R: PayoutRequest + 'static>(
        &self,
        call: R,
        wish: Wish,
    ) -> Result<Done, PayoutError> {
        let mut submit: Submit<R> = self.flow.submit(call);
        if let Some(by) = &self.by {
            submit = submit.by(by);
        }
        Ok(match wish {
            Wish::Check => Done::Checked(submit.check().await?),
            Wish::Quote => Done::Quoted(submit.quote().await?),
            Wish::Submit => Done::Stored(Box::new(submit.await?)),
        })
    }
}
