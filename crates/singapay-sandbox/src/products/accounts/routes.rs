//! Sub-accounts.

use serde_json::{Value, json};

use crate::{
    http::{
        call::Call,
        list::{PAGE, page},
        operation::{Answer, Operation},
        refusal::Refusal,
        validate::{Fields, is_email},
    },
    state::{Account, World},
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1("list_accounts", "GET", "/api/v1.0/accounts", list),
    Operation::v1("create_account", "POST", "/api/v1.0/accounts", create),
    Operation::v1(
        "get_account",
        "GET",
        "/api/v1.0/accounts/{account_id}",
        show,
    ),
    Operation::v1(
        "update_account",
        "PATCH",
        "/api/v1.0/accounts/update/{account_id}",
        update,
    ),
    Operation::v1(
        "delete_account",
        "DELETE",
        "/api/v1.0/accounts/{account_id}",
        delete,
    ),
];

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let rows: Vec<&Account> = world
        .accounts
        .iter()
        .rev()
        .filter(|(row, _)| world.credential_of(*row) == Some(call.credential))
        .map(|(_, account)| account)
        .collect();
    Ok(page(world, call, rows, PAGE, view))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = call.account(world)?;
    world
        .accounts
        .get(row)
        .map(|account| view(account).into())
        .ok_or(Refusal::AccountNotFound)
}

fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let name = name(&mut fields, true).unwrap_or_default();
    let kind = fields
        .optional_text("account_type", 30)
        .unwrap_or_else(|| "owned".to_owned());
    if !["owned", "personal_managed", "business_managed"].contains(&kind.as_str()) {
        fields.invalid("account_type");
    }
    let members = members(&mut fields, world).unwrap_or_default();
    fields.finish()?;
    let business = kind == "business_managed";
    let onboarding = format!("{}/kyb/{}", world.settings.base_url, world.random.token(32));
    let specific = world
        .credentials
        .get(call.credential)
        .is_some_and(|c| !c.is_default);
    let account = Account {
        id: world.random.ulid(world.now),
        number: world.random.digits(12),
        name,
        active: !business,
        account_type: kind,
        kyb_status: business.then(|| "kyb_in_review".to_owned()),
        kyb_onboarding_url: business.then_some(onboarding),
        invite_members: members,
        credential: specific.then_some(call.credential),
        available: 0,
        pending: 0,
        held: 0,
    };
    let answer = view(&account);
    world.accounts.insert(account);
    Ok(answer.into())
}

fn update(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let name = name(&mut fields, false);
    let status = fields.optional_text("status", 20);
    if status
        .as_deref()
        .is_some_and(|word| !["active", "inactive"].contains(&word))
    {
        fields.invalid("status");
    }
    let members = members(&mut fields, world);
    if name.is_none() && status.is_none() && members.is_none() {
        fields.fail(
            "name",
            "At least one of name, status, invite members is required.",
        );
    }
    fields.finish()?;
    let account = world
        .accounts
        .get_mut(row)
        .ok_or(Refusal::AccountNotFound)?;
    let activate = status.as_deref() == Some("active");
    if activate
        && account
            .kyb_status
            .as_deref()
            .is_some_and(|kyb| kyb != "kyb_verified")
    {
        return Err(Refusal::v1(403, "Account KYB is not approved"));
    }
    if let Some(name) = name {
        account.name = name;
    }
    if status.is_some() {
        account.active = activate;
    }
    if let Some(members) = members {
        account.invite_members = members;
    }
    Ok(view(account).into())
}

/// Refused while it holds a balance or has any transaction.
fn delete(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = call.account(world)?;
    if world.has_history(row) {
        return Err(Refusal::v1(400, "Account has existing transactions"));
    }
    world.accounts.remove(row);
    Ok(json!({"message": "Account deleted successfully"}).into())
}

/// Exactly the eleven fields that were seen live.
fn view(account: &Account) -> Value {
    json!({
        "id": account.id,
        "account_number": account.number,
        "name": account.name,
        "status": if account.active { "active" } else { "inactive" },
        "account_type": account.account_type,
        "kyb_status": account.kyb_status,
        "business_type": null,
        "legal_name": null,
        "brand_name": null,
        "kyb_onboarding_url": account.kyb_onboarding_url,
        "invite_members": account.invite_members,
    })
}

fn name(fields: &mut Fields<'_>, required: bool) -> Option<String> {
    if required {
        fields.required("name");
    }
    let name = fields.optional_text("name", 100)?;
    if name.chars().count() < 3 {
        fields.fail("name", "The name field must be at least 3 characters.");
    }
    Some(name)
}

fn members(fields: &mut Fields<'_>, world: &World) -> Option<Vec<String>> {
    let Some(list) = fields.value("invite_members")?.as_array() else {
        fields.fail(
            "invite_members",
            "The invite members field must be an array.",
        );
        return None;
    };
    if list.len() > 50 {
        fields.fail(
            "invite_members",
            "The invite members field must not have more than 50 items.",
        );
    }
    let mut members = Vec::new();
    for (at, entry) in list.iter().enumerate() {
        let mail = entry.as_str().unwrap_or_default();
        if world.settings.members.iter().any(|known| known == mail) {
            members.push(mail.to_owned());
        } else if is_email(mail) {
            fields.invalid(&format!("invite_members.{at}"));
        } else {
            fields.no_email(&format!("invite_members.{at}"));
        }
    }
    Some(members)
}
