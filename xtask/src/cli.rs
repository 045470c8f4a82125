//! The command line.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};

use crate::{
    diff, document,
    error::{Error, Result},
    foreign, generate,
    output::Difference,
    pipeline, published, update, vendor,
};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Maintainers' commands")]
struct Cli {
    /// Another root than that of this repository, for tests.
    #[arg(long, global = true, hide = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take over a published document as the vendored one.
    Vendor(Published),
    /// Try a published document as the next one of a host, with everything that follows from it, and
    /// take it over if nothing stands in the way. Prints one page for review; ends like `diff`.
    Update {
        #[command(flatten)]
        given: Published,
        /// Leave out compiling and snapshots.
        #[arg(long)]
        quick: bool,
        /// Describe new operations as copies of their neighbours, which are not offered until
        /// somebody confirms them.
        #[arg(long)]
        stubs: bool,
    },
    /// Write all generated files.
    Generate {
        /// Compare instead of writing; fail if anything differs.
        #[arg(long)]
        check: bool,
    },
    /// Write the lowered documents and the lowering report only.
    Lower,
    /// Print a published document with its overlay applied, in one piece: what the gateway is held
    /// to.
    Overlaid {
        /// payment, biller or identity.
        host: String,
    },
    /// Tell what a new document means for users; ends with the status of the verdict: 0 nothing,
    /// 10 patch, 11 minor, 12 major, 20 undecided.
    Diff {
        /// A host, whose checked-in document is meant; or a document; or the root of a repository.
        old: PathBuf,
        /// The document or root after.
        new: PathBuf,
        /// The host whose overlay the documents get.
        #[arg(long)]
        host: Option<String>,
    },
    /// Generate clients from documents of other services and tell how that went.
    Foreign {
        /// Documents, as JSON or YAML, or folders of them.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Compile each client with `cargo check`.
        #[arg(long)]
        check: bool,
        /// Write the clients into this folder.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// A published document.
#[derive(Debug, Args)]
struct Published {
    /// payment, biller or identity.
    host: String,
    /// The document, as JSON or YAML.
    file: PathBuf,
    /// Origin of the document, in a few words.
    #[arg(long)]
    origin: Option<String>,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let Cli { root, command } = Cli::parse();
    match execute(&root.unwrap_or_else(self::root), command) {
        Ok((text, code)) => {
            // A reader that stops reading, such as `head`, is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            code
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Gives what to print and how to end.
fn execute(root: &Path, command: Command) -> Result<(String, ExitCode)> {
    let done = |text: String| Ok((text, ExitCode::SUCCESS));
    match command {
        Command::Vendor(Published { host, file, origin }) => {
            let origin = origin.as_deref();
            done(vendor::take(root, &host, &file, origin)?)
        }
        Command::Update {
            given,
            quick,
            stubs,
        } => {
            let Published { host, file, origin } = given;
            let review = update::update(root, &host, &file, origin.as_deref(), !quick, stubs)?;
            Ok((review.to_string(), review.verdict().into()))
        }
        Command::Generate { check } => {
            let (text, current) = generate(root, check)?;
            Ok((text, u8::from(check && !current).into()))
        }
        Command::Lower => {
            let pipeline = pipeline::run(root)?;
            let text = obsolete(&pipeline.obsolete);
            let mut difference = Difference::find(root, pipeline.outputs)?;
            difference.stale.clear();
            difference.apply(root)?;
            let count = difference.changed.len();
            done(format!("{text}{count} files written\n"))
        }
        Command::Overlaid { host } => done(overlaid(root, &host)?),
        Command::Diff { old, new, host } => {
            let review = diff::words(root, &old, &new, host.as_deref())?;
            Ok((review.to_string(), review.verdict().into()))
        }
        Command::Foreign { files, check, out } => {
            let (text, good) = foreign::measure(root, &files, check, out.as_deref())?;
            Ok((text, u8::from(!good).into()))
        }
    }
}

fn overlaid(root: &Path, name: &str) -> Result<String> {
    let name = host(name)?;
    let (document, overlay) = published::checked_in(root, name)?;
    let published = published::Published::of(name, &document, &overlay)?;
    published.unmatched()?;
    Ok(document::to_text(&published.corrected))
}

/// Makes all generated files below `root`, or only compares them. Gives what to print, and whether
/// the files were what they should be.
///
/// # Errors
///
/// Documents that cannot be read, overlays that match nothing, schemas that cannot be lowered.
pub fn generate(root: &Path, check: bool) -> Result<(String, bool)> {
    let pipeline = pipeline::run(root)?;
    let mut outputs = pipeline.outputs;
    outputs.extend(generate::outputs(&pipeline.lowered)?);
    let count = outputs.len();
    let difference = Difference::find(root, outputs)?;
    let (changed, stale) = (difference.changed.len(), difference.stale.len());
    let mut text = obsolete(&pipeline.obsolete);
    if check && !difference.is_empty() {
        let (diff, files) = (difference.to_diff(root), changed + stale);
        text += &format!("{diff}{files} files differ; run `cargo xtask generate`\n");
        return Ok((text, false));
    }
    if !check {
        difference.apply(root)?;
    }
    text += &format!("{count} files, {changed} written, {stale} deleted\n");
    Ok((text, difference.is_empty()))
}

fn obsolete(actions: &[String]) -> String {
    actions
        .iter()
        .map(|action| format!("warning: obsolete overlay action, {action}\n"))
        .collect()
}

/// The root of the repository: the folder above this package.
fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// The name of a host, if it is one.
pub fn host(name: &str) -> Result<&'static str> {
    let host = published::HOSTS.into_iter().find(|host| *host == name);
    host.ok_or_else(|| {
        let hosts = published::HOSTS.join(", ");
        let why = format_args!("`{name}` is no host; hosts are {hosts}");
        Error::new("arguments", why)
    })
}
