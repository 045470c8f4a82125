//! Brings fields that a person gave to a builder, and what comes back to one shape.

use std::{collections::BTreeMap, future::Future, pin::Pin};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use singapay::{Error, ErrorKind, Outcome, Paged, Pages, Response, Unresolved};

use super::table::Call;
use crate::terminal;

/// A call that may be sent, or what is wrong with it.
pub(crate) type Started = Result<Sending, Invalid>;

/// A call on its way.
pub(crate) type Sending = Pin<Box<dyn Future<Output = End> + Send>>;

/// What is wrong with a call; nothing was sent.
#[derive(Debug)]
pub(crate) enum Invalid {
    /// Fields, each with what is wrong with it.
    Fields(Vec<(String, String)>),
    /// Something that is no field: settings, or a limit.
    Other(Error),
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum End {
    Answered(Answered),
    /// Proven: nothing happened.
    Refused(Error),
    Duplicate(Unresolved),
    Unknown(Unresolved),
    /// A call that pays nothing out failed.
    Failed(Error),
}

/// A success.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) data: Value,
}

/// A value as it was written. It may be a secret.
enum Written {
    /// After `=`: the field's type decides what it is.
    Text(String),
    /// After `:=`.
    Json(Value),
}

/// Fields by their names in the API; a builder takes each once.
pub(crate) struct Given {
    call: &'static Call,
    fields: BTreeMap<String, Written>,
    all_pages: bool,
    problems: Vec<(String, String)>,
}

impl Given {
    pub(crate) fn new(call: &'static Call, all_pages: bool) -> Self {
        Self {
            call,
            fields: BTreeMap::new(),
            all_pages,
            problems: Vec::new(),
        }
    }

    /// Takes in `name=text`, `name:=json` or `name=@source`.
    pub(crate) fn add(&mut self, argument: &str) {
        let Some((name, text)) = argument.split_once('=') else {
            let problem = "write it as NAME=VALUE, or NAME:=JSON";
            return self.report(argument, problem);
        };
        let (name, is_json) = match name.strip_suffix(':') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let Some(field) = self.call.field(name) else {
            let names: Vec<&str> = self.call.fields.iter().map(|field| field.name).collect();
            let problem = match names.is_empty() {
                true => "there is no such field; the operation has none".to_owned(),
                false => format!("there is no such field; one of: {}", names.join(", ")),
            };
            return self.report(name, problem);
        };
        let value = match is_json {
            true => match serde_json::from_str(text) {
                Ok(value) => Written::Json(value),
                Err(_) => return self.report(field.name, "is no JSON"),
            },
            false => match text.strip_prefix('@').map(source) {
                None => Written::Text(text.to_owned()),
                Some(Ok(text)) => Written::Text(text),
                Some(Err(problem)) => return self.report(field.name, problem),
            },
        };
        if self.fields.insert(field.name.to_owned(), value).is_some() {
            self.report(field.name, "is given twice");
        }
    }

    /// A problem with a field.
    pub(crate) fn report(&mut self, field: &str, problem: impl Into<String>) {
        self.problems.push((field.to_owned(), problem.into()));
    }

    /// True if the field was given and is not empty.
    pub(crate) fn has(&self, field: &str) -> bool {
        match self.fields.get(field) {
            Some(Written::Text(text)) => !text.trim().is_empty(),
            Some(Written::Json(value)) => !value.is_null(),
            None => false,
        }
    }

    /// What was given, as a person wrote it.
    pub(crate) fn shown(&self) -> Vec<(&str, String)> {
        let shown = self.fields.iter().map(|(name, value)| {
            let text = match value {
                Written::Text(text) => text.clone(),
                Written::Json(value) => value.to_string(),
            };
            (name.as_str(), text)
        });
        shown.collect()
    }

