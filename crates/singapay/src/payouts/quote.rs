//! A look before paying: who is paid, and what it costs. Reads alone; nothing is stored.

use std::fmt;

use serde_json::{Value, json};
use singapay_core::{Amount, Money, Rupiah, bank::Bank, operation::Effect, tolerant};

use super::{PayoutError, PayoutFacts, PayoutRequest, Submit};
use crate::{
    client::Singapay,
    error::{Error, ErrorKind},
};

/// Quote of the gateway for a payout before it is made. What it does not say is `None`: bills and account
/// transfers are not checked, and of a bank that is not known by its SWIFT code nothing can be asked.
///
/// In the book: `docs/book/src/payouts.md#look-before-you-pay`.
#[derive(Clone, Default)]
#[must_use]
#[non_exhaustive]
pub struct PayoutQuote {
    /// Name of the account's, wallet's or QR code's owner. In the gateway's sandbox it is an invented one.
    pub name: Option<String>,
    /// True if the gateway calls the beneficiary valid.
    pub is_valid: Option<bool>,
    /// Fee that the gateway takes for it. Of a transfer that the balance does not cover it tells none.
    pub fee: Option<Rupiah>,
    /// Amount that leaves the account.
    pub gross: Option<Rupiah>,
    /// Balance of the account that can be used.
    pub available: Option<Rupiah>,
}

impl PayoutQuote {
    /// True if the owner's name is the expected one: the same words in any order, whatever the case and
    /// what stands between them; a name that was cut, or has more words, fits if all words of the shorter
    /// one are in the longer. `None` if no name was told.
    pub fn is_named(&self, expected: &str) -> Option<bool> {
        let (told, expected) = (words(self.name.as_deref()?), words(expected));
        let (short, long) = match told.len() <= expected.len() {
            true => (&told, &expected),
            false => (&expected, &told),
        };
        Some(!short.is_empty() && short.iter().all(|word| long.contains(word)))
    }

    /// True if the balance is enough, the fee included. `None` if either was not told.
    pub fn is_covered(&self) -> Option<bool> {
        Some(self.gross? <= self.available?)
    }
}

impl fmt::Debug for PayoutQuote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayoutQuote")
            .field("is_valid", &self.is_valid)
            .field("fee", &self.fee)
            .field("gross", &self.gross)
            .field("available", &self.available)
            .finish_non_exhaustive()
    }
}

fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_uppercase).collect()
}

impl<R: PayoutRequest> Submit<R> {
    /// Asks the gateway who would be paid and what it would cost, and stores nothing. Look at it, and submit.
    ///
    /// # Errors
    ///
    /// The request is not complete, or a question failed.
    pub async fn quote(self) -> Result<PayoutQuote, PayoutError> {
        let client = self.client();
        let (record, _) = self.record().await?;
        Ok(quote(&client, &record.facts).await?)
    }
}

async fn quote(client: &Singapay, facts: &PayoutFacts) -> Result<PayoutQuote, Error> {
    let mut quote = PayoutQuote::default();
    let account = facts.account.as_deref().unwrap_or_default();
    let beneficiary = facts.beneficiary.as_ref();
    let beneficiary = beneficiary.map_or("", |beneficiary| beneficiary.expose());
    let amount = facts.amount.map_or(0, Rupiah::value);
    let read = |method, path: String, body: Option<Value>| {
        let mut request = client.request(method, path).effect(Effect::Read);
        if !account.is_empty() {
            request = request.account_id(account);
        }
        if let Some(name) = &facts.credential {
            request = request.with_credential(name);
        }
        match body {
            Some(body) => request.body(body),
            None => request,
        }
        .send()
    };
    let body: Value = serde_json::from_str(&facts.body).unwrap_or_default();
    match facts.operation.as_str() {
        "transfer_disbursement" | "transfer_disbursement_v1" => {
            let bank = facts.bank.as_deref().unwrap_or_default();
            let Some(swift) = Bank::find(bank).and_then(|bank| bank.swift()) else {
                return Ok(quote);
            };
            let who = json!({"bank_swift_code": swift, "bank_account_number": beneficiary});
            let path = "/api/v1.0/disbursement/check-beneficiary";
            let told = read("POST", path.to_owned(), Some(who)).await?;
            quote.name = text(&told, "bank_account_name");
            quote.is_valid = text(&told, "status").map(|status| status == "valid");
            let cost = json!({"bank_swift_code": swift, "amount": amount});
            let path = format!("/api/v1.0/disbursement/{account}/check-fee");
            match read("POST", path, Some(cost)).await {
                Ok(told) => {
                    quote.fee = rupiah(&told, "transfer_fee");
                    quote.gross = rupiah(&told, "gross_amount");
                }
                // It does not say what the balance does not cover; the balance itself it does.
                Err(error) if error.kind() == ErrorKind::Refused => {}
                Err(error) => return Err(error),
            }
        }
        "topup_ewallet" => {
            let mut ask = json!({});
            for name in ["account_id", "ewallet_code", "customer_number", "amount"] {
                ask[name] = body[name].clone();
            }
            let path = "/api/v2.0/ewallet/account-inquiry";
            let told = read("POST", path.to_owned(), Some(ask)).await?;
            quote.name = text(&told, "customer_name");
            quote.is_valid = Some(true);
            quote.fee = rupiah(&told, "fee_amount");
            quote.gross = rupiah(&told, "gross_amount");
        }
        "pay_qris" => {
            let ask = json!({"qr_data": body["qr_data"]});
            let path = "/api/v2.0/qris/issuer/mpm/inquiry-merchant";
            let told = read("POST", path.to_owned(), Some(ask)).await?;
            quote.name = text(&told, "merchant_name");
        }
        _ => {}
    }
    if !account.is_empty() {
        let path = format!("/api/v1.0/balance-inquiry/{account}");
        let told = read("GET", path, None).await?;
        quote.available = rupiah(&told, "available_balance");
    }
    Ok(quote)
}

fn text(data: &Value, name: &str) -> Option<String> {
    tolerant::text_of(data.get(name)?.clone()).filter(|text| !text.trim().is_empty())
}

fn rupiah(data: &Value, name: &str) -> Option<Rupiah> {
    let money: Money<Amount> = serde_json::from_value(data.get(name)?.clone()).ok()?;
    money.rupiah()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_by_its_words() {
        let of = |name: &str| PayoutQuote {
            name: Some(name.to_owned()),
            ..PayoutQuote::default()
        };
        for (told, expected, fits) in [
            ("RINA WIJAYA", "Rina Wijaya", true),
            ("WIJAYA, RINA", "rina wijaya", true),
            ("RINA", "Rina Wijaya", true),
            ("Sdri. Rina Wijaya", "Rina Wijaya", true),
            ("RINA WIJAYANTI", "Rina Wijaya", false),
            ("BUDI", "Rina Wijaya", false),
            ("", "Rina", false),
            ("RINA", "", false),
        ] {
            assert_eq!(of(told).is_named(expected), Some(fits), "{told} {expected}");
        }
        assert_eq!(PayoutQuote::default().is_named("Rina"), None);
    }
}
