//! Catalogue of the biller, a small table. Codes that a document names are used where there are
//! any; games, prices and customers are invented, bills follow from the customer's number.

use crate::wire_time::{self, At};

/// Ways to buy a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Paid without an inquiry, at this price.
    Direct(i64),
    /// Bought at a fixed amount, after an inquiry that names the customer.
    Inquired { amount: i64, admin: i64 },
    /// A customer's bill, and the biller's margin on it.
    Bill { admin: i64 },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Product {
    pub(crate) command: &'static str,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// Code and name.
    pub(crate) category: (&'static str, &'static str),
    pub(crate) kind: Kind,
}

const fn product(
    command: &'static str,
    code: &'static str,
    name: &'static str,
    category: (&'static str, &'static str),
    kind: Kind,
) -> Product {
    Product {
        command,
        code,
        name,
        category,
        kind,
    }
}

const fn bill(
    command: &'static str,
    code: &'static str,
    name: &'static str,
    category: (&'static str, &'static str),
    admin: i64,
) -> Product {
    product(command, code, name, category, Kind::Bill { admin })
}

const fn inquired(amount: i64, admin: i64) -> Kind {
    Kind::Inquired { amount, admin }
}

const MOBILE: (&str, &str) = ("TELASD", "Mobile");
const PLN: (&str, &str) = ("PLN", "PLN");
const BPJS: (&str, &str) = ("BPJS", "BPJS");
const ARENA: (&str, &str) = ("GMARENA", "Arena Nusantara");
const PUZZLE: (&str, &str) = ("GMPUZZLE", "Puzzle Borneo");

pub(crate) const PRODUCTS: [Product; 16] = [
    product(
        "pulsa",
        "SPTLKMAS10",
        "Pulsa 10.000",
        MOBILE,
        Kind::Direct(10_500),
    ),
    product(
        "data",
        "SPTKMSF2G30",
        "Data 2GB 30hr",
        MOBILE,
        Kind::Direct(32_500),
    ),
    product(
        "vouchg",
        "SPVCARENA50",
        "Arena Voucher 50",
        ARENA,
        Kind::Direct(48_000),
    ),
    product(
        "plntok",
        "SPPLNTOK",
        "Token PLN 50.000",
        PLN,
        inquired(50_000, 2_500),
    ),
    product(
        "plntok",
        "SPPLNTOK200",
        "Token PLN 200.000",
        PLN,
        inquired(200_000, 2_500),
    ),
    product(
        "topupg",
        "SPGMARENA86",
        "Arena 86 Gems",
        ARENA,
        inquired(20_000, 500),
    ),
    product(
        "topupg",
        "SPGMPUZZLE100",
        "Puzzle 100 Coins",
        PUZZLE,
        inquired(15_000, 500),
    ),
    bill("pdam", "SPPAMJYA", "PAM Jaya", ("PDAM", "PDAM"), 1_500),
    bill("plnpos", "SPPLNPOS", "PLN Postpaid", PLN, 1_500),
    bill("plnnon", "SPPLNNON", "PLN Non Tag", PLN, 1_500),
    bill(
        "intv",
        "SPINTOPOKE",
        "Internet TV",
        ("INTV", "Internet & TV"),
        1_500,
    ),
    bill("bpjsks", "SPBPJSKS", "BPJS Kesehatan", BPJS, 2_500),
    bill("bputk", "SPBPJSTKBPU", "BPJS TK BPU", BPJS, 2_500),
    bill("putk", "SPBPJSTKPU", "BPJS TK PU", BPJS, 2_500),
    bill("mobpos", "SPTKMSPOSH", "Mobile Postpaid", MOBILE, 1_500),
    bill("mobpos", "SPNUSAPOST", "Nusa Postpaid", MOBILE, 1_500),
];

/// A product under the command that sells it.
pub(crate) fn find(command: &str, code: &str) -> Option<&'static Product> {
    PRODUCTS
        .iter()
        .find(|product| product.command == command && product.code == code)
}

pub(crate) fn by_code(code: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.code == code)
}

/// Fields that a game wants beside the player's id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Game {
    pub(crate) category: (&'static str, &'static str),
    /// Field of the inquiry, and the values it may have; any when there are none.
    pub(crate) parameters: &'static [(&'static str, &'static [(&'static str, &'static str)])],
}

pub(crate) const GAMES: [Game; 2] = [
    Game {
        category: ARENA,
        parameters: &[(
            "server_id",
            &[("101", "Jawa"), ("102", "Sumatra"), ("103", "Bali")],
        )],
    },
    Game {
        category: PUZZLE,
        parameters: &[
            ("username", &[]),
            ("platform", &[("android", "Android"), ("ios", "iOS")]),
        ],
    },
];

/// A debt at the biller's vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) amount: i64,
    pub(crate) late_fee: i64,
    /// As version 1 writes it, and as version 2 does; absent where the product has none.
    pub(crate) period: Option<[String; 2]>,
}

/// The bill of this month; always the same for the same customer and month.
pub(crate) fn owed(product: &Product, customer_id: &str, months: i64, now: At) -> Owed {
    let month = &wire_time::compact_date(now)[..6];
    let sum = format!("{}{customer_id}{month}", product.code)
        .bytes()
        .fold(7_i64, |sum, b| (sum * 31 + i64::from(b)) % 999_983);
    // Every fourth customer is late.
    let late_fee = if sum % 4 == 0 { 3_000 } else { 0 };
    let (year, number) = month.split_at(4);
    let each = |text: String| Some([text.clone(), text]);
    let (amount, late_fee, period) = match product.command {
        "plnnon" | "mobpos" => (20_000 + sum % 300_000, 0, None),
        "bputk" => (16_800 * months, 0, each(months.to_string())),
        "bpjsks" => (35_000 * months, 0, each(months.to_string())),
        "putk" => (500_000 + sum, 0, each(format!("{number}/{year}"))),
        "intv" => {
            let text = format!("01/{number}/{year}-28/{number}/{year}");
            (150_000 + sum % 300_000, late_fee, each(text))
        }
        // Version 2 counts months where version 1 names one.
        "plnpos" => (
            20_000 + sum % 500_000,
            late_fee,
            Some([month.to_owned(), "1".to_owned()]),
        ),
        _ => (20_000 + sum % 200_000, late_fee, each(month.to_owned())),
    };
    Owed {
        amount,
        late_fee,
        period,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_bill_is_positive() {
        let mut seen = std::collections::HashSet::new();
        let now = At(1_787_280_000_000);
        for product in &PRODUCTS {
            assert!(seen.insert(product.code), "{}", product.code);
            assert_eq!(
                find(product.command, product.code).unwrap().name,
                product.name
            );
            let bill = owed(product, "000770163", 1, now);
            assert!(bill.amount > 0 && bill.late_fee >= 0);
            assert_eq!(bill, owed(product, "000770163", 1, now));
        }
        assert!(find("pulsa", "SPPLNPOS").is_none());
    }
}
