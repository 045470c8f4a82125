//! The pages of a subscription: giving a card, and paying the difference to a dearer plan.

use maud::{Markup, html};
use serde_json::Value;

use super::record::{Plan, PlanStatus};
use crate::{
    http::page::{
        Frame, Page, PageState, Row, Sent, Visit, card_fields, moment, refusal, rupiah, sandbox,
        shop, summary, test_card,
    },
    state::World,
};

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/sub/{page}",
        show: show_plan,
        send: link_card,
    },
    Page {
        path: "/sub/bill/{bill_id}",
        show: show_bill,
        send: pay_bill,
    },
];

fn show_plan(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let plan = world.plans.find(&Plan::page_key(visit.name))?;
    Some(plan_page(world, visit, plan, &Markup::default()))
}

/// The customer sends a card number, which is forgotten at once.
fn link_card(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.plans.row_of(&Plan::page_key(visit.name))?;
    let number = visit.field("card_number").unwrap_or_default();
    let linked = world.link_card(row, &number);
    let note = refusal(visit, &linked);
    let plan = world.plans.get(row)?;
    Some(Sent::Page(plan_page(world, visit, plan, &note)))
}

fn plan_page(world: &World, visit: &Visit<'_>, plan: &Plan, note: &Markup) -> Markup {
    let state = match plan.status {
        PlanStatus::PendingCardLinking => PageState::Open,
        PlanStatus::PendingPayment | PlanStatus::Active => PageState::Done,
        PlanStatus::Suspended => PageState::Failed,
        PlanStatus::Cancelled | PlanStatus::Completed => PageState::Closed,
    };
    let task = html! {
        (note)
        @if state == PageState::Open {
            h2 { (visit.say("Pay by card", "Bayar dengan kartu")) }
            (card_form(visit, visit.say("Start the subscription", "Mulai langganan")))
        }
        @if state == PageState::Done {
            details {
                summary { (visit.say("Use another card", "Gunakan kartu lain")) }
                (card_form(visit, visit.say("Change the card", "Ganti kartu")))
            }
        }
        (sandbox(visit, plan.status.word(), &cards(visit, state)))
    };
    let mut frame = Frame::new(&plan.name, state);
    frame.told = told(visit, plan.status);
    frame.around(visit, &terms(world, visit, plan), &task)
}

/// What is charged, and when.
fn terms(world: &World, visit: &Visit<'_>, plan: &Plan) -> Markup {
    let shop = shop(world, plan.account);
    let schedule = &plan.schedule;
    let is_one = schedule.interval == 1;
    let unit = match schedule.unit.as_str() {
        "day" => visit.say(if is_one { "day" } else { "days" }, "hari"),
        "week" => visit.say(if is_one { "week" } else { "weeks" }, "minggu"),
        "month" => visit.say(if is_one { "month" } else { "months" }, "bulan"),
        _ => visit.say(if is_one { "year" } else { "years" }, "tahun"),
    };
    html! {
        (summary(visit, shop, &plan.name, plan.amount, &rows(plan)))
        @if let Some(description) = &plan.description {
            p.clamp dir="auto" { (description) }
        }
        dl {
            dt { (visit.say("Charged every", "Ditagih setiap")) }
            dd { (schedule.interval) " " (unit) }
            dt { (visit.say("Number of charges", "Jumlah tagihan")) }
            dd {
                @match schedule.total {
                    Some(total) => { (total) }
                    None => { (visit.say("until cancelled", "sampai dibatalkan")) }
                }
            }
            @let next = plan.next_at.unwrap_or(schedule.start_time);
            @if !plan.status.is_final() {
                dt { (visit.say("Next charge", "Tagihan berikutnya")) }
                dd { (moment(visit, next)) }
            }
        }
    }
}

/// The items as they were sent.
fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let items = plan.items.as_ref().and_then(Value::as_array);
    items.into_iter().flatten().map(row).collect()
}

fn row(item: &Value) -> Row<'_> {
    let number = |name: &str| item[name].as_i64().unwrap_or_default();
    Row {
        name: item["item_name"].as_str().unwrap_or_default(),
        quantity: number("quantity"),
        unit_price: number("unit_price"),
    }
}

fn card_form(visit: &Visit<'_>, deed: &str) -> Markup {
    html! {
        form method="post" {
            (card_fields(visit))
            button.primary { (deed) }
        }
    }
}

fn cards(visit: &Visit<'_>, state: PageState) -> Markup {
    html! {
        @if matches!(state, PageState::Open | PageState::Done) {
            (test_card(visit))
            p {
                (visit.say("A card that is declined:", "Kartu yang ditolak:")) " "
                code { "4000 0000 0000 0002" } "."
            }
        }
    }
}

fn told(visit: &Visit<'_>, status: PlanStatus) -> Option<(&'static str, &'static str)> {
    Some(match status {
        PlanStatus::PendingCardLinking => return None,
        PlanStatus::PendingPayment | PlanStatus::Active => (
            visit.say("Subscription active", "Langganan aktif"),
            visit.say(
                "Thank you. Your card is charged automatically.",
                "Terima kasih. Kartu Anda ditagih secara otomatis.",
            ),
        ),
        PlanStatus::Suspended => (
            visit.say("Subscription suspended", "Langganan ditangguhkan"),
            visit.say("Your card was declined.", "Kartu Anda ditolak."),
        ),
        PlanStatus::Cancelled => (
            visit.say("Subscription cancelled", "Langganan dibatalkan"),
            visit.say("Nothing more is charged.", "Tidak ada tagihan lagi."),
        ),
        PlanStatus::Completed => (
            visit.say("Subscription completed", "Langganan selesai"),
            visit.say("Nothing more is charged.", "Tidak ada tagihan lagi."),
        ),
    })
}

fn show_bill(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let plan = world.plans.find(&Plan::bill_key(visit.name))?;
    bill_page(world, visit, plan, &Markup::default())
}

fn pay_bill(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.plans.row_of(&Plan::bill_key(visit.name))?;
    let paid = world.pay_prorated(row);
    let note = refusal(visit, &paid);
    let plan = world.plans.get(row)?;
    bill_page(world, visit, plan, &note).map(Sent::Page)
}

fn bill_page(world: &World, visit: &Visit<'_>, plan: &Plan, note: &Markup) -> Option<Markup> {
    let prorated = plan.prorated.as_ref()?;
    let shop = shop(world, plan.account);
    let (state, status) = match prorated.paid {
        true => (PageState::Done, "paid"),
        false => (PageState::Open, "pending"),
    };
    let summary = html! {
        (summary(visit, shop, &plan.name, prorated.amount, &[]))
        p {
            (visit.say(
                "The difference to your new subscription, paid once.",
                "Selisih ke langganan baru Anda, dibayar satu kali.",
            ))
        }
    };
    let task = html! {
        (note)
        @if state == PageState::Open {
            form method="post" {
                button.primary { (visit.say("Pay ", "Bayar ")) (rupiah(prorated.amount)) }
            }
        }
        (sandbox(visit, status, &Markup::default()))
    };
    Some(Frame::new(&plan.name, state).around(visit, &summary, &task))
}
