//! Absence of a row from a list that changes while it is read.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use singapay::{
    Answer, BoxFuture, ErrorKind, Singapay, Transport, TransportError, types::QrisTransaction,
};

/// Change of the list before a page of it is read.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// A new row, at the front.
    Create,
    /// The row at this place, modulo the length, is gone.
    Delete(usize),
}

/// Metadata that the gateway gives beside the rows of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    total: bool,
    per_page: bool,
    /// Added to the true number of pages; `None`: no number of pages is told.
    pages: Option<i64>,
}

const ALL: Told = Told {
    total: true,
    per_page: true,
    pages: Some(0),
};
const NOTHING: Told = Told {
    total: false,
    per_page: false,
    pages: None,
};

/// A list, newest first, that changes before every read.
#[derive(Debug)]
struct List {
    rows: Vec<i64>,
    next_id: i64,
    size: usize,
    changes: VecDeque<Vec<Change>>,
    told: Vec<Told>,
    /// Rows that were there at every read so far, and every row that was not gone at once.
    steady: Option<Vec<i64>>,
    reads: usize,
}

impl List {
    fn page(&mut self, page: usize) -> Value {
        for change in self.changes.pop_front().unwrap_or_default() {
            match change {
                Change::Create => {
                    self.rows.insert(0, self.next_id);
                    self.next_id += 1;
                }
                Change::Delete(_) if self.rows.is_empty() => {}
                Change::Delete(place) => {
                    self.rows.remove(place % self.rows.len());
                }
            }
        }
        match &mut self.steady {
            Some(steady) => steady.retain(|id| self.rows.contains(id)),
            None => self.steady = Some(self.rows.clone()),
        }
        let told = self.told[self.reads % self.told.len()];
        self.reads += 1;
        let total = self.rows.len();
        let mut pagination = Map::new();
        if told.total {
            pagination.insert("total".to_owned(), json!(total));
        }
        if told.per_page {
            pagination.insert("perPage".to_owned(), json!(self.size));
        }
        if let Some(drift) = told.pages {
            let pages = i64::try_from(total.div_ceil(self.size)).unwrap() + drift;
            pagination.insert("totalPages".to_owned(), json!(pages.max(1)));
        }
        let rows = self
            .rows
            .iter()
            .skip((page - 1) * self.size)
            .take(self.size);
        let rows: Vec<_> = rows.map(|id| json!({"id": id, "qr_data": "00", "status": "open", "merchant_reff_no": id.to_string()})).collect();
        json!({"status": 200, "success": true, "data": rows, "pagination": pagination})
    }
}

#[derive(Debug, Clone)]
struct Gateway(Arc<Mutex<List>>);

impl Gateway {
    fn new(rows: i64, size: usize, changes: Vec<Vec<Change>>, told: Vec<Told>) -> Self {
        Self(Arc::new(Mutex::new(List {
            rows: (1..=rows).rev().collect(),
            next_id: rows + 1,
            size,
            changes: changes.into(),
            told,
            steady: None,
            reads: 0,
        })))
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap()
    }

    fn client(&self) -> Singapay {
        Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .account(support::ACCOUNT)
            .transport(self.clone())
            .build()
            .unwrap()
    }

    async fn find(&self, id: i64) -> Result<Option<QrisTransaction>, ErrorKind> {
        let found = self.client().qris().find_by_reference(&id.to_string());
        found.await.map_err(|error| error.kind())
    }
}

impl Transport for Gateway {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        let page = request.uri().query().and_then(|query| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix("page=")?.parse().ok())
        });
        let body = match page {
            Some(page) => self.list().page(page),
            None => json!({"success": true, "data": {"access_token": "t", "expires_in": 3600}}),
        };
        let answer = Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::from(body.to_string()),
        };
        Box::pin(std::future::ready(Ok(answer)))
    }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// Row 4 was there throughout: 6 was deleted after the first page, 7 created after the second.
