//! Banks that the sandbox pays to: those that check-fee accepted in a sample of twenty (seen
//! live). SWIFT codes of SeaBank, DKI and BNC are from public lists.

pub(crate) struct Bank {
    pub(crate) swift: &'static str,
    pub(crate) code: &'static str,
    pub(crate) short_name: &'static str,
    pub(crate) full_name: &'static str,
    /// Digits of its account numbers, where that is known.
    pub(crate) digits: Option<usize>,
}

const fn bank(
    swift: &'static str,
    code: &'static str,
    short_name: &'static str,
    full_name: &'static str,
) -> Bank {
    Bank {
        swift,
        code,
        short_name,
        full_name,
        digits: None,
    }
}

const BANKS: [Bank; 14] = [
    Bank {
        digits: Some(15),
        ..bank("BRINIDJA", "002", "BRI", "Bank Rakyat Indonesia")
    },
    Bank {
        digits: Some(10),
        ..bank("CENAIDJA", "014", "BCA", "Bank Central Asia")
    },
    bank("BMRIIDJA", "008", "Mandiri", "Bank Mandiri"),
    bank("BNINIDJA", "009", "BNI", "Bank Negara Indonesia"),
    bank("IBBKIDJA", "016", "Maybank", "Maybank Indonesia"),
    bank("BNIAIDJA", "022", "CIMB", "CIMB Niaga"),
    bank("BBBAIDJA", "013", "Permata", "Bank Permata"),
    bank("BSMDIDJA", "451", "BSI", "Bank Syariah Indonesia"),
    bank("BTANIDJA", "200", "BTN", "Bank Tabungan Negara"),
    bank("KSEBIDJ1", "535", "SeaBank", "SeaBank Indonesia"),
    bank("PDJBIDJA", "110", "BJB", "Bank Jawa Barat dan Banten"),
    bank("BDKIIDJA", "111", "DKI", "Bank DKI"),
    bank("YUDBIDJ1", "490", "BNC", "Bank Neo Commerce"),
    bank("CITIIDJX", "031", "Citibank", "Citibank"),
];

/// By SWIFT code alone, as fee and beneficiary checks of version 1 want it.
pub(crate) fn by_swift(swift: &str) -> Option<&'static Bank> {
    BANKS.iter().find(|bank| bank.swift == swift)
}

/// By the three-digit code or the SWIFT code.
pub(crate) fn by_any_code(code: &str) -> Option<&'static Bank> {
    BANKS
        .iter()
        .find(|bank| bank.code == code)
        .or_else(|| by_swift(code))
}
