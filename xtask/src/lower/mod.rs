//! Lowers an overlaid document to the OpenAPI 3.0.3 subset that the generator takes.
//!
//! One rule per file; nothing is dropped silently: what cannot be lowered is an error with its
//! place, and every change goes into the report. Titles and examples are documentation of the
//! vendored document and are left out without an entry.

mod bodies;
mod choice;
mod combine;
mod components;
mod enums;
mod event_members;
mod events;
mod field_names;
mod free_form;
mod gateway;
mod headers;
mod limits;
mod merge;
mod money;
mod naming;
mod narrowing;
mod object;
mod operations;
mod parameters;
mod paths;
mod prepare;
mod references;
mod report;
mod rust_type;
mod schema;
mod sensitive;
mod spelling;
mod structure;
mod time;
mod version;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(crate) use bodies::{BODYLESS, RAW_BODY};
pub(crate) use field_names::MARK;
pub(crate) use naming::free;
pub use report::{Change, Report};
pub use schema::MARKS;
pub(crate) use spelling::say_alike;

use crate::{
    banks::Bank,
    codes::Codes,
    error::{Error, Result},
};

const STEP: &str = "lower";
/// Marks a lowered document.
pub const LOWERED: &str = "x-singapay-lowered";

/// Everything that generation reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// One lowered document per host, in the order payment, biller, identity.
    pub hosts: Vec<LoweredHost>,
    /// A 3.0.3 document with components only: one schema per webhook event, and what they name.
    /// Its member `x-singapay-events` lists the events by their key.
    pub events: Value,
    /// Operations that are published but do not exist.
    pub absent: Vec<Absent>,
    /// Operations for which the sandbox has no behaviour.
    pub unmodelled: Vec<Unmodelled>,
    /// A body of each operation's success, by operation id, as documented.
    pub samples: BTreeMap<String, Value>,
    /// Meanings of the gateway's codes.
    pub codes: Option<Codes>,
    /// The banks that are known.
    pub banks: Vec<Bank>,
}

/// An operation that the vendored document has and an overlay takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Host.
    pub host: String,
    /// Method and path.
    pub request: String,
    /// Finding, in words.
    pub reason: String,
}

/// An operation as its document has it, after the overlay.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmodelled {
    /// HTTP method, lower case.
    pub method: String,
    /// Path.
    pub path: String,
    /// The whole node.
    pub operation: Value,
}

/// The lowered document of one host.
#[derive(Debug, Clone, PartialEq)]
pub struct LoweredHost {
    /// `payment`, `biller` or `identity`.
    pub name: String,
    /// OpenAPI 3.0.3; operations keep their `x-singapay` metadata.
    pub document: Value,
}

/// Set of rules that apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Profile {
    /// A document of the gateway: metadata is demanded, money, times and secrets get their types.
    #[default]
    Gateway,
    /// Any other document: neither.
    Foreign,
}

/// Side of a schema: sent or received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Strict.
    #[default]
    Request,
    /// Tolerant.
    Response,
}

/// A lowered document with its events and what was changed.
#[derive(Debug)]
pub struct Outcome {
    /// The 3.0.3 document.
    pub document: Value,
    /// The 3.0.3 document of the webhook events, if there are any.
    pub events: Option<Value>,
    /// Changes that were made.
    pub report: Report,
}

/// Lowers one document, which has been bundled and overlaid if it is ours.
///
/// Everything that cannot be lowered is reported at once.
pub fn lower(document: Value, profile: Profile) -> Result<Outcome> {
    let (outcome, findings) = attempt(document, profile)?;
    Error::collect(STEP, findings)?;
    Ok(outcome)
}

/// Lowers what can be lowered, and tells what cannot; for comparing documents only.
///
/// A document whose very structure is not understood is an error.
pub fn attempt(mut document: Value, profile: Profile) -> Result<(Outcome, Vec<String>)> {
    let report = Report::of(profile);
    version::check(&document, &report);
    Error::collect(STEP, report.take_findings())?;
    prepare::decode(&mut document);
    if profile == Profile::Foreign {
        prepare::foreign(&mut document, &report);
        narrowing::leave_out(&mut document, &report);
    }
    structure::check(&mut document, &report);
    Error::collect(STEP, report.take_findings())?;
    version::lower(&mut document, &report);
    Error::collect(STEP, report.take_findings())?;
    if profile == Profile::Gateway {
        enums::share(&mut document);
    }
    let (lowered, mut used) = operations::lower(&document, &report);
    let events = events::lower(&document, &report, &mut used);
    if profile == Profile::Foreign {
        references::note_unused(&document, &used, &report);
    }
    let findings = report.take_findings();
    Ok((
        Outcome {
            document: lowered,
            events,
            report,
        },
        findings,
    ))
}

/// A 3.0.3 document around paths and named schemas, in the version of the one that they come from.
fn frame(document: &Value, title: Value, paths: Value, schemas: Value) -> Value {
    let version = document.pointer("/info/version").cloned();
    json!({
        "openapi": "3.0.3",
        "info": {"title": title, "version": version.unwrap_or_else(|| json!(""))},
        "paths": paths,
        "components": {"schemas": schemas},
        LOWERED: true,
    })
}