#[tokio::test]
async fn a_row_that_slipped_to_a_page_already_read_is_not_absent() {
    for told in [
        ALL,
        NOTHING,
        Told {
            total: false,
            ..ALL
        },
        Told {
            per_page: false,
            ..ALL
        },
    ] {
        let changes = vec![vec![], vec![Change::Delete(0)], vec![Change::Create]];
        let gateway = Gateway::new(6, 2, changes, vec![told]);
        match gateway.find(4).await {
            Ok(row) => assert_eq!(row.unwrap().id, 4, "{told:?}: a second look met it"),
            Err(kind) => assert_eq!(kind, ErrorKind::Paging, "{told:?}"),
        }
    }
}

#[tokio::test]
async fn a_row_that_moved_to_a_later_page_is_found_there_or_proven_absent() {
    let changes = vec![vec![], vec![Change::Create], vec![Change::Create]];
    let gateway = Gateway::new(6, 2, changes.clone(), vec![ALL]);
    assert_eq!(gateway.find(1).await.unwrap().unwrap().id, 1);
    let gateway = Gateway::new(6, 2, changes, vec![ALL]);
    let found = gateway.find(0).await.unwrap();
    assert!(found.is_none(), "rows only moved back");
}

#[tokio::test]
async fn rows_that_were_taken_before_the_search_are_not_searched() {
    let gateway = Gateway::new(3, 2, vec![], vec![ALL]);
    let mut rows = gateway.client().qris().list().by_item();
    assert_eq!(rows.next().await.unwrap().unwrap().id, 3);
    let error = rows.find(|row| row.id == 3).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
}

/// In another order than newest first, or filtered by what may change, totals prove nothing: a row may
/// come in anywhere.
#[tokio::test]
async fn another_order_or_a_filter_needs_a_second_look() {
    use singapay::types::{QrisTransactionStatus, SortOrder};

    let quiet = || Gateway::new(3, 2, vec![], vec![ALL]);
    let (plain, ascending, filtered) = (quiet(), quiet(), quiet());
    let list = |gateway: &Gateway| gateway.client().qris().list();
    let never = |row: &QrisTransaction| row.id == 99;
    let rows = list(&plain).by_item();
    assert!(rows.find(never).await.unwrap().is_none());
    let rows = list(&ascending).sort_order(SortOrder::Asc).by_item();
    assert!(rows.find(never).await.unwrap().is_none());
    let rows = list(&filtered)
        .status(QrisTransactionStatus::Open)
        .by_item();
    assert!(rows.find(never).await.unwrap().is_none());
    let reads = [&plain, &ascending, &filtered].map(|gateway| gateway.list().reads);
    assert_eq!(reads, [2, 4, 4]);
}

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let change = prop_oneof![Just(Change::Create), (0..12_usize).prop_map(Change::Delete)];
    // Most of the time nothing happens.
    let between = prop_oneof![4 => Just(vec![]), 3 => prop::collection::vec(change, 1..4)];
    prop::collection::vec(between, 0..14)
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let one = (any::<bool>(), any::<bool>(), prop::option::of(-1..=1_i64));
    let one = one.prop_map(|(total, per_page, pages)| Told {
        total,
        per_page,
        pages,
    });
    prop_oneof![
        2 => Just(vec![ALL]),
        1 => Just(vec![NOTHING]),
        1 => one.clone().prop_map(|told| vec![told]),
        1 => prop::collection::vec(one, 1..5),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_there_throughout_is_never_called_absent(
        (rows, size) in (0..9_i64, 1..4_usize),
        (changes, told) in (changes(), told()),
        wanted in 1..10_i64,
    ) {
        let gateway = Gateway::new(rows, size, changes, told);
        let found = block(gateway.find(wanted));
        let list = gateway.list();
        let steady = list.steady.as_ref().is_some_and(|steady| steady.contains(&wanted));
        match found {
            Ok(Some(row)) => prop_assert_eq!(row.id, wanted),
            Ok(None) => prop_assert!(!steady, "{:?}", list),
            Err(kind) => prop_assert_eq!(kind, ErrorKind::Paging),
        }
    }

    #[test]
    fn a_quiet_list_tells_for_sure(
        (rows, size) in (0..9_i64, 1..4_usize),
        told in told(),
        wanted in 1..10_i64,
    ) {
        let gateway = Gateway::new(rows, size, vec![], told);
        let found = block(gateway.find(wanted)).unwrap();
        prop_assert_eq!(found.map(|row| row.id), Some(wanted).filter(|id| *id <= rows));
    }
}
