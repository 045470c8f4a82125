//! Bill payments, the inquiries before them, and what can be bought.

mod bill;
mod catalogue;
mod inquiry;

pub(crate) use bill::{Bill, BillStatus};
pub(super) use bill::{audit, resume};
pub(crate) use catalogue::{
    GAMES, Kind, Owed, PRODUCTS, Product, by_code as product_by_code, find as find_product, owed,
};
pub(crate) use inquiry::BillInquiry;
