//! Makes source files from the lowered documents.

mod api;
mod client;
mod enums;
mod facade;
mod gates;
mod methods;
mod nested;
mod operations;
mod shape;
mod source;
mod spec;
mod types;

use crate::{error::Result, lower::Lowered, output::Output};

const STEP: &str = "generate";

/// All files made from the lowered documents.
pub fn outputs(lowered: &Lowered) -> Result<Vec<Output>> {
    let hosts = lowered
        .hosts
        .iter()
        .map(spec::Host::read)
        .collect::<Result<Vec<_>>>()?;
    let clients = hosts
        .iter()
        .map(api::Client::of)
        .collect::<Result<Vec<_>>>()?;
    let mut outputs = api::outputs(&clients)?;
    outputs.extend(facade::outputs(&clients)?);
    outputs.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(outputs)
}
