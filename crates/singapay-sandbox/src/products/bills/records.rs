//! Payments that were made. With neither a reference of the merchant's nor a webhook, this is how
//! the end of a payment is learnt.

use serde_json::{Value, json};

use super::{
    catalogue::{Kind, by_code},
    fields::{self, Order},
    record::{Bill, BillStatus},
};
use crate::{
    http::{call::Call, operation::Answer, refusal::Refusal, validate::Fields},
    settings::Quirks,
    state::World,
    wire_time::{self, At},
};

/// No request field sets it.
const PAGE: usize = 10;

pub(super) fn detail(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut order = Order::of(call, &["detail-bill-transaction"]);
    let id = order.data.text("transaction_id", 50);
    order.finish()?;
    let bill = world.bills.find(&id);
    // One digit, as in the published document.
    let bill = bill.ok_or_else(|| Refusal::code(404, "6", "Transaction not found"))?;
    let mut data = row(bill, &world.settings.quirks);
    if let Some(product) = by_code(&bill.product_code) {
        let (code, name) = product.category;
        data["product"]["category"] = json!({"code": code, "name": name});
    }
    Ok(data.into())
}

struct Filter {
    transaction_id: Option<String>,
    customer_id: Option<String>,
    status: Option<String>,
    /// First and last day, as WIB texts that sort by time.
    days: Option<(String, String)>,
}

impl Filter {
    fn read(fields: &mut Fields<'_>) -> Self {
        let [start, end] = ["start_date", "end_date"].map(|field| {
            let text = fields.optional_text(field, 10)?;
            let day = wire_time::parse_date(&text);
            if day.is_none() {
                let label = field.replace('_', " ");
                fields.fail(
                    field,
                    format!("The data.{label} field must match the format Y-m-d."),
                );
            }
            Some(day.map(wire_time::compact_date).unwrap_or_default())
        });
        match (&start, &end) {
            (Some(_), None) => {
                fields.required("end_date");
            }
            (None, Some(_)) => {
                fields.required("start_date");
            }
            _ => {}
        }
        Self {
            transaction_id: fields.optional_text("transaction_id", 50),
            customer_id: fields.optional_text("customer_id", 50),
            status: fields.one_of("status", &BillStatus::WORDS),
            days: start.zip(end),
        }
    }

    fn takes(&self, bill: &Bill) -> bool {
        let is = |wanted: &Option<String>, text: &str| wanted.as_deref().is_none_or(|w| w == text);
        let day = wire_time::compact_date(bill.created_at);
        is(&self.transaction_id, &bill.transaction_id)
            && is(&self.customer_id, &bill.customer_id)
            && is(&self.status, bill.status.word())
            && self
                .days
                .as_ref()
                .is_none_or(|(first, last)| (first..=last).contains(&&day))
    }
}

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (_, mut outer) = fields::command(call, &["list-bill-transaction"]);
    let mut data = if outer.value("data").is_some() {
        outer.member("data")
    } else {
        Fields::empty("data")
    };
    let filter = Filter::read(&mut data);
    let page = data.optional_text("page", 10);
    outer.absorb(data);
    outer.finish()?;
    let page = page.and_then(|text| text.trim().parse::<usize>().ok());
    let page = page.filter(|page| *page > 0).unwrap_or(1);
    let found: Vec<&Bill> = world
        .bills
        .values()
        .rev()
        .filter(|bill| filter.takes(bill))
        .collect();
    let quirks = &world.settings.quirks;
    let rows: Vec<Value> = found
        .iter()
        .skip((page - 1).saturating_mul(PAGE))
        .take(PAGE)
        .map(|bill| row(bill, quirks))
        .collect();
    Ok(json!({
        "bill_transactions": rows,
        "pagination": {
            "current_page": page,
            "last_page": found.len().div_ceil(PAGE).max(1),
            "per_page": PAGE,
            "total": found.len(),
        },
    })
    .into())
}

fn row(bill: &Bill, quirks: &Quirks) -> Value {
    let product = by_code(&bill.product_code);
    let postpaid = product.is_some_and(|product| matches!(product.kind, Kind::Bill { .. }));
    let other_info = if bill.other_info.is_empty() && quirks.empty_maps_are_lists {
        json!([])
    } else {
        json!(bill.other_info)
    };
    let price = bill.price.to_string();
    json!({
        "transaction_id": bill.transaction_id,
        "reference_number": bill.reference_number,
        "customer_id": bill.customer_id,
        "transaction_type": if postpaid { "postpaid" } else { "prepaid" },
        "status": bill.status.word(),
        "inquired_at": bill.inquired_at.map(wire_time::date_time),
        "paid_at": paid_at(bill).map(wire_time::date_time),
        "net_price": price,
        "display_price": {"amount": bill.amount.to_string(), "price": price},
        "other_info": other_info,
        // UTC, while its neighbours are WIB.
        "created_at": wire_time::date_time_utc(bill.created_at),
        "product": {"code": bill.product_code, "name": product.map(|product| product.name)},
    })
}

fn paid_at(bill: &Bill) -> Option<At> {
    (bill.status != BillStatus::Failed).then_some(bill.created_at)
}
