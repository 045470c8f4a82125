//! Page metadata, in every spelling that was seen.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};

use crate::tolerant;

/// Position of an answer in a list.
///
/// Every member is optional: some lists say nothing. Reads camelCase and snake_case, writes
/// camelCase. Debug names the type only, because links carry query parameters.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Page {
    /// Rows in the whole list.
    pub total: Option<u64>,
    /// Rows on this page.
    pub count: Option<u64>,
    /// Most rows on a page.
    pub per_page: Option<u64>,
    /// Number of this page, from 1.
    pub current_page: Option<u64>,
    /// Number of pages.
    pub total_pages: Option<u64>,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the page before.
    pub previous: Option<String>,
    /// Members that are not known.
    pub extra: Map<String, Value>,
}

impl Page {
    /// True if it says nothing.
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                extra: self.extra.clone(),
                ..Self::default()
            }
    }

    /// Metadata inside `meta`: under `pagination`, or beside other members.
    pub(super) fn in_meta(meta: &Map<String, Value>) -> Option<Self> {
        let inner = match meta.get("pagination") {
            Some(Value::Object(inner)) => inner,
            _ => meta,
        };
        Some(Self::from_map(inner.clone())).filter(|page| !page.is_empty())
    }

    fn from_map(mut map: Map<String, Value>) -> Self {
        let mut number = |names: &[&str]| {
            let mut found = None;
            for name in names {
                if let Some(value) = map.get(*name).and_then(tolerant::integer_of) {
                    map.remove(*name);
                    found = found.or(Some(value));
                }
            }
            found
        };
        let total = number(&["total"]);
        let count = number(&["count"]);
        let per_page = number(&["perPage", "per_page"]);
        let current_page = number(&["currentPage", "current_page"]);
        let total_pages = number(&["totalPages", "total_pages", "lastPage", "last_page"]);
        let (mut next, mut previous) = (None, None);
        if let Some(Value::Object(mut links)) = map.remove("links") {
            let mut link = |name| match links.remove(name) {
                Some(Value::String(link)) if !link.is_empty() => Some(link),
                _ => None,
            };
            next = link("next");
            let prev = link("prev");
            previous = link("previous").or(prev);
        }
        Self {
            total,
            count,
            per_page,
            current_page,
            total_pages,
            next,
            previous,
            extra: map,
        }
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").finish_non_exhaustive()
    }
}

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let numbers = [
            ("total", self.total),
            ("count", self.count),
            ("perPage", self.per_page),
            ("currentPage", self.current_page),
            ("totalPages", self.total_pages),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                map.serialize_entry(name, &number)?;
            }
        }
        let mut links = Map::new();
        for (name, link) in [("next", &self.next), ("previous", &self.previous)] {
            if let Some(link) = link {
                links.insert(name.to_owned(), Value::String(link.clone()));
            }
        }
        if !links.is_empty() {
            map.serialize_entry("links", &links)?;
        }
        for (name, value) in &self.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from_map)
    }
}
