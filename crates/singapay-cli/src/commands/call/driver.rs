//! Brings fields that a person gave to a builder, and what comes back to one shape.

use std::{any::TypeId, collections::BTreeMap, future::Future, pin::Pin};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use singapay::{Error, ErrorKind, Money, Outcome, Paged, Pages, Response, Rupiah, Unresolved};

use super::table::Call;
use crate::{amount, terminal};

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
    pub(crate) fn need<T: DeserializeOwned + Default + 'static>(&mut self, name: &str) -> T {
        let value = self.take(name);
        if value.is_none() && !self.has_problem(name) {
            self.report(name, "is required");
        }
        value.unwrap_or_default()
    }

    /// A field, if it is given and is what the builder takes.
    pub(crate) fn take<T: DeserializeOwned + 'static>(&mut self, name: &str) -> Option<T> {
        let value = match self.fields.remove(name)? {
            Written::Text(text) => read(&text),
            Written::Json(value) => of_json(value),
        };
        if value.is_none() {
            let problem = match is_money::<T>() {
                true => amount::RULE,
                false => "is not of the kind that this field takes",
            };
            self.report(name, problem);
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
fn read<T: DeserializeOwned + 'static>(text: &str) -> Option<T> {
    let candidates = [
        Some(Value::String(text.to_owned())),
        serde_json::from_str(text).ok(),
        Some(json!({"value": text, "currency": "IDR"})),
        Some(text.split(',').map(str::trim).collect()),
    ];
    candidates.into_iter().flatten().find_map(of_json)
}

/// A value whose amounts can be read in one way alone.
fn of_json<T: DeserializeOwned + 'static>(value: Value) -> Option<T> {
    let is_clear = match TypeId::of::<T>() {
        it if it == TypeId::of::<Money>() => amount::is_clear(&value, amount::is_exact),
        it if it == TypeId::of::<Rupiah>() => amount::is_clear(&value, amount::is_whole),
        // Whatever a merchant keeps there is no amount of the gateway's.
        it if it == TypeId::of::<Map<String, Value>>() => true,
        _ => amount::are_clear(&value),
    };
    serde_json::from_value(value).ok().filter(|_| is_clear)
}

fn is_money<T: 'static>() -> bool {
    [TypeId::of::<Money>(), TypeId::of::<Rupiah>()].contains(&TypeId::of::<T>())
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use singapay::{MoneyOutPolicy, Singapay};

    use super::*;
    use crate::{
        commands::call::table::{Field, Start},
        generated::calls::CALLS,
    };

    /// Starts a call with this one argument; true if its field is told to be no good as an amount.
    fn is_refused(client: &Singapay, call: &'static Call, name: &str, argument: &str) -> bool {
        let mut given = Given::new(call, false);
        given.add(argument);
        let started = match call.start {
            Start::Plain(start) => start(client, given),
            Start::PaysOut(start) => {
                start(&client.money_out(MoneyOutPolicy::new()).unwrap(), given)
            }
        };
        match started {
            Err(Invalid::Fields(problems)) => problems.iter().any(|(field, problem)| {
                field == name && (problem == amount::RULE || problem.contains("not of the kind"))
            }),
            _ => false,
        }
    }

    #[test]
    fn no_amount_of_any_operation_is_read_in_two_ways() {
        let client = Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .account("01J0000000000000000000000A")
            .build()
            .unwrap();
        let is_amount = |field: &&Field| {
            field.name != "amount_type"
                && field.name != "payment_link_type"
                && (field.name.contains("amount") || field.about.contains("upiah"))
        };
        let mut seen = 0;
        for call in CALLS {
            for field in call.fields.iter().filter(is_amount) {
                let name = field.name;
                let refused = |argument: &str| is_refused(&client, call, name, argument);
                seen += 1;
                for text in ["150.000", "150,000", "1.5e3", "150.0", "1.500.000", "15e4"] {
                    let object = format!(r#"{name}:={{"value":{text},"currency":"IDR"}}"#);
                    let quoted = format!(r#"{name}={{"value":"{text}","currency":"IDR"}}"#);
                    assert!(
                        refused(&format!("{name}={text}")),
                        "{} {name}={text}",
                        call.id
                    );
                    assert!(refused(&quoted), "{} {quoted}", call.id);
                    for json in [
                        format!("{name}:=\"{text}\""),
                        object,
                        format!("{name}:={text}"),
                    ] {
                        // What is no JSON is told as that.
                        let value = json.split_once(":=").map(|(_, value)| value);
                        let is_json = serde_json::from_str::<Value>(value.unwrap()).is_ok();
                        assert!(!is_json || refused(&json), "{} {json}", call.id);
                    }
                }
                assert!(!refused(&format!("{name}=150000")), "{} {name}", call.id);
            }
        }
        assert_eq!(CALLS.len(), 90);
        assert_eq!(seen, 43, "amounts of all operations");
    }

    #[test]
    fn amounts_inside_of_fields_are_whole_in_digits_too() {
        type Items = Vec<singapay::types::PaymentLinkItem>;
        let items = |price: &str| -> Option<Items> {
            read(&format!(
                r#"[{{"name":"a","quantity":1,"unit_price":{price}}}]"#
            ))
        };
        assert_eq!(items("25000").unwrap()[0].unit_price, Rupiah::new(25_000));
        for price in ["25.000", "\"25.0\"", "2.5e4"] {
            assert!(items(price).is_none(), "{price}");
        }
        let exact = |text: &str| read::<Money>(text).and_then(|money| money.rupiah());
        assert_eq!(exact("10000.00"), Some(Rupiah::new(10_000)));
        assert_eq!(exact("10000.000"), None);
        assert_eq!(read::<Rupiah>("10000.00"), None);
    }
}
