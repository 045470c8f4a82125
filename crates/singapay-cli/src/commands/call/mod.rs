//! `singapay call`: any operation of the API, through the same builders that programs use.

pub(crate) mod driver;
mod dry_run;
mod pay;
mod shown;
pub(crate) mod table;

use std::{process::ExitCode, sync::Arc};

use clap::Args;
use serde_json::{Value, json};
use singapay::{
    Delivery, Environment, Error, ErrorKind, Host, Reason, RetryPolicy, Singapay, Unresolved,
};
use singapay_core::operation::Authentication;

use self::{
    driver::{End, Given, Invalid},
    dry_run::DryRun,
    table::{Call, Start},
};
use crate::{exit, output::Output, runtime, settings};

/// Any operation of the API.
///
/// Fields are those of the API, checked before anything is sent: NAME=TEXT, NAME:=JSON, or from elsewhere
/// NAME=@FILE, NAME=@- (standard input), NAME=@env:VARIABLE. Secrets belong into a variable or a file: every
/// user of the machine can read arguments. Without fields to give, name product and verb alone; without a verb
/// the verbs of the product are listed, without a product all.
///
/// Settings come from the environment: SINGAPAY_ENVIRONMENT (sandbox or production) or SINGAPAY_BASE_URL,
/// SINGAPAY_PARTNER_ID, SINGAPAY_CLIENT_ID, SINGAPAY_CLIENT_SECRET, SINGAPAY_ACCOUNT_ID; `singapay doctor` checks them.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct CallArgs {
    /// Product, such as payment_links.
    product: Option<String>,
    /// Verb, such as create.
    verb: Option<String>,
    /// Fields.
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// Tell what the operation does and which fields it has.
    #[arg(long)]
    describe: bool,
    /// Show the request without what is hidden (see below), and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Read every page of a list.
    #[arg(long)]
    all: bool,
    /// Also show what is hidden of the answer (see below).
    #[arg(long)]
    reveal: bool,
    /// Go by the clock of the sandbox on this machine.
    #[arg(long)]
    sandbox_clock: bool,
    #[command(flatten)]
    permission: pay::Permission,
}

const HELP: &str = "\
Examples:
  singapay call payment_links
  singapay call payment_links create --describe
  singapay call payment_links create reff_no=INV-1 payment_link_type=total total_amount=150000
  singapay call accounts list --all --json
  singapay call statements list --all
  singapay call disbursements check_fee bank_swift_code=CENAIDJA amount=50000
  singapay call disbursements transfer_disbursement bank_code=014 bank_account_number=1000000000 amount=10000 reference_number=PAY-1 --dry-run
  singapay call disbursements transfer_disbursement bank_code=014 bank_account_number=1000000000 amount=10000 reference_number=PAY-1 --pay-out --max-amount 10000 --yes

Hidden, of a dry run and of answers:
  the members that the documents of the API mark as sensitive: access_token, account_number, card_cvv, card_expiry,
  card_number, customer_id, customer_number, customer_pan, customer_phone, otp, otp_number, pan, password, phone,
  phone_no, phone_number, signature, token; and the headers that prove who calls. Everything else is shown: names,
  e-mail addresses, postal addresses and bank_account_number, too.

Exit status:
  0  done; what pays out was accepted, and the transaction's own status is in the answer
  1  refused: nothing happened. So ends a reference that was used before where the gateway calls it a wrong field,
     as of payment links (reff_no)
  2  fields or settings are wrong: nothing was sent
  3  unknown: it may have happened. Ask by the reference before anything is sent again
  4  the gateway's code says that the reference was used before: the original may have succeeded
  5  nothing came of it: no connection, no token, or a read without an answer
  6  not confirmed: nothing was sent";

/// Runs it.
pub(crate) fn run(args: &CallArgs, json: bool) -> ExitCode {
    let end = match args.product.as_deref().zip(args.verb.as_deref()) {
        None => table::overview(args.product.as_deref())
            .map(Output::text)
            .unwrap_or_else(Output::unusable),
        Some((product, verb)) => match table::find(product, verb) {
            Err(problem) => Output::unusable(problem),
            Ok(call) if args.describe => Output::text(call.describe()),
            Ok(call) => run_call(args, call).unwrap_or_else(|output| output),
        },
    };
    end.print(json)
}

fn run_call(args: &CallArgs, call: &'static Call) -> Result<Output, Output> {
    if args.all && !call.is_list {
        return Err(Output::unusable("--all is for lists".to_owned()));
    }
    let mut given = Given::new(call, args.all);
    args.fields.iter().for_each(|field| given.add(field));
    let mut settings = settings::of(args.sandbox_clock).map_err(failed_locally)?;
    let operation = call.operation();
    let dry_run =
        Arc::new(DryRun::new(operation.is_some_and(|operation| {
            operation.authentication != Authentication::Bearer
        })));
    if args.dry_run {
        settings = settings
            .transport(Arc::clone(&dry_run))
            .retry(RetryPolicy::never());
    }
    let client = settings.build().map_err(failed_locally)?;
    let started = match call.start {
        Start::Plain(start) => start(&client, given),
        Start::PaysOut(start) => {
            let policy = args.permission.policy(call, args.dry_run, &mut given)?;
            let handle = client.money_out(policy).map_err(|error| {
                Output::unusable(format!("{error}: --allow-production says so"))
            })?;
            let question = pay::question(call, &client, &given);
            let started = start(&handle, given);
            if started.is_ok() && !args.dry_run {
                args.permission.ask(&question)?;
            }
            started
        }
    };
    let sending = started.map_err(invalid)?;
    let end = runtime::new()?.block_on(sending);
    Ok(match args.dry_run {
        true => match dry_run.shown() {
            Some(request) => Output::value(request),
            None => output(end, args.reveal),
        },
        false => output(end, args.reveal),
    })
}