    /// A field that the builder cannot be made without. An absent one is reported, and its stand-in never sent.
    pub(crate) fn need<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        let value = self.take(name);
        if value.is_none() && !self.has_problem(name) {
            self.report(name, "is required");
        }
        value.unwrap_or_default()
    }

    /// A field, if it is given and is what the builder takes.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = match self.fields.remove(name)? {
            Written::Text(text) => read(&text),
            Written::Json(value) => serde_json::from_value(value).ok(),
        };
        if value.is_none() {
            self.report(name, "is not of the kind that this field takes");
        }
        value
    }

    /// A call that ends with one answer.
    pub(crate) fn end<T: Ending>(
        self,
        check: Result<(), Error>,
        sending: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Started {
        self.finish(check)?;
        Ok(Box::pin(async move {
            match sending.await {
                Ok(end) => end.end(),
                Err(error) => End::Failed(error),
            }
        }))
    }

    /// A call that ends with one page, or with all of them.
    pub(crate) fn list<B: Paged, T: Ending>(
        self,
        check: Result<(), Error>,
        pages: Pages<B>,
        sending: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Started {
        if !self.all_pages {
            return self.end(check, sending);
        }
        self.finish(check)?;
        Ok(Box::pin(every(pages)))
    }

    fn has_problem(&self, field: &str) -> bool {
        self.problems.iter().any(|(name, _)| name == field)
    }

    /// The builder's own checks, beside what could not even be given to it.
    fn finish(mut self, check: Result<(), Error>) -> Result<(), Invalid> {
        match check {
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                for field in error.field_errors() {
                    if !self.has_problem(&field.field) {
                        self.report(&field.field, field.messages.join(", "));
                    }
                }
                if self.problems.is_empty() {
                    return Err(Invalid::Other(error));
                }
            }
            Err(error) if self.problems.is_empty() => return Err(Invalid::Other(error)),
            _ => {}
        }
        match self.problems.is_empty() {
            true => Ok(()),
            false => Err(Invalid::Fields(self.problems)),
        }
    }
}

/// Every page, one after the other.
async fn every<B: Paged>(mut pages: Pages<B>) -> End {
    let mut rows = Vec::new();
    let mut last = None;
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => return End::Failed(error),
        };
        if let Some((at, of)) = page
            .page()
            .and_then(|page| page.current_page.zip(page.total_pages))
        {
            terminal::progress(&format!("page {at} of {of}"));
        }
        match list(data(page.raw())) {
            Some(more) => rows.extend(more),
            None => return End::Answered(answered(&page)),
        }
        last = Some((page.http_status(), page.gateway_code().map(str::to_owned)));
    }
    let (status, code) = last.unwrap_or((200, None));
    terminal::progress("");
    End::Answered(Answered {
        status,
        code,
        data: Value::Array(rows),
    })
}

/// The rows of a list, which the biller wraps in an object.
fn list(data: Value) -> Option<Vec<Value>> {
    match data {
        Value::Array(rows) => Some(rows),
        Value::Object(members) => members.into_iter().find_map(|(_, value)| match value {
            Value::Array(rows) => Some(rows),
            _ => None,
        }),
        _ => None,
    }
}

/// Text as the field's type takes it: as it stands, as JSON, as rupiah, or as entries between commas.
fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let candidates = [
        Some(Value::String(text.to_owned())),
        serde_json::from_str(text).ok(),
        Some(json!({"value": text, "currency": "IDR"})),
        Some(text.split(',').map(str::trim).collect()),
    ];
    candidates
        .into_iter()
        .flatten()
        .find_map(|value| serde_json::from_value(value).ok())
}

/// Text from elsewhere: `-` is standard input, `env:NAME` a variable, anything else a file.
fn source(from: &str) -> Result<String, String> {
    if let Some(name) = from.strip_prefix("env:") {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty());
        return value.ok_or_else(|| format!("environment variable {name} is not set"));
    }
    let bytes = crate::input::read(from).map_err(|failure| failure.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "is no text".to_owned())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// What an answer is about: its data, or all of it where there is no envelope.
fn data(body: &[u8]) -> Value {
    match serde_json::from_slice(body) {
        Ok(Value::Object(mut members)) => match members.remove("data") {
            Some(data) => data,
            None => Value::Object(members),
        },
        Ok(other) => other,
        Err(_) => Value::Null,
    }
}

fn answered<T>(response: &Response<T>) -> Answered {
    Answered {
        status: response.http_status(),
        code: response.gateway_code().map(str::to_owned),
        data: data(response.raw()),
    }
}

/// What a call can end with.
pub(crate) trait Ending {
    fn end(self) -> End;
}

impl<T> Ending for Response<T> {
    fn end(self) -> End {
        End::Answered(answered(&self))
    }
}

impl<T> Ending for Outcome<T> {
    fn end(self) -> End {
        match self {
            Self::Accepted(response) => response.end(),
            Self::Refused(error) => End::Refused(error),
            Self::Duplicate(unresolved) => End::Duplicate(unresolved),
            Self::Unknown(unresolved) => End::Unknown(unresolved),
        }
    }
}
