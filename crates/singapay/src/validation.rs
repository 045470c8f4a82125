//! Local checks of a request: every offending field is reported at once, before anything is sent.

mod format;
mod pattern;
mod rule;

use singapay_core::{Operation, envelope::FieldError, path::is_segment, time::Timestamp};

pub(crate) use format::Format;
pub(crate) use rule::{FieldValue, Rule, When};

use crate::error::Error;

/// Limits of a text. Lengths count characters, as the gateway does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Text {
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    /// Regular expression that the text must match.
    pub(crate) pattern: Option<&'static str>,
}

/// Limits of a number, or of an amount in whole rupiah.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Number {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) multiple_of: Option<i64>,
}

/// Limits of a list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct List {
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
}

/// Limits of a text, as generated code writes them.
pub(crate) const fn text(
    min: Option<usize>,
    max: Option<usize>,
    pattern: Option<&'static str>,
) -> Text {
    Text { min, max, pattern }
}

/// Limits of a number, the same way.
pub(crate) const fn number(min: Option<i64>, max: Option<i64>, multiple_of: Option<i64>) -> Number {
    Number {
        min,
        max,
        multiple_of,
    }
}

/// Limits of a list, the same way.
pub(crate) const fn list(min: Option<usize>, max: Option<usize>) -> List {
    List { min, max }
}

/// Collects what is wrong with a request.
#[derive(Debug)]
pub(crate) struct Check {
    operation: &'static Operation,
    problems: Vec<FieldError>,
}

impl Check {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            problems: Vec::new(),
        }
    }

    /// A problem with a field.
    pub(crate) fn report(&mut self, field: &str, message: impl Into<String>) {
        let message = message.into();
        match self.problems.iter_mut().find(|known| known.field == field) {
            // Two rules may ask for one thing.
            Some(known) if known.messages.contains(&message) => {}
            Some(known) => known.messages.push(message),
            None => self.problems.push(FieldError::new(field, message)),
        }
    }

    /// A required field: reports it when it is absent.
    pub(crate) fn required<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.report(field, "is required");
        }
        value
    }

    /// An account id: a ULID, 26 characters.
    pub(crate) fn account_id(&mut self, field: &str, account_id: &str) {
        if !is_ulid(account_id) {
            self.report(field, "must be an account id: a ULID of 26 characters");
        }
    }

    /// The account of a call.
    pub(crate) fn account(&mut self, account_id: Option<&str>) {
        match account_id {
            Some(account_id) => self.account_id("account_id", account_id),
            None => self.report(
                "account_id",
                "is required: the client has no account of its own",
            ),
        }
    }

    /// Any other id that becomes a path segment.
    pub(crate) fn path(&mut self, field: &str, text: &str) {
        if text.is_empty() {
            self.report(field, "must not be empty");
        } else if !is_segment(text) {
            self.report(
                field,
                "may hold letters, digits and -._~ only, and not dots alone",
            );
        }
    }

    /// Text.
    pub(crate) fn text(&mut self, field: &str, text: &str, limits: &Text) {
        self.length(
            field,
            text.chars().count(),
            "characters",
            limits.min,
            limits.max,
        );
        if let Some(pattern) = limits.pattern
            && !pattern::fits(pattern, text)
        {
            self.report(field, pattern::words(pattern));
        }
    }

    /// A time, as far as it can be read: what the gateway takes for none is none.
    pub(crate) fn time(&mut self, field: &str, instant: Option<Timestamp>) {
        if instant.is_none() {
            self.report(field, "must be a time that can be read");
        }
    }

    /// A list.
    pub(crate) fn list(&mut self, field: &str, length: usize, limits: &List) {
        self.length(field, length, "entries", limits.min, limits.max);
    }

    /// A whole number, or an amount in whole rupiah.
    pub(crate) fn number(&mut self, field: &str, number: i64, limits: &Number) {
        if let Some(min) = limits.min
            && number < min
        {
            self.report(field, format!("must be at least {min}"));
        }
        if let Some(max) = limits.max
            && number > max
        {
            self.report(field, format!("must be at most {max}"));
        }
        if let Some(step) = limits.multiple_of
            && step != 0
            && number % step != 0
        {
            self.report(field, format!("must be a multiple of {step}"));
        }
    }

    fn length(
        &mut self,
        field: &str,
        length: usize,
        unit: &str,
        min: Option<usize>,
        max: Option<usize>,
    ) {
        match (min, max) {
            (Some(1), _) if length == 0 => self.report(field, "must not be empty"),
            (Some(min), Some(max)) if min == max && length != min => {
                self.report(field, format!("must have exactly {min} {unit}"));
            }
            (Some(min), _) if length < min => {
                self.report(field, format!("must have at least {min} {unit}"));
            }
            (_, Some(max)) if length > max => {
                self.report(field, format!("must have at most {max} {unit}"));
            }
            _ => {}
        }
    }

    /// Ends the check.
    ///
    /// # Errors
    ///
    /// One error that names every offending field.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid_input(self.operation, self.problems))
        }
    }

    /// Error for the caller, rather than a panic, should a required field be missing after all.
    pub(crate) fn incomplete(operation: &'static Operation) -> Error {
        let problem = FieldError::new("body", "a required field is missing");
        Error::invalid_input(operation, vec![problem])
    }
}

