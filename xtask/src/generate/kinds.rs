//! Makes the kinds of webhook events: names, marks and essential members, and the typed bodies.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    document::{members, text},
    error::{Error, Result},
    generate::{STEP, source},
    metadata::{EXTENSION, Effect, EventAmounts, EventMetadata, EventResource},
    output::Output,
};

struct Event<'a> {
    name: &'a str,
    kind: Ident,
    body: Ident,
    docs: TokenStream,
    sample: Option<String>,
    metadata: EventMetadata,
}

/// The file of kinds in `folder`.
pub(crate) fn output(folder: &str, document: &Value) -> Result<Output> {
    let events = members(document, "x-singapay-events");
    let events = events.map(|(name, event)| Event::read(name, event));
    let events = events.collect::<Result<Vec<_>>>()?;
    Error::collect(STEP, findings(&events))?;
    source::rust(format!("{folder}/kinds.rs"), file(&events))
}

impl<'a> Event<'a> {
    fn read(name: &'a str, event: &'a Value) -> Result<Self> {
        let mut metadata = match event.get(EXTENSION) {
            Some(metadata) => EventMetadata::deserialize(metadata)
                .map_err(|error| Error::new(STEP, format_args!("event {name}: {error}")))?,
            None => EventMetadata::default(),
        };
        for member in &mut metadata.essential {
            member.insert_str(0, "data.");
        }
        let reference = event.pointer("/schema/$ref").and_then(Value::as_str);
        let body = reference.and_then(|reference| reference.rsplit('/').next());
        let body = body
            .ok_or_else(|| Error::new(STEP, format_args!("event {name}: its body has no name")))?;
        let says = text(event, "description").or_else(|| text(event, "summary"));
        Ok(Self {
            name,
            kind: source::type_ident(&source::pascal(name)),
            body: source::type_ident(body),
            docs: source::docs([says.unwrap_or(name)]),
            sample: event.get("example").map(|sample| format!("{sample:#}")),
            metadata,
        })
    }

