//! The languages of the pages.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Indonesian,
}

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::Indonesian, Self::English];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Indonesian => "id",
        }
    }

    /// As its speakers call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Indonesian => "Bahasa Indonesia",
        }
    }

    /// By a tag such as `id-ID`; `in` is what old browsers call Indonesian.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let code = tag.trim().split('-').next().unwrap_or_default();
        match code.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "id" | "in" => Some(Self::Indonesian),
            _ => None,
        }
    }

    /// The first of the best in an `Accept-Language`; English for who wants neither.
    pub(crate) fn preferred(header: &str) -> Self {
        let mut best = (0.0, Self::English);
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let language = pieces.next().and_then(Self::of);
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
            let weight = weight.map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
            if let Some(language) = language.filter(|_| weight > best.0) {
                best = (weight, language);
            }
        }
        best.1
    }

    /// A month's own name, where English does not do; counted from 0.
    pub(super) fn month(self, at: u32) -> Option<&'static str> {
        match self {
            Self::English => None,
            Self::Indonesian => MONTHS.get(usize::try_from(at).ok()?).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, Indonesian};

    #[test]
    fn the_best_language_wins_and_english_is_for_all_others() {
        for (header, language) in [
            ("", English),
            ("id", Indonesian),
            ("ID-id,en;q=0.9", Indonesian),
            ("in", Indonesian),
            ("en-GB,en;q=0.9,id;q=0.8", English),
            ("de, id;q=0.3, en;q=0.2", Indonesian),
            ("fr-FR,fr;q=0.9", English),
            ("id;q=0, *", English),
            ("id;q=x,en;q=0.1", English),
            ("id;q=0.5,en;q=0.5", Indonesian),
            ("idx, , ;;;q=,", English),
        ] {
            assert_eq!(Language::preferred(header), language, "{header:?}");
        }
    }
}
