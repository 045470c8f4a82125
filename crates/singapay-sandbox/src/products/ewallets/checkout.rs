//! Opening a payment, in both versions. Success only says that the customer can pay now.

use super::{
    record::{EwalletPayment, WALLETS, Wallet},
    view::shown,
};
use crate::{
    http::{
        call::Call, expiry::expiry_date, operation::Answer, refusal::Refusal, validate::Fields,
    },
    state::World,
    wire_time::At,
};

/// For people, in the language of the wallet's customers; it carries no code (seen live).
const NO_WALLET: &str =
    "Nomor HP tidak terdaftar di aplikasi OVO. Pastikan nomor HP yang dimasukkan sudah terdaftar.";

/// A payment that the customer is asked for.
struct Order {
    wallet: &'static Wallet,
    amount: i64,
    expired_at: Option<At>,
    merchant_reff_no: Option<String>,
    customer_name: Option<String>,
    customer_email: Option<String>,
    customer_phone: Option<String>,
    redirect_url: Option<String>,
}

pub(super) fn create_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.active_account(world)?;
    let order = order(Fields::of(&call.body), world.now)?;
    open(world, account, order)
}

pub(super) fn create_v2(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 64);
    let order = order(fields, world.now)?;
    let account = call.own(world, &account_id)?;
    if !world.accounts.get(account).is_some_and(|a| a.active) {
        return Err(Refusal::code(403, "SP015", "Account is not active"));
    }
    open(world, account, order)
}

fn order(mut fields: Fields<'_>, now: At) -> Result<Order, Refusal> {
    let amount = fields.integer("amount", 1_000, 20_000_000);
    let vendor = fields.text("ewallet_vendor", 255);
    let wallet = WALLETS.iter().find(|wallet| wallet.code == vendor);
    if wallet.is_none() && !vendor.is_empty() {
        fields.invalid("ewallet_vendor");
    }
    let expired_at = expiry_date(&mut fields, now);
    let merchant_reff_no = fields.optional_text("merchant_reff_no", 255);
    let customer_name = fields.optional_text("customer_name", 255);
    let customer_email = fields
        .value("customer_email")
        .map(|_| fields.email("customer_email", 255));
    let customer_phone = fields.optional_text("customer_phone", 20);
    if vendor == "EWALLET_OVO" && fields.value("customer_phone").is_none() {
        fields.fail(
            "customer_phone",
            "The customer phone field is required when ewallet vendor is EWALLET_OVO.",
        );
    }
    let redirect_url = fields.url("merchant_redirect_url", 2048);
    fields.finish()?;
    Ok(Order {
        wallet: wallet.ok_or(Refusal::Bare(500))?,
        amount,
        expired_at,
        merchant_reff_no,
        customer_name,
        customer_email,
        customer_phone,
        redirect_url,
    })
}

fn open(world: &mut World, account: u64, order: Order) -> Result<Answer, Refusal> {
    let phone = order.customer_phone.as_deref().unwrap_or_default();
    // Numbers that begin with 0899 have no wallet; the sandbox's own convention.
    if !order.wallet.has_page && phone.starts_with("0899") {
        return Err(Refusal::v1(400, NO_WALLET));
    }
    let now = world.now;
    let lifetime = world.settings.delays.ewallet_checkout;
    let vendor = order.wallet.code;
    let name = vendor.trim_start_matches("EWALLET_");
    let row = world.ewallet_payments.insert(EwalletPayment {
        account,
        reff_no: format!("EWT{}", world.random.ulid(now)),
        merchant_reff_no: order.merchant_reff_no,
        vendor: vendor.to_owned(),
        vendor_reference_no: format!("{name}-REF-{}", world.random.digits(9)),
        amount: order.amount,
        fee: order.amount * world.settings.fees.ewallet_basis_points / 10_000,
        status: "open".to_owned(),
        at_vendor: None,
        customer_name: order.customer_name,
        customer_email: order.customer_email,
        customer_phone: order.customer_phone,
        redirect_url: order.redirect_url,
        expired_at: order.expired_at.unwrap_or_else(|| now.plus(lifetime)),
        paid_at: None,
        events: 0,
        created_at: now,
        updated_at: now,
    });
    shown(world, row)
}
