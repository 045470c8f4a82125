//! How far a customer has come.

use super::Visit;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The customer has something to do.
    Open,
    /// Others have something to do.
    Waiting,
    Done,
    Failed,
    Expired,
    /// Nothing can be done any more, and nothing went wrong.
    Closed,
}

impl State {
    /// As the page's mark-up names it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Closed => "closed",
        }
    }

    /// What a payment's customer is told, and what that means.
    pub(super) fn words(self, visit: &Visit<'_>) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Open => return None,
            Self::Waiting => (
                visit.say("Being processed", "Sedang diproses"),
                visit.say(
                    "This page shows the result as soon as it is known.",
                    "Halaman ini menampilkan hasilnya begitu diketahui.",
                ),
            ),
            Self::Done => (
                visit.say("Payment successful", "Pembayaran berhasil"),
                visit.say("Thank you.", "Terima kasih."),
            ),
            Self::Failed => (
                visit.say("Payment failed", "Pembayaran gagal"),
                visit.say("No money was taken.", "Tidak ada dana yang ditarik."),
            ),
            Self::Expired => (
                visit.say("Time is up", "Waktu habis"),
                visit.say(
                    "Please do not pay any more. Ask the shop for a new payment.",
                    "Jangan membayar lagi. Minta pembayaran baru kepada toko.",
                ),
            ),
            Self::Closed => (
                visit.say("Closed", "Ditutup"),
                visit.say(
                    "Nothing can be paid here any more.",
                    "Tidak ada yang dapat dibayar di sini lagi.",
                ),
            ),
        })
    }
}
