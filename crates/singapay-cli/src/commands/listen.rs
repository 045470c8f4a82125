//! `singapay listen`: takes deliveries on this machine, verifies them, tells of each and hands it on.

use std::{io::Write as _, net::Ipv4Addr, process::ExitCode, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use clap::Args;
use serde_json::{Value, json};
use singapay::webhook::{ReceiveError, Receiver, VerifiedEvent, VerifyError};
use singapay_sandbox::WebhookKind;
use tokio::net::TcpListener;

use crate::{
    admin::Admin,
    deliver::{self, Target},
    interrupt::asked_to_stop,
    output::Output,
    runtime, settings,
    terminal::{self, printable},
};

/// Take deliveries on this machine, verify them, print a line for each, and hand them on.
///
/// Path and query are those of the target, because the gateway signs them. A sandbox on this machine
/// (SINGAPAY_BASE_URL) is told the address until this ends, for all kinds that it has no address for; the gateway itself
/// needs one that it can reach. What does not verify is answered with 401 and not handed on; else the target's own answer goes back.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct ListenArgs {
    /// Address of the shop.
    #[arg(long, value_name = "URL")]
    forward_to: String,
    /// Port to listen on, on loopback; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Take over the kinds that the sandbox has an address for too; that is lost.
    #[arg(long, conflicts_with = "no_register")]
    take_over: bool,
    /// Do not tell the sandbox.
    #[arg(long)]
    no_register: bool,
    /// Go by the clock of the sandbox on this machine.
    #[arg(long)]
    sandbox_clock: bool,
}

const HELP: &str = "\
Examples:
  timeout 2 singapay listen --forward-to $SHOP/hooks/singapay || test $? -eq 124
  timeout 2 singapay listen --forward-to $SHOP/hooks/singapay --json || test $? -eq 124

Each line tells kind, reference, amount and the status that was answered; with --json it is one object.

Exit status:
  0  ended by Ctrl-C or SIGTERM
  2  address, port or settings cannot be used";

/// Headers of a delivery that are handed on.
const HANDED_ON: [&str; 6] = [
    "content-type",
    "user-agent",
    "authorization",
    "x-partner-id",
    "x-timestamp",
    "x-signature",
];

struct Post {
    target: Target,
    receiver: Receiver,
    json: bool,
}

/// Runs it.
pub(crate) fn run(args: &ListenArgs, json: bool) -> ExitCode {
    let end = match runtime::new() {
        Ok(runtime) => runtime
            .block_on(listen(args, json))
            .map_err(Output::unusable),
        Err(output) => Err(output),
    };
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(output) => {
            terminal::progress("");
            output.print(json)
        }
    }
}

async fn listen(args: &ListenArgs, json: bool) -> Result<(), String> {
    let target = Target::parse(&args.forward_to)?;
    let settings = settings::of(args.sandbox_clock).map_err(|error| error.to_string())?;
    let client = settings.build().map_err(|error| error.to_string())?;
    let receiver = client
        .webhook_receiver(&target.path)
        .map_err(|error| error.to_string())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .await
        .map_err(|error| format!("port {} cannot be used: {error}", args.port))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let url = format!("http://{address}{}", target.path);
    let sandbox = match args.no_register {
        true => None,
        false => Admin::from_env().ok(),
    };
    terminal::progress("telling the sandbox …");
    let (kinds, kept) = match &sandbox {
        Some(sandbox) => kinds(sandbox, args.take_over).await?,
        None => (vec![], vec![]),
    };
    // From here on a signal may not end it before the sandbox knows.
    let stop = asked_to_stop();
    let registered = match &sandbox {
        Some(sandbox) => register(sandbox, &kinds, Some(&url)).await,
        None => Ok(()),
    };
    terminal::progress("");
    let end = match registered {
        Ok(()) => {
            ready(json, &url, &kinds, &kept);
            let post = Post {
                target,
                receiver,
                json,
            };
            serve(listener, post, stop).await
        }
        Err(problem) => Err(problem),
    };
    // Whatever ended it, the sandbox sends there no more.
    if let Some(sandbox) = &sandbox {
        register(sandbox, &kinds, None).await?;
    }
    end
}