/// Crockford base 32 in upper or lower case; the first character keeps it within 128 bits.
pub(crate) fn is_ulid(text: &str) -> bool {
    text.len() == 26
        && text.starts_with(|first: char| ('0'..='7').contains(&first))
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric() && !matches!(c.to_ascii_uppercase(), 'I' | 'L' | 'O' | 'U')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn problems(check: impl FnOnce(&mut Check)) -> Vec<String> {
        let mut collected = Check::new(&singapay_api::operations::TOPUP_EWALLET);
        check(&mut collected);
        let Err(error) = collected.finish() else {
            return Vec::new();
        };
        let fields = error.field_errors().iter();
        fields
            .map(|field| format!("{} {}", field.field, field.messages.join(", ")))
            .collect()
    }

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        let of = |id: &str| problems(|check| check.path("id", id));
        for id in ["7", ".a", "a.", "a..b", "a-b_c~d"] {
            assert!(of(id).is_empty(), "{id}");
        }
        for id in [
            ".", "..", "...", "a/b", "a\\b", "..\\x", "%2e%2e", "a b", "é", "a\nb", "\0", "7\u{7f}",
        ] {
            let problem = "id may hold letters, digits and -._~ only, and not dots alone";
            assert_eq!(of(id), [problem], "{id}");
        }
        assert_eq!(of(""), ["id must not be empty"]);
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let found = problems(|check| {
            check.account_id("account_id", "01K946KF851RK7FX075GJHBVK");
            check.required::<()>("title", None);
            let four = Text {
                min: Some(4),
                max: Some(4),
                pattern: None,
            };
            check.text("card_expiry", "123", &four);
            let two = Text {
                min: None,
                max: Some(2),
                pattern: Some("^[A-Za-z]{2}$"),
            };
            check.text("name", "ÄBC", &two);
            let bounds = Number {
                min: Some(50),
                max: Some(100),
                multiple_of: Some(50),
            };
            check.number("low", 10, &bounds);
            check.number("high", 150, &bounds);
            check.list(
                "items",
                0,
                &List {
                    min: Some(1),
                    max: None,
                },
            );
            check.path("id", "..");
        });
        insta::assert_snapshot!(found.join("\n"));
    }

    #[test]
    fn what_fits_passes() {
        let found = problems(|check| {
            check.account_id("account_id", "01K946KF851RK7FX075GJHBVKF");
            // Characters count, not bytes.
            let two = Text {
                min: Some(2),
                max: Some(2),
                pattern: Some(r"^[\p{L}\p{N} /]*$"),
            };
            check.text("name", "éé", &two);
            let bounds = Number {
                min: Some(50),
                max: Some(100),
                multiple_of: Some(50),
            };
            check.number("edge", 50, &bounds);
            check.number("edge", 100, &bounds);
            check.list(
                "items",
                1,
                &List {
                    min: Some(1),
                    max: Some(1),
                },
            );
            check.path("id", "a.b");
        });
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn only_a_ulid_is_an_account_id() {
        for text in ["01K946KF851RK7FX075GJHBVKF", "01k946kf851rk7fx075gjhbvkf"] {
            assert!(is_ulid(text), "{text}");
        }
        for text in [
            "",
            "01K946KF851RK7FX075GJHBVK",
            "01K946KF851RK7FX075GJHBVKFF",
            "81K946KF851RK7FX075GJHBVKF",
            // Letters that look like digits.
            "01K946KF851RK7FX075GJHBVKI",
            "01K946KF851RK7FX075GJHBVKL",
            "01K946KF851RK7FX075GJHBVKO",
            "01K946KF851RK7FX075GJHBVKU",
            "01K946KF851RK7FX075GJHBVKu",
            "01K946KF851RK7FX075GJHBV/F",
            "01K946KF851RK7FX075GJHBVK/",
            "01K946KF851RK7FX075GJHBVK\u{661}",
        ] {
            assert!(!is_ulid(text), "{text}");
        }
    }
}
