//! Parts that several pages have.

use chrono::Datelike;
use maud::{Markup, html};

use super::Visit;
use crate::{
    customer::CustomerError,
    state::World,
    wire_time::{self, At},
};

/// `Rp 1.250.000`
pub(crate) fn rupiah(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut text = String::from(if amount < 0 { "-Rp " } else { "Rp " });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

pub(crate) fn amount(value: i64) -> Markup {
    html! { span.amount { (rupiah(value)) } }
}

/// Name of the shop that has an account.
pub(crate) fn shop(world: &World, account: u64) -> &str {
    let account = world.accounts.get(account);
    account.map_or("", |account| &account.name)
}

/// One thing that is bought.
pub(crate) struct Row<'a> {
    pub(crate) name: &'a str,
    pub(crate) quantity: i64,
    pub(crate) unit_price: i64,
}

/// Shop, purpose and amount.
pub(crate) fn summary(
    visit: &Visit<'_>,
    shop: &str,
    purpose: &str,
    total: i64,
    rows: &[Row<'_>],
) -> Markup {
    html! {
        p.shop { bdi { (shop) } }
        h1 { bdi { (purpose) } }
        p.total { span.label { (visit.say("Amount", "Jumlah")) } " " (amount(total)) }
        @if !rows.is_empty() {
            table {
                caption { (visit.say("Items", "Rincian")) }
                thead {
                    tr {
                        th scope="col" { (visit.say("Item", "Barang")) }
                        th scope="col" { (visit.say("Price", "Harga")) }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            td {
                                bdi { (row.name) }
                                span.label { (row.quantity) " × " (rupiah(row.unit_price)) }
                            }
                            td { (amount(row.quantity.saturating_mul(row.unit_price))) }
                        }
                    }
                }
            }
        }
    }
}

/// The end of the customer's time: as a time, and as a countdown where there is a script.
pub(crate) fn deadline(visit: &Visit<'_>, now: At, end: At) -> Markup {
    let left = end.since(now).as_millis();
    html! {
        p.deadline {
            span.label { (visit.say("Finish before", "Selesaikan sebelum")) } " "
            time datetime=(wire_time::iso(end)) { (moment(visit, end)) }
            " "
            span.countdown role="timer" hidden data-left=(left)
                data-days=(visit.say("d", "hr")) data-frozen[visit.is_frozen] {}
        }
    }
}

/// A time in words, in Jakarta.
pub(crate) fn moment(visit: &Visit<'_>, at: At) -> String {
    let wib = wire_time::wib(at);
    let format = match visit.language.month(wib.month0()) {
        Some(month) => format!("%-d {month} %Y, pukul %H:%M:%S WIB"),
        None => "%-d %B %Y, %H:%M:%S WIB".to_owned(),
    };
    wib.format(&format).to_string()
}

/// A text to be copied: by the button where there is a script, and by selecting it.
pub(crate) fn copyable(visit: &Visit<'_>, label: &str, value: &str) -> Markup {
    html! {
        div.copy {
            span.label { (label) }
            code { (value) }
            button type="button" hidden data-copy=(value)
                data-done=(visit.say("Copied", "Tersalin")) {
                (visit.say("Copy", "Salin"))
                span.unseen { " " (label) }
            }
        }
    }
}

/// The way back to the shop.
pub(crate) fn back(visit: &Visit<'_>, url: Option<&str>) -> Markup {
    // What is no page, such as `javascript:`, is not followed.
    let page = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        @if let Some(url) = page {
            p { a.button href=(url) { (visit.say("Back to the shop", "Kembali ke toko")) } }
        }
    }
}

/// Reason for which the customer could not do as asked, in the sandbox's own words.
pub(crate) fn refusal(visit: &Visit<'_>, outcome: &Result<(), CustomerError>) -> Markup {
    html! {
        @if let Err(error) = outcome {
            div.alert role="alert" {
                p { (visit.say("That did not work.", "Itu tidak berhasil.")) }
                p lang="en" { bdi { (error) } }
            }
        }
    }
}

pub(crate) fn declined(visit: &Visit<'_>) -> Markup {
    html! {
        div.alert role="alert" {
            p {
                (visit.say(
                    "The card was declined. Please check its number.",
                    "Kartu ditolak. Periksa kembali nomornya.",
                ))
            }
        }
    }
}

/// What only the sandbox's pages have: its status words, and deeds that happen elsewhere in truth.
pub(crate) fn sandbox(visit: &Visit<'_>, status: &str, deeds: &Markup) -> Markup {
    html! {
        div.sandbox role="group" aria-label="Sandbox" {
            h2 { "Sandbox" }
            (deeds)
            p.label { (visit.say("Status in the API:", "Status di API:")) " " code { (status) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::page::Language;

    #[test]
    fn rupiah_are_grouped_by_thousands() {
        for (amount, text) in [
            (0, "Rp 0"),
            (999, "Rp 999"),
            (1_000, "Rp 1.000"),
            (1_250_000, "Rp 1.250.000"),
            (-50_000, "-Rp 50.000"),
            (i64::MIN, "-Rp 9.223.372.036.854.775.808"),
        ] {
            assert_eq!(rupiah(amount), text);
        }
    }

    #[test]
    fn a_time_is_told_in_jakarta_in_both_languages() {
        let at = At(1_766_730_945_000);
        let english = Visit::of("", Language::English, "");
        assert_eq!(moment(&english, at), "26 December 2025, 13:35:45 WIB");
        let indonesian = Visit::of("", Language::Indonesian, "");
        assert_eq!(
            moment(&indonesian, at),
            "26 Desember 2025, pukul 13:35:45 WIB"
        );
    }

    #[test]
    fn only_pages_lead_back() {
        let visit = Visit::of("", Language::English, "");
        let link = |url| back(&visit, Some(url)).into_string();
        assert!(link("https://shop.example/\"x").contains("https://shop.example/&quot;x"));
        assert_eq!(link("javascript:alert(1)"), "");
    }
}
