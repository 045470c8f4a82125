//! Pages of a list, and the metadata beside them.

use serde_json::{Map, Value, json};

use super::{call::Call, operation::Answer};
use crate::{settings::PageStyle, state::World};

/// Rows per page unless asked otherwise.
pub(crate) const PAGE: usize = 25;
/// Largest page that is given; the gateway's own cap is unknown.
const LARGEST_PAGE: usize = 100;

/// The page that was asked for, each row as `view` shows it.
pub(crate) fn page<T>(
    world: &World,
    call: &Call,
    rows: Vec<T>,
    size: usize,
    view: impl Fn(T) -> Value,
) -> Answer {
    let (rows, beside) = paginate(world, call, rows, size);
    Answer {
        http: 200,
        data: rows.into_iter().map(view).collect(),
        beside,
    }
}

/// The rows of the page that was asked for, and the members to put beside `data`.
pub(crate) fn paginate<T>(
    world: &World,
    call: &Call,
    rows: Vec<T>,
    size: usize,
) -> (Vec<T>, Vec<(&'static str, Value)>) {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
    // As the framework: what is not a page number is the first page.
    let page = number("page").filter(|page| *page > 0).unwrap_or(1);
    let total = rows.len();
    let pages = total.div_ceil(size).max(1);
    let rows: Vec<T> = rows
        .into_iter()
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .collect();
    let path = call.endpoint.split('?').next().unwrap_or_default();
    let link = |page: usize| format!("{}{path}?page={page}", world.settings.base_url);
    let mut links = Map::new();
    if page > 1 {
        links.insert("previous".to_owned(), json!(link(page - 1)));
    }
    if page < pages {
        links.insert("next".to_owned(), json!(link(page + 1)));
    }
    let links = world.settings.quirks.map(links);
    let count = rows.len();
    let camel = || {
        json!({
            "total": total, "count": count, "perPage": size, "currentPage": page,
            "totalPages": pages, "links": links,
        })
    };
    let snake = || {
        json!({
            "total": total, "count": count, "per_page": size, "current_page": page,
            "total_pages": pages, "links": links,
        })
    };
    let beside = match world.settings.quirks.pages {
        PageStyle::Camel => vec![("pagination", camel())],
        PageStyle::Snake => vec![("pagination", snake())],
        PageStyle::MetaPagination => vec![("meta", json!({"pagination": snake()}))],
        PageStyle::EmptyMeta => vec![("meta", json!([]))],
        PageStyle::Absent => Vec::new(),
    };
    (rows, beside)
}

/// Page size of the lists that honour `per_page`.
pub(crate) fn per_page(call: &Call) -> usize {
    per_page_or(call, PAGE)
}

/// As [`per_page`], for a list with another default.
pub(crate) fn per_page_or(call: &Call, default: usize) -> usize {
    let asked = call
        .query("per_page")
        .and_then(|text| text.parse::<usize>().ok());
    asked
        .filter(|size| *size > 0)
        .unwrap_or(default)
        .min(LARGEST_PAGE)
}
