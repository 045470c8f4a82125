//! Objects as the admin side lists them: the newest first, with what can be done to each.

use serde::Serialize;
use serde_json::Value;

use crate::{state::World, table::Table, wire_time::At};

/// Characters that a list tells of a text; a merchant's can be of any length.
const TOLD: usize = 300;

/// The objects of one table.
pub(crate) struct Listing {
    /// Name in the route.
    pub(crate) kind: &'static str,
    pub(crate) flow: Flow,
    pub(crate) count: fn(&World) -> usize,
    pub(crate) newest: fn(&World, Window) -> Vec<Listed>,
}

/// The listing of a table of the world: its name in the route, the way of the money, the table, and what shows a row.
macro_rules! listing {
    ($kind:literal, $flow:ident, $table:ident, $show:path) => {
        $crate::listing::Listing {
            kind: $kind,
            flow: $crate::listing::Flow::$flow,
            count: |world| world.$table.len(),
            newest: |world, window| {
                window.rows(&world.$table, |row, record| $show(world, row, record))
            },
        }
    };
}
pub(crate) use listing;

/// The way of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flow {
    In,
    Out,
}

/// The part of a table that is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// Rows before this one.
    pub(crate) before: u64,
    pub(crate) limit: usize,
}

impl Window {
    pub(crate) fn rows<T>(self, table: &Table<T>, show: impl Fn(u64, &T) -> Listed) -> Vec<Listed> {
        let rows = table.iter_before(self.before).take(self.limit);
        rows.map(|(row, record)| show(row, record)).collect()
    }
}

/// One object.
#[derive(Serialize)]
pub(crate) struct Listed {
    row: u64,
    id: String,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Whole rupiah.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    about: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_millis: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Next>,
    /// Address of its page for customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    actions: Vec<Action>,
}

/// What happens by itself, unless something is done before.
#[derive(Serialize)]
struct Next {
    event: &'static str,
    at_millis: i64,
}

/// A request to the admin side, which is a POST.
#[derive(Serialize)]
struct Action {
    name: &'static str,
    /// Below `/_sandbox`.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

impl Listed {
    pub(crate) fn new(row: u64, id: &str, status: &str) -> Self {
        Self {
            row,
            id: told(id),
            status: status.to_owned(),
            account: None,
            reference: None,
            amount: None,
            about: String::new(),
            at_millis: None,
            next: None,
            page: None,
            actions: Vec::new(),
        }
    }

    /// The account that it belongs to.
    pub(crate) fn of(mut self, world: &World, account: u64) -> Self {
        self.account = world
            .accounts
            .get(account)
            .map(|account| account.id.clone());
        self
    }

    pub(crate) fn reference(mut self, reference: Option<&str>) -> Self {
        self.reference = reference.map(told);
        self
    }

    pub(crate) fn amount(mut self, rupiah: i64) -> Self {
        self.amount = Some(rupiah);
        self
    }

    pub(crate) fn about(mut self, text: &str) -> Self {
        self.about = told(text);
        self
    }

    pub(crate) fn at(mut self, at: At) -> Self {
        self.at_millis = Some(at.0);
        self
    }

    pub(crate) fn next(mut self, open: bool, event: &'static str, at: Option<At>) -> Self {
        let at = at.filter(|_| open);
        self.next = at.map(|at| Next {
            event,
            at_millis: at.0,
        });
        self
    }

    pub(crate) fn page(mut self, address: Option<String>) -> Self {
        self.page = address;
        self
    }

    /// Adds an action, if it is possible now.
    pub(crate) fn can(
        mut self,
        possible: bool,
        name: &'static str,
        path: &str,
        body: impl Into<Option<Value>>,
    ) -> Self {
        if possible {
            self.actions.push(Action {
                name,
                path: path.to_owned(),
                body: body.into(),
            });
        }
        self
    }
}

fn told(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(TOLD) else {
        return text.to_owned();
    };
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(told("é"), "é");
        let long = told(&"é".repeat(10_000));
        assert_eq!(long.chars().count(), TOLD + 1);
        assert!(long.ends_with("é…"));
    }
}