fn ready(json: bool, url: &str, kinds: &[WebhookKind], kept: &[WebhookKind]) {
    let is_registered = !kinds.is_empty();
    let kept: Vec<&str> = kept.iter().map(|kind| kind.field()).collect();
    say(
        json,
        &json!({"listening": url, "registered": is_registered, "kept": kept}),
        &match is_registered {
            true if !kept.is_empty() => format!(
                "listening at {url}, and the sandbox sends there, but for what it has an address for: {}",
                kept.join(", ")
            ),
            false if !kept.is_empty() => format!(
                "listening at {url}; the sandbox has an address for every kind, which --take-over takes over"
            ),
            true => format!("listening at {url}, and the sandbox sends there"),
            false => format!(
                "listening at {url}; register an address that leads here, with this path and query"
            ),
        },
    );
}

async fn serve(
    listener: TcpListener,
    post: Post,
    stop: impl Future<Output = ()>,
) -> Result<(), String> {
    let router = Router::new().fallback(take).with_state(Arc::new(post));
    let serving = axum::serve(listener, router).into_future();
    tokio::select! {
        result = serving => result.map_err(|error| error.to_string()),
        () = stop => Ok(()),
    }
}

/// The kinds to take, and those that the sandbox has an address for: it does not tell which, so that it could not be
/// set again.
async fn kinds(
    sandbox: &Admin,
    take_over: bool,
) -> Result<(Vec<WebhookKind>, Vec<WebhookKind>), String> {
    let about = sandbox.get("").await?;
    let taken = about["webhooks"].as_array();
    let is_free = |kind: &WebhookKind| {
        take_over || taken.is_some_and(|taken| !taken.iter().any(|it| it == kind.field()))
    };
    Ok(WebhookKind::ALL.iter().copied().partition(is_free))
}

/// Tells the sandbox the address for these kinds.
async fn register(sandbox: &Admin, kinds: &[WebhookKind], url: Option<&str>) -> Result<(), String> {
    for kind in kinds {
        let path = format!("/webhooks/{}", kind.field());
        sandbox.post(&path, &json!({"url": url})).await?;
    }
    Ok(())
}

/// One delivery.
async fn take(
    State(post): State<Arc<Post>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    if path != post.target.path {
        let value = json!({"refused": "another path", "path": path, "status": 404});
        say(
            post.json,
            &value,
            &format!(
                "refused: sent to {}, which is not {}",
                printable(path),
                post.target.path
            ),
        );
        return StatusCode::NOT_FOUND.into_response();
    }
    let event = match post.receiver.receive(&headers, body.clone()) {
        Ok(event) => event,
        Err(error) => {
            let (status, mut reason) = (error.status(), error.to_string());
            if let ReceiveError::Refused(VerifyError::Stale { .. }) = &error
                && let Some(hint) = settings::moved_clock()
            {
                reason = format!("{reason}; {hint}");
            }
            let value = json!({"refused": reason, "status": status.as_u16()});
            say(
                post.json,
                &value,
                &format!("refused: {reason} -> {}", status.as_u16()),
            );
            return status.into_response();
        }
    };
    let mut on = HeaderMap::new();
    for name in HANDED_ON {
        if let Some(value) = headers.get(name) {
            on.insert(name, value.clone());
        }
    }
    let (status, answer) =
        match deliver::send(&post.target, &on, &body, Duration::from_secs(30)).await {
            Ok(answer) => (answer.status, answer.body),
            // The gateway sends again after this.
            Err(problem) => (503, problem),
        };
    tell(&post, &event, status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, answer).into_response()
}

fn tell(post: &Post, event: &VerifiedEvent, status: u16) {
    let reference = event.merchant_reference().map(|text| printable(&text));
    let amount = event.amounts().gross.map(|amount| amount.to_string());
    let value: Value = json!({
        "kind": event.kind().as_str(), "reference": reference, "amount": amount, "status": status,
    });
    let text = format!(
        "{:<26} {:<24} {:>14} -> {status}",
        event.kind().as_str(),
        reference.as_deref().unwrap_or("-"),
        amount.as_deref().unwrap_or("-"),
    );
    say(post.json, &value, &text);
}

/// A line to standard output, which may have been closed; deliveries go on.
fn say(json: bool, value: &Value, text: &str) {
    let line = if json {
        value.to_string()
    } else {
        text.to_owned()
    };
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
