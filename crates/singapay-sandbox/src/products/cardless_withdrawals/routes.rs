//! Cardless withdrawals, third generation of the contract.

use std::time::Duration;

use serde_json::{Value, json};

use super::record::{CardlessStatus, CardlessWithdrawal};
use crate::{
    http::{
        call::Call,
        list::{PAGE, page},
        operation::{Answer, Operation, SignatureFailure},
        refusal::Refusal,
        validate::Fields,
    },
    state::World,
    wire_money::money,
    wire_time,
};

const SUCCESS: &str = "Successfully";

pub(super) const OPERATIONS: &[Operation] = &[
    // The failure shape is unknown; the product documents SP codes.
    Operation::v2(
        "create_cardless_withdrawal",
        "POST",
        "/api/v1.0/cardless-withdrawals/create",
        SUCCESS,
        create,
    )
    .signed(SignatureFailure::Listed),
    Operation::v1(
        "list_cardless_withdrawals",
        "GET",
        "/api/v1.0/cardless-withdrawals/transaction/{account_id}",
        list,
    ),
    Operation::v1(
        "get_cardless_withdrawal",
        "GET",
        "/api/v1.0/cardless-withdrawals/transaction/{account_id}/{reference_number}",
        show,
    ),
    Operation::v2(
        "cancel_cardless_withdrawal",
        "POST",
        "/api/v1.0/cardless-withdrawals/cancel",
        SUCCESS,
        cancel,
    ),
];

const STEP: i64 = 50_000;
const LARGEST: i64 = 1_000_000;
/// Vendors that are active here; there is no catalogue operation, and no code is invalid (seen live).
const VENDORS: [&str; 3] = ["CLWD_BRI", "CLWD_BCA", "CLWD_ALTO"];
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 64);
    let reference = fields.text("reference_number", 64);
    let customer_name = fields.text("customer_name", 100);
    let customer_id = fields.text("customer_id", 100);
    let amount = fields.integer("amount", STEP, LARGEST);
    if amount % STEP != 0 {
        fields.fail(
            "amount",
            format!("The amount field must be a multiple of {STEP}."),
        );
    }
    let vendor_code = fields.text("vendor_code", 50);
    fields.finish()?;
    let account = call.own(world, &account_id)?;
    if world
        .cardless_withdrawals
        .find(&CardlessWithdrawal::key(account, &reference))
        .is_some()
    {
        return Err(Refusal::duplicate_reference());
    }
    if world.settings.quirks.cardless_create_fails {
        return Err(Refusal::Bare(500));
    }
    if !VENDORS.contains(&vendor_code.as_str()) {
        return Err(Refusal::code(400, "SP011", "Beneficiary Vendor Not Active"));
    }
    let fees = &world.settings.fees;
    let (vendor_fee, margin) = (fees.cardless_vendor, fees.cardless_margin);
    if world.available(account) < amount + vendor_fee + margin {
        return Err(Refusal::insufficient_balance());
    }
    let time = wire_time::compact_date(world.now);
    let withdrawal = CardlessWithdrawal {
        account,
        transaction_id: format!("CW-{time}-{}", world.random.digits(8)),
        reference,
        customer_name,
        customer_id,
        vendor_code,
        amount,
        vendor_fee,
        margin,
        status: CardlessStatus::Open,
        otp: world.random.digits(6),
        expires_at: world.now.plus(world.settings.delays.cardless_code),
        processed_at: None,
        created_at: world.now,
        updated_at: world.now,
    };
    let row = world.open_cardless(withdrawal);
    let withdrawal = world
        .cardless_withdrawals
        .get(row)
        .ok_or(Refusal::Bare(500))?;
    Ok(json!({
        "transaction_id": withdrawal.transaction_id,
        "reference_number": withdrawal.reference,
        "transaction_status": {"code": "01", "desc": "Initiated"},
        "customer_name": withdrawal.customer_name,
        "customer_id": withdrawal.customer_id,
        "vendor_code": withdrawal.vendor_code,
        "otp_number": withdrawal.otp,
        "expired_at": wire_time::iso(withdrawal.expires_at),
        "gross_amount": money(withdrawal.total()),
        "fee": money(withdrawal.vendor_fee + withdrawal.margin),
        "net_amount": money(withdrawal.amount),
        // Not the real balance, always.
        "balance_after": "0",
    })
    .into())
}

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let rows: Vec<_> = world
        .cardless_withdrawals
        .iter()
        .rev()
        .filter(|(_, withdrawal)| withdrawal.account == account)
        .take_while(|(_, withdrawal)| world.now.since(withdrawal.created_at) <= YEAR)
        .collect();
    Ok(page(world, call, rows, PAGE, |(row, withdrawal)| {
        view(row, withdrawal)
    }))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let key = CardlessWithdrawal::key(account, call.param("reference_number"));
    let found = world
        .cardless_withdrawals
        .row_of(&key)
        .and_then(|row| Some((row, world.cardless_withdrawals.get(row)?)));
    found
        .map(|(row, withdrawal)| view(row, withdrawal).into())
        .ok_or_else(|| Refusal::v1(404, "Cardless withdrawal not found"))
}

fn cancel(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 64);
    let reference = fields.text("reference_number", 64);
    fields.text("reason", 100);
    fields.finish()?;
    let account = call.own(world, &account_id)?;
    let row = world
        .cardless_withdrawals
        .row_of(&CardlessWithdrawal::key(account, &reference))
        .ok_or_else(Refusal::transaction_not_found)?;
    if world.end_cardless(row, CardlessStatus::Canceled).is_err() {
        let word = world
            .cardless_withdrawals
            .get(row)
            .map_or("", |withdrawal| withdrawal.status.word());
        let message = format!("Cannot cancel: transaction status is {word}");
        return Err(Refusal::code(400, "SP012", &message));
    }
    let withdrawal = world
        .cardless_withdrawals
        .get(row)
        .ok_or(Refusal::Bare(500))?;
    Ok(json!({
        "transaction_id": withdrawal.transaction_id,
        "reference_number": withdrawal.reference,
        "transaction_status": {"code": "05", "desc": "Canceled"},
    })
    .into())
}

/// Another shape than create answers, with bare numbers.
fn view(row: u64, withdrawal: &CardlessWithdrawal) -> Value {
    json!({
        "id": row,
        "transaction_id": withdrawal.transaction_id,
        "reference_number": withdrawal.reference,
        "customer_name": withdrawal.customer_name,
        "customer_id": withdrawal.customer_id,
        "status": withdrawal.status.word(),
        "otp_expired_at": wire_time::iso(withdrawal.expires_at),
        "amount": withdrawal.amount,
        // The margin only; `total_paid` has the vendor's fee too.
        "fee": withdrawal.margin,
        "vendor_fee": withdrawal.vendor_fee,
        "total_paid": withdrawal.total(),
        "transaction_type": "withdrawal",
        "location": (withdrawal.status == CardlessStatus::Success).then_some("ATM Jakarta"),
        "processed_at": withdrawal.processed_at.map(wire_time::iso),
        "created_at": wire_time::iso(withdrawal.created_at),
        "updated_at": wire_time::iso(withdrawal.updated_at),
    })
}
