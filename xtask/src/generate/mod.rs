//! Makes source files from the lowered documents.
//!
//! progenitor and typify make the raw client; a pass over its syntax tree makes it safe to print,
//! tolerant in answers, strict in requests and small; the facade's builders, the operation table,
//! the event types, the suites' tables and the coverage page come from the same documents. Every output is
//! a function of the documents alone.

mod answers;
mod api;
mod banks;
mod client;
mod codes;
mod coverage;
mod enums;
mod events;
mod facade;
mod foreign;
mod gates;
mod kinds;
mod methods;
mod nested;
mod operations;
mod raw_bodies;
mod samples;
mod sandbox;
mod setter;
mod shape;
mod shorten;
mod source;
mod spec;
mod suite;
mod types;

use std::collections::BTreeMap;

pub use self::foreign::foreign;
use self::{api::Client, spec::Host};
pub(crate) use self::{client::PANICKED, shape::type_text, source::pascal};
use crate::{error::Result, lower::Lowered, output::Output};

const STEP: &str = "generate";

/// All files made from the lowered documents, sorted by path.
pub fn outputs(lowered: &Lowered) -> Result<Vec<Output>> {
    let hosts = lowered.hosts.iter().map(Host::read);
    let hosts = hosts.collect::<Result<Vec<_>>>()?;
    let clients = hosts.iter().map(Client::of);
    let clients = &clients.collect::<Result<Vec<_>>>()?;
    let mut outputs = api::outputs(clients)?;
    outputs.extend(facade::outputs(clients, &lowered.events)?);
    outputs.extend(samples::output(&lowered.samples, clients)?);
    outputs.extend(events::outputs(&lowered.events)?);
    outputs.extend(suite::outputs(lowered, clients)?);
    outputs.push(coverage::output(clients, lowered)?);
    outputs.push(sandbox::output(&lowered.unmodelled)?);
    if let Some(codes) = &lowered.codes {
        outputs.extend(codes::outputs(codes, clients)?);
    }
    if !lowered.banks.is_empty() {
        outputs.push(banks::output(&lowered.banks)?);
    }
    outputs.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(outputs)
}

/// Schemas of request bodies, as `host::Schema`, and the operation whose body each is.
pub(crate) fn bodies(lowered: &Lowered) -> Result<BTreeMap<String, String>> {
    let mut bodies = BTreeMap::new();
    for host in lowered.hosts.iter().map(Host::read) {
        let host = host?;
        let named = |(name, id): (&str, &str)| (format!("{}::{name}", host.name), id.to_owned());
        bodies.extend(host.bodies().map(named));
    }
    Ok(bodies)
}
