//! Field checks with the messages of the gateway's framework. All problems are collected before
//! anything is refused.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::refusal::{FieldErrors, Refusal};

static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// Reads the fields of one body and remembers what is wrong with them.
pub(crate) struct Fields<'a> {
    body: &'a Map<String, Value>,
    prefix: &'a str,
    errors: FieldErrors,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(body: &'a Map<String, Value>) -> Self {
        Self {
            body,
            prefix: "",
            errors: Vec::new(),
        }
    }

    /// Fields of a nested object; `prefix` is its name.
    pub(crate) fn nested(body: &'a Map<String, Value>, prefix: &'a str) -> Self {
        Self {
            body,
            prefix,
            errors: Vec::new(),
        }
    }

    /// Fields of an object that is not there.
    pub(crate) fn empty(prefix: &'a str) -> Self {
        Self::nested(&NOTHING, prefix)
    }

    /// Fields of a required object. Without it they are all missing, beside the object itself.
    pub(crate) fn member(&mut self, field: &'a str) -> Self {
        match self.required(field) {
            Some(Value::Object(object)) => Self::nested(object, field),
            found => {
                if found.is_some_and(|value| !value.is_array()) {
                    self.fail(field, format!("The {field} field must be an array."));
                }
                Self::empty(field)
            }
        }
    }

    /// The value of a field; null and empty text count as absent, as the framework has it.
    pub(crate) fn value(&self, field: &str) -> Option<&'a Value> {
        self.body.get(field).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        })
    }

    pub(crate) fn fail(&mut self, field: &str, message: impl Into<String>) {
        let name = if self.prefix.is_empty() {
            field.to_owned()
        } else {
            format!("{}.{field}", self.prefix)
        };
        self.errors.push((name, message.into()));
    }

    /// Reads every object of a list, which must have one; `false` when it is no such list.
    pub(crate) fn each(&mut self, field: &str, mut read: impl FnMut(&mut Fields<'_>)) -> bool {
        let list = self.value(field).and_then(Value::as_array);
        let Some(list) = list.filter(|list| !list.is_empty()) else {
            let message = format!("The {field} field must have at least 1 items.");
            self.fail(field, message);
            return false;
        };
        for (at, entry) in list.iter().enumerate() {
            let prefix = format!("{field}.{at}");
            let Some(object) = entry.as_object() else {
                self.fail(&prefix, format!("The {prefix} field must be an array."));
                continue;
            };
            let mut inner = Fields::nested(object, &prefix);
            read(&mut inner);
            self.absorb(inner);
        }
        true
    }

    pub(crate) fn absorb(&mut self, other: Fields<'_>) {
        self.errors.extend(other.errors);
    }

    fn label(&self, field: &str) -> String {
        let name = field.replace('_', " ");
        if self.prefix.is_empty() {
            name
        } else {
            format!("{}.{name}", self.prefix)
        }
    }

    pub(crate) fn required(&mut self, field: &str) -> Option<&'a Value> {
        let value = self.value(field);
        if value.is_none() {
            let label = self.label(field);
            self.fail(field, format!("The {label} field is required."));
        }
        value
    }

    /// A field that does not belong to what is asked for.
    pub(crate) fn prohibited(&mut self, field: &str) {
        if self.value(field).is_some() {
            let label = self.label(field);
            self.fail(field, format!("The {label} field is prohibited."));
        }
    }

    /// A required text of at most `max` characters; empty when refused.
    pub(crate) fn text(&mut self, field: &str, max: usize) -> String {
        if self.required(field).is_none() {
            return String::new();
        }
        self.optional_text(field, max).unwrap_or_default()
    }

    pub(crate) fn optional_text(&mut self, field: &str, max: usize) -> Option<String> {
        let value = self.value(field)?;
        let label = self.label(field);
        let Some(text) = value.as_str() else {
            self.fail(field, format!("The {label} field must be a string."));
            return None;
        };
        if text.chars().count() > max {
            self.fail(
                field,
                format!("The {label} field must not be greater than {max} characters."),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// Whole rupiah or another whole number within bounds; 0 when refused.
    pub(crate) fn integer(&mut self, field: &str, min: i64, max: i64) -> i64 {
        if self.required(field).is_none() {
            return 0;
        }
        self.optional_integer(field, min, max).unwrap_or(0)
    }

    pub(crate) fn optional_integer(&mut self, field: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.value(field)?;
        let label = self.label(field);
        let number = match value {
            Value::Number(_) => value.as_f64(),
            Value::String(text) => text.trim().parse::<f64>().ok().filter(|n| n.is_finite()),
            _ => None,
        };
        let Some(number) = number else {
            self.fail(field, format!("The {label} field must be a number."));
            return None;
        };
        let whole = value.as_i64().or_else(|| whole(number));
        let Some(whole) = whole else {
            self.fail(field, format!("The {label} field must be an integer."));
            return None;
        };
        if whole < min {
            self.fail(field, format!("The {label} field must be at least {min}."));
            return None;
        }
        if whole > max {
            self.fail(
                field,
                format!("The {label} field must not be greater than {max}."),
            );
            return None;
        }
        Some(whole)
    }

    pub(crate) fn optional_bool(&mut self, field: &str) -> Option<bool> {
        match self.value(field)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(n) if n.as_i64() == Some(0) || n.as_i64() == Some(1) => {
                Some(n.as_i64() == Some(1))
            }
            Value::String(text) if text == "0" || text == "1" => Some(text == "1"),
            _ => {
                let label = self.label(field);
                self.fail(field, format!("The {label} field must be true or false."));
                None
            }
        }
    }

    pub(crate) fn email(&mut self, field: &str, max: usize) -> String {
        let text = self.text(field, max);
        if !text.is_empty() && !is_email(&text) {
            self.no_email(field);
        }
        text
    }

    pub(crate) fn no_email(&mut self, field: &str) {
        let label = self.label(field);
        self.fail(
            field,
            format!("The {label} field must be a valid email address."),
        );
    }

    /// A text that must be one of a list.
    pub(crate) fn one_of(&mut self, field: &str, known: &[&str]) -> Option<String> {
        let text = self.optional_text(field, 255)?;
        if !known.contains(&text.as_str()) {
            self.invalid(field);
            return None;
        }
        Some(text)
    }

    pub(crate) fn url(&mut self, field: &str, max: usize) -> Option<String> {
        let text = self.optional_text(field, max)?;
        if !text.starts_with("http://") && !text.starts_with("https://") {
            let label = self.label(field);
            self.fail(field, format!("The {label} field must be a valid URL."));
        }
        Some(text)
    }

    pub(crate) fn invalid(&mut self, field: &str) {
        let label = self.label(field);
        self.fail(field, format!("The selected {label} is invalid."));
    }

    pub(crate) fn bad_format(&mut self, field: &str) {
        let label = self.label(field);
        self.fail(field, format!("The {label} field format is invalid."));
    }

    /// Everything was fine, or all that was not.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.errors))
        }
    }
}

/// A name and a host around one `@`, without spaces.
pub(crate) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.len() > 2 && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

fn whole(number: f64) -> Option<i64> {
    // Exact up to 2^53, far above any amount that is allowed.
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn collects_every_problem_in_the_frameworks_words() {
        let body: Value =
            serde_json::from_str(r#"{"amount":{"value":1},"title":"","n":1.5,"few":3}"#).unwrap();
        let mut fields = Fields::of(body.as_object().unwrap());
        fields.integer("amount", 1, 10);
        fields.text("title", 5);
        fields.integer("n", 1, 10);
        fields.integer("few", 5, 10);
        fields.text("bank_code", 5);
        let Err(Refusal::Fields(errors)) = fields.finish() else {
            panic!("accepted")
        };
        let messages: Vec<_> = errors.iter().map(|(_, message)| message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "The amount field must be a number.",
                "The title field is required.",
                "The n field must be an integer.",
                "The few field must be at least 5.",
                "The bank code field is required.",
            ]
        );
    }
}
