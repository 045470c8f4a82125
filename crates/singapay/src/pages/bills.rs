//! The biller's list, which has a shape of its own: page and metadata travel inside the data.

use singapay_api::biller::types::{BillTransactionPagePagination, BillTransactionRow};
use singapay_core::envelope::Page;

use super::{Items, Paged, Pages};
use crate::{bills::ListBillTransactions, error::Error, response::Response};

impl Paged for ListBillTransactions {
    type Row = BillTransactionRow;

    fn page_number(&self) -> i64 {
        1
    }

    fn is_newest_first(&self) -> bool {
        // In which order the biller lists is not known.
        false
    }

    fn at_page(self, page: i64) -> Self {
        self.page(page.to_string())
    }

    async fn fetch(self) -> Result<Response<Vec<BillTransactionRow>>, Error> {
        let answer = self.send().await?;
        let metadata = answer.pagination.as_ref().map(metadata);
        let rows = answer.map(|page| page.bill_transactions);
        Ok(rows.with_page(metadata))
    }
}

fn metadata(pagination: &BillTransactionPagePagination) -> Page {
    let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
    let mut page = Page::default();
    page.total = number(pagination.total);
    page.per_page = number(pagination.per_page);
    page.current_page = number(pagination.current_page);
    page.total_pages = number(pagination.last_page);
    page
}

impl ListBillTransactions {
    /// All pages from the first one on, fetched as they are asked for.
    pub fn by_page(self) -> Pages<Self> {
        Pages::new(self)
    }

    /// All rows from the first page on, fetched page by page.
    pub fn by_item(self) -> Items<Self> {
        Items::new(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_pagination_counts() {
        let text = r#"{"total":51,"per_page":25,"current_page":2,"last_page":3}"#;
        let page = metadata(&serde_json::from_str(text).unwrap());
        let numbers = [
            page.total,
            page.per_page,
            page.current_page,
            page.total_pages,
        ];
        assert_eq!(numbers, [51, 25, 2, 3].map(Some));
    }
}
