//! `singapay trigger`: a signed delivery of any kind to a shop, once.

use std::{
    env::var,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::{Value, json};
use singapay::{
    MoneyOutPolicy, Secret, SystemClock,
    webhook::{EventKind, sign_delivery},
};
use singapay_core::Clock;

use crate::{
    amount,
    deliver::{self, Target},
    exit,
    output::Output,
    runtime, settings,
    terminal::printable,
};

/// Sign a delivery of a kind, send it to a shop once, and tell what came back.
///
/// The body is a documented one of the kind, with the members that are given changed: by name, such as amount=150000
/// or reff_no=INV-1, or by their dotted place. Of objects of amount and currency the amount is meant. It is signed
/// with SINGAPAY_PARTNER_ID and SINGAPAY_CLIENT_SECRET for the path and query of the address. A shop takes it for true:
/// settings of production, with which it would book what nobody paid, need --allow-production. Plain http goes to this
/// machine alone.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct TriggerArgs {
    /// Kind of event, such as va-transaction; without it all are listed.
    kind: Option<String>,
    /// Members to change: NAME=TEXT or NAME:=JSON.
    #[arg(value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// Address of the shop, as it is registered.
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// Sign with settings that are not of a sandbox.
    #[arg(long)]
    allow_production: bool,
    /// Show the body, and send nothing.
    #[arg(long)]
    show: bool,
}

const HELP: &str = "\
Examples:
  singapay trigger
  singapay trigger va-transaction amount=150000 reff_no=INV-1 --show
  singapay trigger va-transaction amount=150000 reff_no=INV-1 --to $SHOP/hooks/singapay
  singapay trigger disbursement data.transaction_status.code=06 --to $SHOP/hooks/singapay --json

Exit status:
  0  the shop answered with 2xx
  1  it answered with something else
  2  kind, members, address or settings cannot be used
  5  there was no answer";

/// Runs it.
pub(crate) fn run(args: &TriggerArgs, json: bool) -> ExitCode {
    let output = trigger(args).unwrap_or_else(Output::unusable);
    output.print(json)
}

fn trigger(args: &TriggerArgs) -> Result<Output, String> {
    let names = || {
        let names = EventKind::KNOWN.iter().map(|kind| kind.as_str());
        names.collect::<Vec<_>>().join("\n")
    };
    let Some(name) = &args.kind else {
        return Ok(Output::text(names() + "\n"));
    };
    let mut known = EventKind::KNOWN.iter();
    let kind = known.find(|kind| kind.as_str() == name);
    let kind = kind.ok_or_else(|| format!("there is no such kind; one of:\n{}", names()))?;
    let sample = kind.sample().unwrap_or("{}");
    let mut body: Value = serde_json::from_str(sample).map_err(|error| error.to_string())?;
    for field in &args.fields {
        change(&mut body, field)?;
    }
    if args.show {
        return Ok(Output::value(body));
    }
    let to = args.to.as_deref();
    let target = Target::parse(to.ok_or("say --to URL, or --show to send nothing")?)?;
    if target.is_readable_on_its_way() {
        return Err("only https is allowed, except for addresses of this machine".to_owned());
    }
    if !args.allow_production {
        only_a_sandbox()?;
    }
    let setting = |name: &str| var(name).map_err(|_| format!("{name} is not set"));
    let partner = setting("SINGAPAY_PARTNER_ID")?;
    let secret = Secret::new(setting("SINGAPAY_CLIENT_SECRET")?);
    let now = SystemClock.now();
    let signed = sign_delivery(&secret, &partner, &target.path, body.to_string(), now)
        .map_err(|error| error.to_string())?;
    let runtime = match runtime::new() {
        Ok(runtime) => runtime,
        Err(output) => return Ok(output),
    };
    let start = Instant::now();
    let sending = deliver::send(
        &target,
        &signed.headers,
        &signed.body,
        Duration::from_secs(30),
    );
    let answer = match runtime.block_on(sending) {
        Ok(answer) => answer,
        Err(problem) => {
            return Ok(Output::failure(
                exit::NOTHING,
                problem,
                json!({"kind": name}),
            ));
        }
    };
    let took = start.elapsed().as_millis();
    let shown: String = printable(&answer.body).chars().take(400).collect();
    let body = match shown.is_empty() {
        true => " without a body".to_owned(),
        false => format!(": \"{shown}\""),
    };
    let text = format!("{name}: answered {} in {took} ms{body}\n", answer.status);
    let value = json!({
        "kind": name, "status": answer.status, "body": answer.body, "duration_ms": took,
    });
    let is_good = (200..300).contains(&answer.status);
    let status = if is_good { 0 } else { exit::REFUSED };
    Ok(Output::both(text, value).with_status(status))
}

