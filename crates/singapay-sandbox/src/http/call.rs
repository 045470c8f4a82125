//! One request, taken apart.

use std::net::IpAddr;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::{
    operation::{Operation, Params},
    refusal::Refusal,
};
use crate::state::World;

pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) params: Params,
    pub(crate) headers: HeaderMap,
    /// Path and query, as received.
    pub(crate) endpoint: String,
    pub(crate) raw: Bytes,
    /// The body's fields; empty when it is no JSON object, as PHP frameworks see it.
    pub(crate) body: Map<String, Value>,
    pub(crate) caller: IpAddr,
    /// The calling credential, once it is proven.
    pub(crate) credential: u64,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)?
            .to_str()
            .ok()
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value)
    }

    /// The account named in the path, if this credential may use it.
    pub(crate) fn account(&self, world: &World) -> Result<u64, Refusal> {
        self.own(world, self.param("account_id"))
    }

    /// An account by its id, if this credential may use it.
    pub(crate) fn own(&self, world: &World, id: &str) -> Result<u64, Refusal> {
        let row = world.accounts.row_of(id).ok_or(Refusal::AccountNotFound)?;
        if id.starts_with("number:") {
            return Err(Refusal::AccountNotFound);
        }
        if world.credential_of(row) != Some(self.credential) {
            return Err(Refusal::NeedsOwnCredential);
        }
        Ok(row)
    }
}
