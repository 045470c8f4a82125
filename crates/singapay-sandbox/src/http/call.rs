//! One request, taken apart.

use std::net::IpAddr;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::state::World;

/// Values of the path's parameters.
pub(crate) type Params = Vec<(&'static str, String)>;

pub(crate) struct Call {
    pub(crate) params: Params,
    pub(crate) query: Vec<(String, String)>,
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

    /// True when the request carries this merchant reference.
    pub(crate) fn names(&self, reference: &str) -> bool {
        let fields = [
            "reference_number",
            "reff_no",
            "reference_no",
            "merchant_ref_no",
            "merchant_reference",
            "customer_ref",
            "merchant_reff_no",
            "request_id",
            "subscription_id",
        ];
        let holds = |body: &Map<String, Value>| {
            let is = |field| body.get(field).and_then(Value::as_str) == Some(reference);
            fields.into_iter().any(is)
        };
        // The biller's fields are one level deeper.
        let inner = self.body.get("data").and_then(Value::as_object);
        holds(&self.body)
            || inner.is_some_and(holds)
            || self.params.iter().any(|(_, value)| value == reference)
    }

    /// A query parameter; the last one wins, and an empty one counts as absent.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The account named in the path, if this credential may use it.
    pub(crate) fn account(&self, world: &World) -> Result<u64, Refusal> {
        self.own(world, self.param("account_id"))
    }

    /// As [`Call::account`]; the account must be active too.
    pub(crate) fn active_account(&self, world: &World) -> Result<u64, Refusal> {
        let row = self.account(world)?;
        if world
            .accounts
            .get(row)
            .is_some_and(|account| account.active)
        {
            return Ok(row);
        }
        Err(Refusal::v1(403, "Account is not active"))
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
