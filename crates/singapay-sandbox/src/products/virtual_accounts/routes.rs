//! Virtual accounts.

use serde_json::{Value, json};

use super::{
    fields::{Words, terms},
    record::{VA_BANKS, VaAmount, VirtualAccount},
};
use crate::{
    http::{
        call::Call,
        filter::Filter,
        list::{PAGE, page, per_page},
        operation::{Answer, Operation},
        refusal::Refusal,
        validate::Fields,
    },
    state::World,
    wire_money::money,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_virtual_accounts",
        "GET",
        "/api/v1.0/virtual-accounts/{account_id}",
        list,
    ),
    Operation::v1(
        "create_virtual_account",
        "POST",
        "/api/v1.0/virtual-accounts/{account_id}",
        create,
    ),
    Operation::v1(
        "get_virtual_account",
        "GET",
        "/api/v1.0/virtual-accounts/{account_id}/{virtual_account_id}",
        show,
    ),
    Operation::v1(
        "update_virtual_account",
        "PUT",
        "/api/v1.0/virtual-accounts/{account_id}/{virtual_account_id}",
        update,
    ),
    Operation::v1(
        "delete_virtual_account",
        "DELETE",
        "/api/v1.0/virtual-accounts/{account_id}/{virtual_account_id}",
        delete,
    ),
];

const STATUSES: [&str; 3] = ["active", "inactive", "expired"];

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let filter = Filter(call);
    let rows: Vec<&VirtualAccount> = world
        .virtual_accounts
        .values()
        .rev()
        .filter(|va| va.account == account)
        .filter(|va| {
            let reference = va.merchant_reff_no.as_deref().unwrap_or_default();
            filter.part("merchant_reff_no", reference)
        })
        .collect();
    Ok(page(world, call, rows, per_page(call).min(PAGE), view))
}

fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.active_account(world)?;
    let mut fields = Fields::of(&call.body);
    let bank_code = fields.text("bank_code", 20);
    let bank = VA_BANKS.iter().find(|bank| bank.code == bank_code);
    if bank.is_none() && !bank_code.is_empty() {
        fields.invalid("bank_code");
    }
    fields.required("kind");
    let kind = fields.one_of("kind", &["temporary", "permanent"]);
    let kind = kind.unwrap_or_default();
    let amount_type = fields.one_of("amount_type", &["closed", "open"]);
    let is_open = amount_type.as_deref() == Some("open");
    let most = bank.map_or(i64::MAX, |bank| bank.most);
    let is_temporary = kind == "temporary";
    let terms = terms(
        &mut fields,
        world.now,
        Words::Framework,
        is_open,
        is_temporary,
        most,
    );
    let name = fields.optional_text("name", 255);
    let merchant_reff_no = fields.optional_text("merchant_reff_no", 255);
    fields.finish()?;
    let bank = bank.ok_or(Refusal::Bare(500))?;
    let va = VirtualAccount {
        account,
        id: world.random.ulid(world.now),
        number: world.va_number(bank),
        bank_code,
        kind,
        amount: terms.amount,
        status: "active".to_owned(),
        current_usage: 0,
        max_usage: terms.max_usage,
        expired_at: terms.expired_at,
        end_was_told: false,
        name,
        merchant_reff_no,
    };
    let data = view(&va);
    world.sweep_after(va.expired_at);
    world.virtual_accounts.insert(va);
    Ok(data.into())
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call)?;
    let va = world.virtual_accounts.get(row).ok_or(Refusal::Bare(500))?;
    Ok(view(va).into())
}

/// Replaces all that can be changed: what belongs to its kind has to be said again, also if it
/// stays as it is (seen live).
fn update(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call)?;
    let now = world.now;
    let va = world
        .virtual_accounts
        .get_mut(row)
        .ok_or(Refusal::Bare(500))?;
    let mut fields = Fields::of(&call.body);
    if fields.value("status").is_none() {
        fields.fail("status", "Status is required");
    }
    let status = fields.one_of("status", &STATUSES).unwrap_or_default();
    let is_open = matches!(va.amount, VaAmount::Open { .. });
    let is_temporary = va.kind == "temporary";
    let most = va.bank().most;
    let terms = terms(&mut fields, now, Words::Own, is_open, is_temporary, most);
    let used = va.current_usage;
    if terms.max_usage.is_some_and(|max| max > 0 && max < used) {
        fields.fail(
            "max_usage",
            format!("The max usage field must be at least {used}."),
        );
    }
    let name = fields.optional_text("name", 255);
    fields.finish()?;
    va.status = status;
    va.amount = terms.amount;
    va.max_usage = terms.max_usage;
    va.expired_at = terms.expired_at;
    va.end_was_told = false;
    if name.is_some() {
        va.name = name;
    }
    let data = view(va);
    world.sweep_after(terms.expired_at);
    Ok(data.into())
}

/// For good; refused once there was a transaction.
fn delete(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call)?;
    let mut transactions = world.va_transactions.values();
    if transactions.any(|transaction| transaction.virtual_account == row) {
        let message = "This Virtual Account has have transactions";
        return Err(Refusal::v1(403, message));
    }
    world.virtual_accounts.remove(row);
    Ok(json!({"message": "Virtual Account delete successfully"}).into())
}

/// The one in the path, which must be the account's; its number is no id.
fn named(world: &World, call: &Call) -> Result<u64, Refusal> {
    let account = call.account(world)?;
    let id = call.param("virtual_account_id");
    world
        .virtual_accounts
        .row_of(id)
        .filter(|row| {
            world
                .virtual_accounts
                .get(*row)
                .is_some_and(|va| va.account == account && va.id == id)
        })
        .ok_or_else(|| Refusal::v1(404, "Virtual Account not found"))
}

/// Nothing in it is computed: what is past its time still says `active` (seen live).
fn view(va: &VirtualAccount) -> Value {
    let bank = va.bank();
    let (amount, least, most) = match va.amount {
        VaAmount::Closed(amount) => (amount, None, None),
        VaAmount::Open { least, most } => (0, Some(least), Some(most)),
    };
    json!({
        "id": va.id,
        "number": va.number,
        "code": format!("VA_{}", bank.code),
        "bank": {
            "short_name": bank.short_name,
            "number": bank.number,
            "swift_code": bank.swift,
        },
        "amount": money(amount),
        "amount_type": va.amount.word(),
        "min_amount": least.map(money),
        "max_amount": most.map(money),
        "status": va.status,
        "kind": va.kind,
        "current_usage": va.current_usage,
        "expired_at": va.expired_at.map(|at| at.0),
        "name": va.name,
        "merchant_reff_no": va.merchant_reff_no,
    })
}
