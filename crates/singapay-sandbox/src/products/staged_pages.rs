//! A world in which every page is there in each of its states, with one text in every field that a
//! person fills in.

use std::time::Duration;

use serde_json::{Map, json};

use crate::{
    customer::PaymentOutcome,
    http::page::Page,
    products::{
        PARTS,
        cards::record::{CardPayment, CardStatus},
        direct_debits::record::{Binding, BindingStatus},
        ewallets::record::EwalletPayment,
        payment_link_histories::record::LinkAttempt,
        payment_links::record::{Customer, Item, METHODS, PaymentLink},
        plans::record::{Plan, PlanStatus, Prorated, RetryPolicy, Schedule},
    },
    seed::{AccountSeed, Seed, furnish},
    settings::Settings,
    state::World,
    wire_time::At,
};

const NOW: At = At(1_787_280_000_000);
const EARLIER: At = At(NOW.0 - 60_000);

/// One page as it is to be shown.
pub(crate) struct Staged {
    pub(crate) page: &'static Page,
    pub(crate) name: String,
    /// As the mark-up has it.
    pub(crate) state: &'static str,
}

struct Stage<'a> {
    world: World,
    text: &'a str,
    account: u64,
    pages: Vec<Staged>,
}

pub(crate) fn staged(text: &str) -> (World, Vec<Staged>) {
    let mut world = World::new(NOW, Settings::default(), 1, Vec::new());
    let seed = Seed {
        accounts: vec![AccountSeed::named(text)],
        ..Seed::default()
    };
    furnish(&mut world, seed).unwrap();
    let account = world.accounts.iter().next().unwrap().0;
    let mut stage = Stage {
        world,
        text,
        account,
        pages: Vec::new(),
    };
    stage.links();
    stage.attempts();
    stage.wallets();
    stage.cards();
    stage.bindings();
    stage.plans();
    (stage.world, stage.pages)
}