/// Refuses settings with which a shop books real money.
fn only_a_sandbox() -> Result<(), String> {
    let advice = "a delivery signed with production settings is taken for true: say --allow-production if it is to be";
    let client = settings::of(false).and_then(singapay::SingapayBuilder::build);
    let client = client.map_err(|error| format!("{error}; {advice}"))?;
    // The same settings as those with which real money moves.
    let handle = client.money_out(MoneyOutPolicy::new());
    handle.map(drop).map_err(|_| advice.to_owned())
}

/// Changes a member, found by its dotted place, or else the outermost of that name.
fn change(body: &mut Value, field: &str) -> Result<(), String> {
    let (name, text) = field
        .split_once('=')
        .ok_or_else(|| format!("{field}: write it as NAME=VALUE, or NAME:=JSON"))?;
    let (name, json) = match name.strip_suffix(':') {
        Some(name) => {
            let json = serde_json::from_str(text).map_err(|_| format!("{name}: is no JSON"))?;
            (name, Some(json))
        }
        None => (name, None),
    };
    let mut places = vec![];
    walk(String::new(), body, &mut places);
    places.sort_by_key(|place| place.matches('/').count());
    let pointer = format!("/{}", name.replace('.', "/"));
    let found = places.iter().find(|place| **place == pointer).or_else(|| {
        places
            .iter()
            .find(|place| place.rsplit('/').next() == Some(name))
    });
    let found = found.ok_or_else(|| {
        let known: Vec<String> = places
            .iter()
            .map(|place| place.trim_start_matches('/').replace('/', "."))
            .collect();
        format!("this kind has no {name}; its members: {}", known.join(", "))
    })?;
    let Some(mut place) = body.pointer_mut(found) else {
        return Err(format!("this kind has no {name}"));
    };
    let is_money = place.get("value").is_some() && place.get("currency").is_some();
    if json.is_none() && is_money {
        place = &mut place["value"];
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_amount = place.is_number() || found.ends_with("/value") || amount::is_name(last);
    let is_clear = match &json {
        None => amount::is_exact(text),
        Some(Value::Number(_)) => amount::is_exact(text.trim().trim_start_matches('-')),
        Some(json) => amount::is_clear(json, amount::is_exact),
    };
    if (is_amount || is_money) && !is_clear {
        return Err(format!(
            "{name}: must be digits alone, or digits with exactly two decimals after a point"
        ));
    }
    *place = match (json, &*place) {
        (Some(json), _) => json,
        (None, Value::String(_) | Value::Null) => text.into(),
        (None, _) => serde_json::from_str(text).map_err(|_| {
            format!("{name}: must be of the kind that stands there; or say NAME:=JSON")
        })?,
    };
    Ok(())
}

/// Places of all members, as JSON pointers.
fn walk(at: String, value: &Value, places: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), it))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, it)| (index.to_string(), it))
            .collect(),
        _ => Vec::new(),
    };
    for (name, member) in members {
        let place = format!("{at}/{name}");
        places.push(place.clone());
        walk(place, member, places);
    }
}
