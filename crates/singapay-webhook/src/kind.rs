use std::fmt;

pub use crate::generated::kinds::EventKind;
use crate::{recognize, resource::Read};

/// Texts of the specification: names, or JSON paths of which the first that is there counts.
type Texts = &'static [&'static str];

/// What the specification says of a kind of events.
#[derive(Debug)]
pub(crate) struct Description {
    /// The canonical name.
    pub(crate) name: &'static str,
    pub(crate) is_money_in: bool,
    pub(crate) is_money_out: bool,
    /// Names under which it comes, beside its canonical one.
    pub(crate) spellings: Texts,
    /// Beginnings of its names that nobody has listed.
    pub(crate) families: Texts,
    /// Members that make it useful.
    pub(crate) essential: Texts,
    /// Members that may hold the reference that the merchant gave.
    pub(crate) merchant_reference: Texts,
    /// Members of what the payer paid.
    pub(crate) gross: Texts,
    /// Members of what the gateway takes.
    pub(crate) fee: Texts,
    /// Members of what the payee gets.
    pub(crate) net: Texts,
    /// Members of the gateway's id of what it is about.
    pub(crate) transaction_id: Texts,
    /// Members of its status.
    pub(crate) status: Texts,
    /// Operations that confirm it, and where they repeat what it says.
    pub(crate) resources: &'static [Read],
    /// Members of one that reports success, with their texts.
    #[cfg(feature = "testing")]
    pub(crate) paid: &'static [(&'static str, &'static str)],
    /// Members of one that reports failure, with their texts.
    #[cfg(feature = "testing")]
    pub(crate) failed: &'static [(&'static str, &'static str)],
}

impl EventKind {
    /// The kind of an event by its `event` text, in any of the spellings that are documented or
    /// were seen; [`EventKind::Unknown`] for others.
    pub fn from_name(name: &str) -> Self {
        recognize::by_name(name)
    }

    /// The canonical name, such as `va-transaction`.
    pub const fn as_str(self) -> &'static str {
        self.description().name
    }

    /// True if it reports a payment to the merchant.
    pub const fn is_money_in(self) -> bool {
        self.description().is_money_in
    }

    /// True if it reports a payout.
    pub const fn is_money_out(self) -> bool {
        self.description().is_money_out
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
