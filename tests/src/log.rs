//! Catches everything that is logged in this process, at every level.

use std::{
    fmt::Write as _,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

static LINES: Mutex<String> = Mutex::new(String::new());

/// Starts to catch; once or often.
pub fn catch() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        tracing::subscriber::set_global_default(Catcher(AtomicU64::new(1))).unwrap();
        log::set_logger(&LogCatcher).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

/// Everything so far.
pub fn caught() -> String {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

struct Catcher(AtomicU64);

struct Writer<'a>(&'a mut String);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

fn line(metadata: &Metadata<'_>, record: impl FnOnce(&mut Writer<'_>)) {
    let mut text = format!("{} {}", metadata.level(), metadata.target());
    record(&mut Writer(&mut text));
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.push_str(&text);
    lines.push('\n');
}

impl Subscriber for Catcher {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // The mock server plays the gateway; what it logs is not ours.
        !metadata.target().starts_with("httpmock")
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        line(span.metadata(), |writer| span.record(writer));
        span::Id::from_u64(self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        values.record(&mut Writer(&mut lines));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        line(event.metadata(), |writer| event.record(writer));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct LogCatcher;

impl log::Log for LogCatcher {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        !metadata.target().starts_with("httpmock")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(lines, "{} {}", record.target(), record.args());
        }
    }

    fn flush(&self) {}
}