impl Stage<'_> {
    fn show(&mut self, path: &str, name: String, state: &'static str) {
        let mut pages = PARTS.iter().flat_map(|part| part.pages);
        let page = pages.find(|page| page.path == path).unwrap();
        self.pages.push(Staged { page, name, state });
    }

    fn url(&self) -> Option<String> {
        Some(format!("https://shop.example/{}", self.text))
    }

    fn link(&self, number: usize) -> PaymentLink {
        let text = || self.text.to_owned();
        PaymentLink {
            account: self.account,
            reff_no: format!("{number}{}", self.text),
            title: text(),
            description: Some(text()),
            source: "api v1".to_owned(),
            status: "open".to_owned(),
            required_customer_detail: true,
            required_customer_number: None,
            required_customer_email: None,
            max_usage: 1,
            current_usage: 0,
            expired_at: Some(NOW.plus(Duration::from_secs(3600))),
            end_was_told: false,
            total_amount: 1_250_000,
            items: vec![Item {
                name: text(),
                quantity: 2,
                unit_price: 625_000,
            }],
            whitelist: METHODS
                .iter()
                .map(|(code, ..)| (*code).to_owned())
                .collect(),
            redirect_url: self.url(),
            expired_redirect_url: self.url(),
            customer: Customer {
                name: text(),
                email: text(),
                phone: text(),
            },
            optional_metadata: Map::new(),
            payment_date: None,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    fn links(&mut self) {
        let path = "/b2b/{reff_no}";
        for (number, status, used, end, state) in [
            (0, "open", 0, None, "open"),
            (1, "closed", 1, None, "done"),
            (2, "closed", 0, None, "closed"),
            (3, "open", 0, Some(EARLIER), "expired"),
        ] {
            let mut link = self.link(number);
            link.status = status.to_owned();
            link.current_usage = used;
            link.expired_at = end.or(link.expired_at);
            let name = link.reff_no.clone();
            self.world.links.insert(link);
            self.show(path, name, state);
        }
    }

    fn attempt(&mut self, link: PaymentLink, method: &str, status: &str, state: &'static str) {
        let link = self.world.links.insert(link);
        let reff_no = format!("attempt {link}");
        self.world.attempts.insert(LinkAttempt {
            link,
            account: self.account,
            reff_no: reff_no.clone(),
            method: method.to_owned(),
            method_value: self.text.to_owned(),
            additional: None,
            amount: 1_250_000,
            status: status.to_owned(),
            payment_date: (state == "done").then_some(NOW),
            balance_after: None,
            customer: Customer::default(),
            expired_at: NOW.plus(Duration::from_secs(60)),
            created_at: NOW,
            updated_at: NOW,
        });
        self.show("/b2b/attempt/{reff_no}", reff_no, state);
    }

    fn attempts(&mut self) {
        for (at, (method, ..)) in METHODS.iter().enumerate() {
            self.attempt(self.link(100 + at), method, "pending", "open");
        }
        self.attempt(self.link(200), "QRIS", "paid", "done");
        self.attempt(self.link(201), "QRIS", "expired", "expired");
        self.attempt(self.link(204), "QRIS", "failed", "failed");
        let mut late = self.link(202);
        late.expired_at = Some(EARLIER);
        self.attempt(late, "QRIS", "pending", "expired");
        let mut closed = self.link(203);
        closed.status = "closed".to_owned();
        self.attempt(closed, "QRIS", "pending", "closed");
    }

    fn wallets(&mut self) {
        let later = NOW.plus(Duration::from_secs(60));
        for (status, at_vendor, end, state) in [
            ("open", None, later, "open"),
            ("open", Some(PaymentOutcome::Paid), later, "waiting"),
            ("open", Some(PaymentOutcome::Failed), later, "failed"),
            ("success", Some(PaymentOutcome::Paid), later, "done"),
            ("failed", Some(PaymentOutcome::Failed), later, "failed"),
            ("open", None, EARLIER, "expired"),
        ] {
            let reff_no = format!("E{}", self.pages.len());
            self.world.ewallet_payments.insert(EwalletPayment {
                account: self.account,
                reff_no: reff_no.clone(),
                merchant_reff_no: None,
                vendor: "EWALLET_DANA".to_owned(),
                vendor_reference_no: String::new(),
                amount: 50_000,
                fee: 0,
                status: status.to_owned(),
                at_vendor,
                customer_name: None,
                customer_email: None,
                customer_phone: None,
                redirect_url: self.url(),
                expired_at: end,
                paid_at: None,
                events: 0,
                created_at: NOW,
                updated_at: NOW,
            });
            self.show("/ewallet/{reff_no}", reff_no, state);
        }
    }

    fn cards(&mut self) {
        for (status, state) in [
            (CardStatus::Pending, "open"),
            (CardStatus::Processing, "waiting"),
            (CardStatus::Success, "done"),
            (CardStatus::Failed, "failed"),
            (CardStatus::Cancelled, "closed"),
        ] {
            let transaction_id = format!("C{}", self.pages.len());
            self.world.cards.insert(CardPayment {
                account: self.account,
                transaction_id: transaction_id.clone(),
                provider_transaction_id: String::new(),
                reference_no: self.text.to_owned(),
                amount: 50_000,
                status,
                card_masked: self.text.to_owned(),
                installment_month: None,
                auth_no: None,
                created_at: NOW,
                decided_at: None,
            });
            self.show("/3ds/{id}", transaction_id, state);
        }
    }

    fn bindings(&mut self) {
        for (status, state, bank) in [
            (BindingStatus::PendingAuth, "open", None),
            (BindingStatus::PendingAuth, "open", Some("014")),
            (BindingStatus::Active, "done", Some(self.text)),
            (BindingStatus::Failed, "failed", Some("014")),
            (BindingStatus::Expired, "expired", Some("014")),
            (BindingStatus::Unbound, "closed", Some("014")),
        ] {
            let page = format!("D{}", self.pages.len());
            self.world.bindings.insert(Binding {
                binding_id: page.clone(),
                customer_ref: self.text.to_owned(),
                bank_code: bank.map(str::to_owned),
                masked_card: bank.map(|_| self.text.to_owned()),
                status,
                payment_otp_mode: "WITH_OTP".to_owned(),
                page: page.clone(),
                expires_at: NOW.plus(Duration::from_secs(60)),
                failure_reason: None,
                leads_to: [self.url(), self.url()],
                handoff: None,
                unbound_at: None,
                created_at: NOW,
                updated_at: NOW,
            });
            self.show("/dd/bind/{page}", page, state);
        }
    }

    fn plans(&mut self) {
        for (status, state) in [
            (PlanStatus::PendingCardLinking, "open"),
            (PlanStatus::PendingPayment, "done"),
            (PlanStatus::Active, "done"),
            (PlanStatus::Suspended, "failed"),
            (PlanStatus::Cancelled, "closed"),
            (PlanStatus::Completed, "closed"),
        ] {
            let page = format!("P{}", self.pages.len());
            let plan = self.plan(&page, status, None);
            self.world.plans.insert(plan);
            self.show("/sub/{page}", page, state);
        }
        for (paid, state) in [(false, "open"), (true, "done")] {
            let page = format!("P{}", self.pages.len());
            let bill_id = format!("PR{}", self.pages.len());
            let plan = self.plan(
                &page,
                PlanStatus::Active,
                Some(Prorated {
                    bill_id: bill_id.clone(),
                    amount: 50_000,
                    paid,
                }),
            );
            self.world.plans.insert(plan);
            self.show("/sub/bill/{bill_id}", bill_id, state);
        }
    }

    fn plan(&self, page: &str, status: PlanStatus, prorated: Option<Prorated>) -> Plan {
        Plan {
            account: self.account,
            plan_id: page.to_owned(),
            subscription_id: page.to_owned(),
            name: self.text.to_owned(),
            amount: 150_000,
            items: Some(json!([
                {"item_name": self.text, "quantity": 1, "unit_price": 150_000}
            ])),
            description: Some(self.text.to_owned()),
            schedule: Schedule {
                interval: 1,
                unit: "month".to_owned(),
                total: None,
                start_time: NOW,
            },
            retry: RetryPolicy {
                max_attempts: 0,
                interval_days: 1,
                stops: false,
            },
            charge_immediately: false,
            status,
            page: page.to_owned(),
            parent_plan_id: None,
            prorated,
            cancellation_reason: None,
            cycle: 1,
            anchor: (1, NOW),
            previous_at: None,
            next_at: None,
            bill: None,
            card_declines: false,
            created_at: NOW,
        }
    }
}