    /// Its meaning, its answers, and a body.
    fn all_docs(&self) -> TokenStream {
        let (docs, metadata) = (&self.docs, &self.metadata);
        let EventAmounts { gross, fee, net } = &metadata.amounts;
        let amounts = [("gross", gross), ("fee", fee), ("net", net)].into_iter();
        let amounts = amounts.filter(|(_, paths)| !paths.is_empty());
        let amounts = amounts.map(|(name, paths)| format!("{name} in {}", either(paths)));
        let reads = metadata.resource.iter();
        let reads = reads.map(|read| format!("`{}` by `{}`", read.operation, read.id));
        let reference = either(&metadata.merchant_reference);
        let mut lines = Vec::new();
        for (name, key, answer) in [
            ("Amounts", "amount", join(amounts, ", ")),
            ("Merchant reference", "merchant_reference", reference),
            ("Id", "transaction_id", either(&metadata.transaction_id)),
            ("Status", "status", either(&metadata.status)),
            ("Confirmed by", "resource", join(reads, ", else ")),
        ] {
            let reason = metadata.without.get(key);
            let reason = reason.map(|why| format!("none, because {why}"));
            let parts = [Some(answer).filter(|it| !it.is_empty()), reason];
            let parts = join(parts.into_iter().flatten(), "; ");
            if !parts.is_empty() {
                lines.push(format!(" - {name}: {parts}."));
            }
        }
        if !lines.is_empty() {
            lines.insert(0, String::new());
        }
        if let Some(sample) = &self.sample {
            let sample = format!("\n```json\n{sample}\n```");
            let sample = sample.lines();
            lines.extend(sample.map(|line| format!(" {line}").trim_end().to_owned()));
        }
        quote! { #docs #(#[doc = #lines])* }
    }
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

fn either(paths: &[String]) -> String {
    join(paths.iter().map(|path| format!("`{path}`")), ", else ")
}

/// Names that two events claim.
fn findings(events: &[Event<'_>]) -> Vec<String> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for event in events {
        let (metadata, own) = (&event.metadata, event.name);
        for name in metadata.events.iter().chain(&metadata.families) {
            let other = owners.insert(name, own).filter(|owner| *owner != own);
            findings.extend(other.map(|it| format!("{it} and {own} are both called {name}")));
        }
    }
    findings
}

fn file(events: &[Event<'_>]) -> TokenStream {
    let variants = events.iter().map(|event| {
        let (docs, kind) = (event.all_docs(), &event.kind);
        quote! { #docs #kind }
    });
    let known = events.iter().map(|event| &event.kind);
    let descriptions = events.iter().map(|event| {
        let (kind, description) = (&event.kind, description(event.name, &event.metadata));
        quote! { Self::#kind => #description }
    });
    let nothing = EventMetadata::default();
    let [test, unknown] = ["dashboard-test", "unknown"].map(|name| description(name, &nothing));
    let samples = events.iter().filter_map(|Event { kind, sample, .. }| {
        let sample = sample.as_ref()?;
        Some(quote! { Self::#kind => Some(#sample) })
    });
    let marks = marks(events);
    let bodies = bodies(events);
    quote! {
        //! The events that are known, and what tells them.

        use std::fmt;

        use serde_json::Value;

        use super::events::*;
        use crate::{
            kind::Description, payload::{self, Unreadable}, recognize::Mark, resource::Read,
        };

        /// Event of a delivery: what it is, what it answers, and a documented body of each.
        ///
        /// In the book: `docs/book/src/webhooks.md#events-of-other-kinds`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EventKind {
            #(#variants,)*
            /// The "Test" button of the dashboard. It is not signed, so no verifier lets it through.
            DashboardTest,
            /// An event that this version does not know.
            Unknown,
        }

        impl EventKind {
            /// All events that are known.
            pub const KNOWN: &'static [Self] = &[#(Self::#known),*];

            /// What is known of it.
            pub(crate) const fn description(self) -> &'static Description {
                match self {
                    #(#descriptions,)*
                    Self::DashboardTest => #test,
                    Self::Unknown => #unknown,
                }
            }

            /// A body of it, as documented; the one of the variant's documentation.
            pub const fn sample(self) -> Option<&'static str> {
                match self { #(#samples,)* _ => None }
            }
        }

        /// Members that tell an event whose name is missing; the first that is there counts.
        pub(crate) static MARKS: &[Mark] = &[#(#marks),*];

        #bodies
    }
}

/// What the kind of an event is told to be.
fn description(name: &str, metadata: &EventMetadata) -> TokenStream {
    let (spellings, families) = (&metadata.events, &metadata.families);
    let (essential, merchant_reference) = (&metadata.essential, &metadata.merchant_reference);
    let (transaction_id, status) = (&metadata.transaction_id, &metadata.status);
    let EventAmounts { gross, fee, net } = &metadata.amounts;
    let reads = metadata.resource.iter().map(read);
    let moves = |effect| metadata.effect == Some(effect);
    let (money_in, money_out) = (moves(Effect::MoneyIn), moves(Effect::MoneyOut));
    let [paid, failed] = [&metadata.states.paid, &metadata.states.failed].map(|state| {
        let members = state.iter().map(|(path, text)| quote! { (#path, #text) });
        quote! { &[#(#members),*] }
    });
    quote! {
        &Description {
            name: #name,
            is_money_in: #money_in,
            is_money_out: #money_out,
            spellings: &[#(#spellings),*],
            families: &[#(#families),*],
            essential: &[#(#essential),*],
            merchant_reference: &[#(#merchant_reference),*],
            gross: &[#(#gross),*],
            fee: &[#(#fee),*],
            net: &[#(#net),*],
            transaction_id: &[#(#transaction_id),*],
            status: &[#(#status),*],
            resources: &[#(#reads),*],
            #[cfg(feature = "testing")]
            paid: #paid,
            #[cfg(feature = "testing")]
            failed: #failed,
        }
    }
}

/// A read that confirms an event.
fn read(read: &EventResource) -> TokenStream {
    let EventAmounts { gross, fee, net } = &read.amounts;
    let (operation, id, by) = (&read.operation, &read.id, source::option(read.by.as_ref()));
    let (status, reference) = (&read.status, &read.reference);
    let later = read.later.iter();
    let later = later.map(|(said, found)| quote! { (#said, &[#(#found),*]) });
    quote! {
        Read {
            operation: #operation,
            id: #id,
            by: #by,
            gross: &[#(#gross),*],
            fee: &[#(#fee),*],
            net: &[#(#net),*],
            status: &[#(#status),*],
            later: &[#(#later),*],
            reference: &[#(#reference),*],
        }
    }
}

/// Those that decide before the others, a text before the mere presence of a member.
fn marks(events: &[Event<'_>]) -> Vec<TokenStream> {
    let marks = events.iter().flat_map(|Event { kind, metadata, .. }| {
        metadata.marks.iter().map(move |mark| (kind, mark))
    });
    let mut marks: Vec<_> = marks.collect();
    marks.sort_by_key(|(_, mark)| (!mark.decisive, mark.is.is_empty(), &mark.at));
    let rows = marks.into_iter().map(|(kind, mark)| {
        let (at, is) = (&mark.at, &mark.is);
        quote! { Mark { at: #at, is: &[#(#is),*], kind: EventKind::#kind } }
    });
    rows.collect()
}

fn bodies(events: &[Event<'_>]) -> TokenStream {
    let variants = events.iter().map(|event| {
        let (docs, kind, body) = (&event.docs, &event.kind, &event.body);
        quote! { #docs #kind(Box<#body>) }
    });
    let reads = events.iter().map(|Event { kind, .. }| {
        quote! { EventKind::#kind => payload::typed(kind, json, Self::#kind) }
    });
    let typed = events.iter().map(|Event { kind, .. }| {
        let name = kind.to_string();
        quote! { Self::#kind(body) => (#name, body) }
    });
    quote! {
        /// The whole body of an event, typed.
        ///
        /// Optional members that are absent, null or of an unexpected form are `None`; members that no
        /// type names are in `extra`.
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum Payload {
            #(#variants,)*
            /// The text of the dashboard's "Test" button.
            DashboardTest(String),
            /// A known event without what makes it useful, as in shapes of 2025 and before. What it is
            /// about has to be read from the body, or asked from the gateway.
            Unreadable(Unreadable),
            /// An event that this version does not know.
            Unknown,
        }

        impl Payload {
            /// The payload of an event of that kind.
            pub(crate) fn of(kind: EventKind, json: &Value) -> Self {
                match kind {
                    #(#reads,)*
                    EventKind::DashboardTest => Self::DashboardTest(payload::test_text(json)),
                    EventKind::Unknown => Self::Unknown,
                }
            }

            /// The body and the name of its kind, if it has a type.
            pub(crate) fn typed(&self) -> Option<(&'static str, &dyn fmt::Debug)> {
                Some(match self {
                    #(#typed,)*
                    Self::DashboardTest(_) | Self::Unreadable(_) | Self::Unknown => return None,
                })
            }
        }
    }
}
