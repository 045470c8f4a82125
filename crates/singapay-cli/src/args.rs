use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};
use singapay_sandbox::command::Options as Sandbox;

/// Operations, payouts from files, signatures, webhook verification and a local sandbox of the SingaPay API.
#[derive(Debug, Parser)]
#[command(name = "singapay", version, about)]
pub(crate) struct Args {
    /// Print JSON instead of lines.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the canonical form of a JSON document.
    Canonicalize(Canonicalize),
    /// Sign a request (scheme C), showing every step.
    Sign(Sign),
    /// Verify a webhook delivery, showing every step.
    Verify(Verify),
    #[cfg(feature = "call")]
    Call(crate::commands::call::CallArgs),
    #[cfg(feature = "call")]
    Doctor(crate::commands::doctor::DoctorArgs),
    #[cfg(feature = "call")]
    Listen(crate::commands::listen::ListenArgs),
    #[cfg(feature = "call")]
    Logs(crate::commands::logs::LogsArgs),
    #[cfg(feature = "call")]
    Replay(crate::commands::replay::ReplayArgs),
    #[cfg(feature = "call")]
    Trigger(crate::commands::trigger::TriggerArgs),
    /// Pay what a file lists, over restarts; see what became of it, and approve.
    #[cfg(feature = "payouts")]
    Payouts(crate::payouts::Payouts),
    /// Write the completions of a shell, as in `singapay completions bash > ~/.local/share/bash-completion/completions/singapay`.
    #[cfg(feature = "pages")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual, as in `singapay man | man -l -`.
    #[cfg(feature = "pages")]
    Man,
    /// Serve the gateway on this machine until Ctrl-C or SIGTERM. No real money.
    Sandbox(Sandbox),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormArg {
    /// The SDK's own output; refuses what PHP would write differently.
    Outbound,
    /// The result of PHP's decode, sort and encode, lists of 11 or more included.
    Php,
}

#[derive(Debug, Arguments)]
pub(crate) struct Canonicalize {
    /// Canonical form to write.
    #[arg(long, value_enum)]
    pub(crate) form: FormArg,
    /// File with the document; `-` or nothing reads standard input.
    #[arg(default_value = "-")]
    pub(crate) file: String,
}

#[derive(Debug, Arguments)]
pub(crate) struct Sign {
    /// HTTP method.
    #[arg(long)]
    pub(crate) method: String,
    /// Path and query exactly as sent, such as `/api/v2.0/ewallet/trigger-topup`.
    #[arg(long)]
    pub(crate) path: String,
    /// Text of the `X-Timestamp` header; Unix seconds.
    #[arg(long)]
    pub(crate) timestamp: String,
    #[command(flatten)]
    pub(crate) secrets: Secrets,
    /// File with the body, empty for none; `-` or nothing reads standard input.
    #[arg(default_value = "-")]
    pub(crate) file: String,
}

#[derive(Debug, Arguments)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) source: Source,
}

/// The delivery that is verified: of a file, or of a sandbox's log.
#[derive(Debug, Arguments)]
pub(crate) struct Source {
    /// Path and query exactly as registered in the dashboard.
    #[arg(long)]
    #[cfg_attr(feature = "call", arg(required_unless_present = "delivery"))]
    #[cfg_attr(not(feature = "call"), arg(required = true))]
    pub(crate) path: Option<String>,
    /// Text of the `X-Signature` header.
    #[arg(long)]
    #[cfg_attr(feature = "call", arg(required_unless_present = "delivery"))]
    #[cfg_attr(not(feature = "call"), arg(required = true))]
    pub(crate) signature: Option<String>,
    /// Text of the `X-Timestamp` header. Its age is not judged.
    #[arg(long)]
    #[cfg_attr(feature = "call", arg(required_unless_present = "delivery"))]
    #[cfg_attr(not(feature = "call"), arg(required = true))]
    pub(crate) timestamp: Option<String>,
    /// Name of the environment variable with the client secret.
    #[arg(long, value_name = "VAR")]
    #[cfg_attr(feature = "call", arg(required_unless_present = "delivery"))]
    #[cfg_attr(not(feature = "call"), arg(required = true))]
    pub(crate) secret_env: Option<String>,
    /// Name of the environment variable with the token, with or without `Bearer `.
    #[arg(long, value_name = "VAR")]
    #[cfg_attr(feature = "call", arg(required_unless_present = "delivery"))]
    #[cfg_attr(not(feature = "call"), arg(required = true))]
    pub(crate) token_env: Option<String>,
    /// File with the body as received; `-` or nothing reads standard input.
    #[arg(default_value = "-")]
    pub(crate) file: String,
    /// Take the delivery of this number from the log of a running sandbox; `singapay logs --deliveries` has the
    /// numbers. The secret is that of the credential which the settings of a client have for it.
    #[cfg(feature = "call")]
    #[arg(long, value_name = "N", conflicts_with_all = ["path", "signature", "timestamp", "token_env", "file"])]
    pub(crate) delivery: Option<u64>,
    /// Address of the sandbox; SINGAPAY_BASE_URL, unless it is given.
    #[cfg(feature = "call")]
    #[arg(long, value_name = "SANDBOX", requires = "delivery")]
    pub(crate) url: Option<String>,
}

#[derive(Debug, Arguments)]
pub(crate) struct Secrets {
    /// Name of the environment variable with the client secret.
    #[arg(long, value_name = "VAR")]
    pub(crate) secret_env: String,
    /// Name of the environment variable with the token, with or without `Bearer `.
    #[arg(long, value_name = "VAR")]
    pub(crate) token_env: String,
}
