//! Steps with which the law of the books is tried.

use proptest::prelude::*;
use singapay_sandbox::PaymentOutcome;

#[derive(Debug, Clone)]
pub enum Step {
    Topup {
        reference: u8,
        rupiah: i64,
    },
    Credit {
        reference: u8,
        rupiah: i64,
    },
    Disburse {
        reference: u8,
        rupiah: i64,
        prefix: usize,
    },
    Transfer {
        reference: u8,
        rupiah: i64,
        back: bool,
    },
    Cash {
        reference: u8,
        notes: i64,
    },
    CancelCash {
        reference: u8,
    },
    FetchCash {
        reference: u8,
    },
    Link {
        reference: u8,
        rupiah: i64,
    },
    Pay {
        reference: u8,
    },
    Va {
        rupiah: i64,
        is_open: bool,
    },
    PayVa {
        at: usize,
        rupiah: i64,
        outcome: usize,
    },
    Qris {
        rupiah: i64,
    },
    PayQris {
        at: usize,
        outcome: usize,
    },
    Wallet {
        rupiah: i64,
        vendor: usize,
    },
    PayWallet {
        at: usize,
        outcome: usize,
    },
    Inquire {
        at: usize,
    },
    TakeBack {
        at: usize,
        undo: bool,
    },
    Fail {
        at: usize,
    },
    Advance {
        seconds: u64,
    },
    Fault {
        point: usize,
        action: usize,
    },
}

pub const OUTCOMES: [PaymentOutcome; 4] = [
    PaymentOutcome::Paid,
    PaymentOutcome::Paid,
    PaymentOutcome::Failed,
    PaymentOutcome::Expired,
];
pub const VENDORS: [&str; 2] = ["EWALLET_GOPAY", "EWALLET_OVO"];
pub const PREFIXES: [&str; 5] = ["1000", "1001", "1004", "1005", "9999"];

pub fn step() -> impl Strategy<Value = Step> {
    let rupiah = prop_oneof![1_000_i64..120_000, 100_000_i64..3_000_000];
    let reference = 0_u8..6;
    prop_oneof![
        (reference.clone(), rupiah.clone())
            .prop_map(|(reference, rupiah)| Step::Topup { reference, rupiah }),
        (reference.clone(), rupiah.clone())
            .prop_map(|(reference, rupiah)| Step::Credit { reference, rupiah }),
        (reference.clone(), rupiah.clone(), 0..PREFIXES.len()).prop_map(
            |(reference, rupiah, prefix)| Step::Disburse {
                reference,
                rupiah,
                prefix
            }
        ),
        (reference.clone(), rupiah.clone(), any::<bool>()).prop_map(|(reference, rupiah, back)| {
            Step::Transfer {
                reference,
                rupiah,
                back,
            }
        }),
        (reference.clone(), 1_i64..4)
            .prop_map(|(reference, notes)| Step::Cash { reference, notes }),
        reference
            .clone()
            .prop_map(|reference| Step::CancelCash { reference }),
        reference
            .clone()
            .prop_map(|reference| Step::FetchCash { reference }),
        (reference.clone(), rupiah.clone())
            .prop_map(|(reference, rupiah)| Step::Link { reference, rupiah }),
        (rupiah.clone(), any::<bool>()).prop_map(|(rupiah, is_open)| Step::Va { rupiah, is_open }),
        (0_usize..4, rupiah.clone(), 0..OUTCOMES.len()).prop_map(|(at, rupiah, outcome)| {
            Step::PayVa {
                at,
                rupiah,
                outcome,
            }
        }),
        rupiah.clone().prop_map(|rupiah| Step::Qris { rupiah }),
        (rupiah, 0..VENDORS.len()).prop_map(|(rupiah, vendor)| Step::Wallet { rupiah, vendor }),
        (0_usize..4, 0..OUTCOMES.len()).prop_map(|(at, outcome)| Step::PayWallet { at, outcome }),
        (0_usize..4).prop_map(|at| Step::Inquire { at }),
        (0_usize..4, 0..OUTCOMES.len()).prop_map(|(at, outcome)| Step::PayQris { at, outcome }),
        reference.prop_map(|reference| Step::Pay { reference }),
        (0_usize..4, any::<bool>()).prop_map(|(at, undo)| Step::TakeBack { at, undo }),
        (0_usize..8).prop_map(|at| Step::Fail { at }),
        (0_u64..2_000).prop_map(|seconds| Step::Advance { seconds }),
        (0_usize..3, 0_usize..4).prop_map(|(point, action)| Step::Fault { point, action }),
    ]
}