/// Fields and settings, before anything was sent.
fn invalid(invalid: Invalid) -> Output {
    match invalid {
        Invalid::Other(error) => failed_locally(error),
        Invalid::Fields(problems) => {
            let lines = problems
                .iter()
                .map(|(field, text)| format!("\n  {field}: {text}"));
            let text = format!("nothing was sent{}", lines.collect::<String>());
            let fields: Vec<Value> = problems
                .iter()
                .map(|(field, text)| json!({"field": field, "problem": text}))
                .collect();
            Output::failure(
                exit::UNUSABLE,
                text,
                json!({"outcome": "not_sent", "fields": fields}),
            )
        }
    }
}

fn failed_locally(error: Error) -> Output {
    Output::failure(exit::UNUSABLE, error.to_string(), facts("not_sent", &error))
}

fn output(end: End, reveal: bool) -> Output {
    match end {
        End::Answered(answered) => {
            let mut data = answered.data;
            if !reveal {
                shown::hide(&mut data);
            }
            let text = shown::text(&data);
            let value = json!({
                "outcome": "done", "status": answered.status, "code": answered.code, "data": data,
            });
            Output::both(text, value)
        }
        End::Refused(error) => refused(&error),
        End::Duplicate(unresolved) => open(
            exit::DUPLICATE,
            "duplicate",
            "the reference was used before",
            &unresolved,
        ),
        End::Unknown(unresolved) => open(
            exit::UNKNOWN,
            "unknown",
            "it may have been paid",
            &unresolved,
        ),
        End::Failed(error) => failed(&error),
    }
}

fn refused(error: &Error) -> Output {
    Output::failure(exit::REFUSED, error.to_string(), facts("refused", error))
}

/// A payout of which nobody knows what became of it.
fn open(status: u8, outcome: &str, words: &str, unresolved: &Unresolved) -> Output {
    let mut facts = facts(outcome, unresolved.error());
    facts["reference"] = unresolved.reference().into();
    facts["inquiry"] = unresolved.inquiry().into();
    let text = format!("{words}: {unresolved}. Do not send it again before you know");
    Output::failure(status, text, facts)
}

/// A call that pays nothing out and did not succeed.
fn failed(error: &Error) -> Output {
    let local = error.delivery() == Delivery::NotSent && error.attempts() == 0;
    if error.reason() == Some(Reason::DuplicateReference) {
        return Output::failure(
            exit::DUPLICATE,
            error.to_string(),
            facts("duplicate", error),
        );
    }
    if error.may_have_taken_effect() {
        let inquiry = error.inquiry().map(|inquiry| format!(" with {inquiry}"));
        let text = format!(
            "it may have taken effect: {error}. Ask{} before you send it again",
            inquiry.unwrap_or_default()
        );
        return Output::failure(exit::UNKNOWN, text, facts("unknown", error));
    }
    match error.delivery() {
        _ if local => Output::failure(exit::UNUSABLE, error.to_string(), facts("not_sent", error)),
        Delivery::Answered if error.status().is_some_and(|status| status < 500) => refused(error),
        // The proof of a token request holds the date.
        _ if error.kind() == ErrorKind::Credential => {
            let hint = settings::moved_clock().map(|hint| format!("; {hint}"));
            let text = format!("{error}{}", hint.unwrap_or_default());
            Output::failure(exit::NOTHING, text, facts("failed", error))
        }
        _ => Output::failure(exit::NOTHING, error.to_string(), facts("failed", error)),
    }
}

fn facts(outcome: &str, error: &Error) -> Value {
    let fields: Vec<Value> = error
        .field_errors()
        .iter()
        .map(|field| json!({"field": field.field}))
        .collect();
    json!({
        "outcome": outcome,
        "status": error.status(),
        "kind": format!("{:?}", error.kind()),
        "reason": error.reason().map(|reason| format!("{reason:?}")),
        "fields": fields,
    })
}

/// Where a client pays from, for a question.
fn place(client: &Singapay) -> String {
    match client.environment() {
        Environment::Sandbox => "the gateway's sandbox".to_owned(),
        Environment::Production => "PRODUCTION, with real money".to_owned(),
        other => other.endpoints().get(Host::Payment).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::generated::calls::HIDDEN;

    #[test]
    fn help_and_readme_name_exactly_what_is_hidden() {
        let readme = include_str!("../../../README.md").replace('`', "");
        for (text, start) in [
            (super::HELP, "mark as sensitive: "),
            (readme.as_str(), "mark as sensitive ("),
        ] {
            let told = text.split_once(start).map_or("", |(_, rest)| rest);
            let told = told.split([';', ')']).next().unwrap_or_default();
            let told: Vec<&str> = told.split(',').map(str::trim).collect();
            assert_eq!(told, HIDDEN);
        }
    }
}
