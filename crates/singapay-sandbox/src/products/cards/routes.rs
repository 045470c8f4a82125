//! Card payments with 3-D Secure. Nothing of the card but the masked number outlives the request.

use serde_json::json;

use super::{
    fields::read,
    number::{DONE_AT_ONCE, THREE_D_SECURE, mask, passes_luhn},
    record::{CardPayment, CardStatus},
};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::World,
    wire_time,
};

const SUCCESS: &str = "Successfully";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v2(
        "create_card_payment",
        "POST",
        "/api/v2.0/card/{account_id}/payment",
        SUCCESS,
        create,
    ),
    Operation::v2(
        "cancel_card_payment",
        "PATCH",
        "/api/v2.0/card/{account_id}/cancel/{id}",
        SUCCESS,
        cancel,
    ),
    Operation::v2(
        "get_card_status",
        "GET",
        "/api/v2.0/card/{account_id}/inquiry-status/{id}",
        SUCCESS,
        status,
    ),
];

fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let new = read(call)?;
    let decline = decline(world, account, &new.number, &new.expiry);
    let has_page = new.number == THREE_D_SECURE;
    let time = wire_time::compact_time(world.now);
    let reference_no = match new.reference {
        Some(reference) => reference,
        None => format!("CARD{time}{}", world.random.digits(6)),
    };
    let provider_transaction_id = format!("TXN{time}{}", world.random.digits(4));
    let row = world.cards.insert(CardPayment {
        account,
        transaction_id: format!("99{}", world.random.ulid(world.now)),
        provider_transaction_id,
        reference_no,
        amount: new.amount,
        status: match decline {
            Some(_) => CardStatus::Failed,
            None if has_page => CardStatus::Pending,
            None => CardStatus::Processing,
        },
        card_masked: mask(&new.number),
        installment_month: new.installment_month,
        auth_no: None,
        created_at: world.now,
        decided_at: decline.map(|_| world.now),
    });
    if let Some(message) = decline {
        let id = world.cards.get(row).map(|card| card.transaction_id.clone());
        return Err(Refusal::Code {
            http: 400,
            code: "SP001",
            message: message.to_owned(),
            data: json!({"transaction_id": id}),
        });
    }
    match new.number.as_str() {
        THREE_D_SECURE => {}
        DONE_AT_ONCE => world.capture_card(row),
        _ => world.process_card(row),
    }
    let card = world.cards.get(row).ok_or(Refusal::Bare(500))?;
    let page = format!("{}/3ds/{}", world.settings.base_url, card.transaction_id);
    Ok(json!({
        "transaction_id": card.transaction_id,
        "reference_no": card.reference_no,
        "status": card.status.word(),
        "provider_transaction_id": card.provider_transaction_id,
        "provider_auth_no": card.auth_no,
        "card_masked": card.card_masked,
        "issuing_bank": "BCA",
        "acquiring_bank": "BRI",
        "result_code": "0000",
        "action": if has_page { "redirect" } else { "complete" },
        "requires_3ds": has_page,
        "payment_url": has_page.then_some(page),
    })
    .into())
}

/// The text with which a card is refused; on this product SP001 is final.
fn decline(world: &World, account: u64, number: &str, expiry: &str) -> Option<&'static str> {
    // YYMM; the documented MMYY is refused with this text (seen live).
    let digits = expiry.bytes().all(|b| b.is_ascii_digit());
    let month: u32 = expiry.get(2..).and_then(|mm| mm.parse().ok()).unwrap_or(0);
    if !digits || !(1..=12).contains(&month) || *expiry < *wire_time::yymm(world.now) {
        return Some("Card Expiri Date Check Please.");
    }
    if !passes_luhn(number) {
        return Some("Transaction Failure : Invalid card number");
    }
    let limit = usize::try_from(world.settings.quirks.card_daily_limit?).unwrap_or(usize::MAX);
    let today = wire_time::compact_date(world.now);
    let used = world
        .cards
        .values()
        .rev()
        .take_while(|card| wire_time::compact_date(card.created_at) == today)
        .filter(|card| card.account == account)
        .count();
    (used >= limit).then_some("daily transaction limit count over")
}

/// Only what is not decided yet can be voided. The documented refund of a captured payment was
/// refused every time it was tried (seen live).
fn cancel(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call)?;
    let now = world.now;
    let card = world.cards.get_mut(row).ok_or(Refusal::Bare(500))?;
    if !card.status.is_open() {
        let message = format!(
            "Cannot cancel: transaction status is {}",
            card.status.word()
        );
        return Err(Refusal::code(400, "SP012", &message));
    }
    card.status = CardStatus::Cancelled;
    card.decided_at = Some(now);
    Ok(json!({
        "transaction_id": card.transaction_id,
        "reference_no": card.reference_no,
        // The cancel's own result, not the payment's status.
        "status": "success",
        "cancel_type": "void",
    })
    .into())
}

/// The payment in the path, by any of its ids.
fn named(world: &World, call: &Call) -> Result<u64, Refusal> {
    let account = call.account(world)?;
    world
        .card_row(call.param("id"))
        .filter(|row| {
            world
                .cards
                .get(*row)
                .is_some_and(|card| card.account == account)
        })
        .ok_or_else(Refusal::transaction_not_found)
}

fn status(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call)?;
    let card = world.cards.get(row).ok_or(Refusal::Bare(500))?;
    let decided = card.decided_at.map(wire_time::iso);
    let is = |status: CardStatus| card.status == status;
    let (code, message) = match card.status {
        CardStatus::Success => (Some("0000"), Some("Success")),
        CardStatus::Failed => (Some("9999"), Some("Authentication failed")),
        CardStatus::Pending | CardStatus::Processing | CardStatus::Cancelled => (None, None),
    };
    Ok(json!({
        "transaction_id": card.transaction_id,
        "reference_no": card.reference_no,
        "amount": card.amount,
        "status": card.status.word(),
        "provider_auth_no": card.auth_no,
        "card_masked": card.card_masked,
        "provider_result_code": code,
        "provider_result_message": message,
        "completed_at": decided.clone().filter(|_| is(CardStatus::Success)),
        "failed_at": decided.filter(|_| is(CardStatus::Failed)),
    })
    .into())
}
