//! A raw request before it is checked.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value;
use singapay_core::{
    Operation,
    envelope::FieldError,
    operation::{Effect, Host},
};

use super::{
    known, path,
    route::{Route, is_payout, route},
};
use crate::{
    call::{Call, Source},
    error::Error,
    validation::is_ulid,
};

#[derive(Clone)]
pub(super) struct Draft {
    method: String,
    path: String,
    pub(super) host: Host,
    pub(super) query: Vec<(String, String)>,
    /// The value that is checked and sent; an error if it did not become JSON.
    pub(super) body: Option<Result<Value, ()>>,
    pub(super) account: Option<String>,
    pub(super) signed: bool,
}

/// A request that may be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) operation: &'static Operation,
    pub(super) request: Request<Bytes>,
    pub(super) account: Option<String>,
}

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Problems(Vec<FieldError>);

impl Problems {
    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    pub(super) fn finish(self, operation: &'static Operation) -> Result<(), Error> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Error::invalid_input(operation, self.0)),
        }
    }
}

impl Draft {
    pub(super) fn new(method: &str, path: String) -> Self {
        Self {
            method: method.to_owned(),
            path,
            host: Host::Payment,
            query: Vec::new(),
            body: None,
            account: None,
            signed: false,
        }
    }

    /// The request of an operation that pays nothing out.
    pub(super) fn prepare<S: Source>(
        self,
        call: &Call<S>,
        effect: Option<Effect>,
    ) -> Result<Prepared, Error> {
        let mut problems = self.problems();
        let operation = self.harmless(effect, &mut problems);
        problems.finish(operation)?;
        self.build(call, operation)
    }

    fn harmless(&self, said: Option<Effect>, problems: &mut Problems) -> &'static Operation {
        if said == Some(Effect::MoneyOut) {
            problems.add("effect", PAYS_OUT);
        }
        let effect = said.unwrap_or(Effect::MoneyIn);
        let unknown = self.unknown(effect);
        match self.route() {
            None => unknown,
            Some(Route::Known(row)) if row.effect == Effect::MoneyOut => {
                problems.add("path", PAYS_OUT);
                row
            }
            Some(Route::Known(row)) => self.at_least(row, said, problems),
            Some(Route::OfHost(host)) => {
                problems.add("host", format!("must be {host:?} for this path"));
                unknown
            }
            // Nobody knows what it does, unless it only asks.
            Some(Route::New) => {
                if self.method != "GET" || is_payout(&self.path) {
                    problems.add("path", PAYS_OUT);
                }
                unknown
            }
        }
    }

    /// A modelled operation, as harmful as the caller says and no less than it is.
    fn at_least(
        &self,
        row: &'static Operation,
        said: Option<Effect>,
        problems: &mut Problems,
    ) -> &'static Operation {
        let effect = said.unwrap_or(row.effect);
        if harm(effect) < harm(row.effect) {
            problems.add("effect", format!("must be {:?} for this path", row.effect));
            return row;
        }
        let signed = row.signed || self.signed;
        match (effect, signed) == (row.effect, row.signed) {
            true => row,
            false => known::kept(Operation {
                effect,
                signed,
                ..*row
            }),
        }
    }

    /// The row of a request that is not modelled.
    pub(super) fn unknown(&self, effect: Effect) -> &'static Operation {
        let method = path::method(&self.method).unwrap_or("GET");
        known::unknown(self.host, method, effect, self.signed)
    }

    /// Route that it takes; nothing for a method or path that cannot be used.
    pub(super) fn route(&self) -> Option<Route> {
        let method = path::method(&self.method)?;
        match path::problem(&self.path) {
            None => Some(route(self.host, method, &self.path)),
            Some(_) => None,
        }
    }

    /// Problems whatever the operation is.
    pub(super) fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        if path::method(&self.method).is_none() {
            problems.add("method", "must be GET, POST, PUT, PATCH or DELETE");
        }
        if let Some(problem) = path::problem(&self.path) {
            problems.add("path", problem);
        }
        if self.signed && self.host == Host::Identity {
            problems.add("signed", "is not known to the identity host");
        }
        for (name, _) in &self.query {
            if name.is_empty() || path::is_method_override(name) {
                problems.add(
                    "query",
                    "must name parameters, and none that overrides the method",
                );
            }
        }
        if self.account.as_deref().is_some_and(|id| !is_ulid(id)) {
            problems.add(
                "account_id",
                "must be an account id: a ULID of 26 characters",
            );
        }
        match &self.body {
            None => {}
            Some(_) if self.method == "GET" => problems.add("body", "is not part of a GET"),
            Some(Ok(Value::Object(members)))
                if members.keys().any(|name| path::is_method_override(name)) =>
            {
                problems.add("body", "must not override the method");
            }
            Some(Ok(Value::Object(_))) => {}
            Some(_) => problems.add("body", "must be a JSON object"),
        }
        problems
    }

    /// The body, if there is one.
    pub(super) fn json(&self) -> Option<&Value> {
        self.body.as_ref()?.as_ref().ok()
    }

    /// The account in the path of a modelled operation.
    pub(super) fn account_in_path(&self, operation: &Operation) -> Option<&str> {
        let place = operation
            .path
            .split('/')
            .position(|segment| segment == "{account_id}")?;
        self.path.split('/').nth(place)
    }

    /// The request, after its checks.
    pub(super) fn build<S: Source>(
        self,
        call: &Call<S>,
        operation: &'static Operation,
    ) -> Result<Prepared, Error> {
        let target = format!("{}{}", self.path, path::query(&self.query));
        let uri = format!("{}{target}", call.base_url(self.host));
        let body = match self.body {
            Some(Ok(body)) => Bytes::from(body.to_string()),
            _ => Bytes::new(),
        };
        let request = Method::from_bytes(self.method.as_bytes())
            .map_err(http::Error::from)
            .and_then(|method| Request::builder().method(method).uri(uri).body(body));
        // The path that was checked is the one that is sent.
        let request = request
            .ok()
            .filter(|request| request.uri().path() == self.path);
        let request = request.ok_or_else(|| {
            let problem = FieldError::new("path", "is too long, or cannot be a request target");
            Error::invalid_input(operation, vec![problem])
        })?;
        Ok(Prepared {
            operation,
            request,
            account: self.account,
        })
    }
}

const PAYS_OUT: &str = "may pay out: that goes through `MoneyOut::request` alone";

/// From the most harmless up.
fn harm(effect: Effect) -> u8 {
    match effect {
        Effect::Read => 0,
        Effect::Write => 1,
        Effect::MoneyIn => 2,
        Effect::MoneyOut => 3,
    }
}
