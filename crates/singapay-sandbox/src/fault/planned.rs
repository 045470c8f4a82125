//! The faults to come, and how often they struck.

use serde::Serialize;

use super::{Fault, FaultPoint, Strike};

/// All faults of a sandbox.
#[derive(Default)]
pub(crate) struct Faults {
    planned: Vec<Planned>,
    /// Number of the newest one.
    last: u64,
    struck: Vec<Struck>,
}

/// A fault to come, as the admin side lists it.
#[derive(Serialize)]
pub(crate) struct Planned {
    id: u64,
    #[serde(flatten)]
    fault: Fault,
    /// Requests that it struck.
    struck: u32,
}

/// Requests of one operation that were struck at one point, whichever fault it was.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Struck {
    operation: &'static str,
    point: FaultPoint,
    count: u64,
}

impl Faults {
    pub(crate) fn is_empty(&self) -> bool {
        self.planned.is_empty()
    }

    pub(crate) fn planned(&self) -> &[Planned] {
        &self.planned
    }

    pub(crate) fn struck(&self) -> &[Struck] {
        &self.struck
    }

    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.last += 1;
        self.planned.push(Planned {
            id: self.last,
            fault,
            struck: 0,
        });
        self.last
    }

    /// Takes a fault away; `false` where none has the number.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.planned.len();
        self.planned.retain(|planned| planned.id != id);
        self.planned.len() < before
    }

    /// Takes all faults away; how often they struck stays.
    pub(crate) fn clear(&mut self) {
        self.planned.clear();
    }

    /// Finds the fault that strikes a request, and counts it.
    pub(crate) fn strike(
        &mut self,
        operation: &'static str,
        has_reference: impl Fn(&str) -> bool,
    ) -> Option<Strike> {
        let mut found = None;
        for (at, planned) in self.planned.iter_mut().enumerate() {
            let fault = &mut planned.fault;
            let matches = fault.operation.as_deref().is_none_or(|id| id == operation)
                && fault.reference.as_deref().is_none_or(&has_reference);
            // Every fault counts for itself, whether or not another one strikes.
            match fault.skip.checked_sub(1) {
                _ if !matches => {}
                Some(left) => fault.skip = left,
                None if fault.times > 0 => found = found.or(Some(at)),
                None => {}
            }
        }
        let at = found?;
        let planned = &mut self.planned[at];
        let strike = Strike {
            point: planned.fault.point,
            action: planned.fault.action.clone(),
        };
        planned.struck = planned.struck.saturating_add(1);
        planned.fault.times = planned.fault.times.saturating_sub(1);
        if planned.fault.times == 0 {
            self.planned.remove(at);
        }
        self.count(operation, strike.point);
        Some(strike)
    }

    fn count(&mut self, operation: &'static str, point: FaultPoint) {
        let mut known = self.struck.iter_mut();
        match known.find(|struck| (struck.operation, struck.point) == (operation, point)) {
            Some(struck) => struck.count += 1,
            None => self.struck.push(Struck {
                operation,
                point,
                count: 1,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultAction;

    fn all(faults: impl IntoIterator<Item = Fault>) -> Faults {
        let mut all = Faults::default();
        for fault in faults {
            all.add(fault);
        }
        all
    }

    #[test]
    fn strikes_what_it_names_after_skipping_and_as_often_as_told() {
        let fault = Fault::new(FaultPoint::AfterCommit, FaultAction::Reset)
            .on("topup_ewallet")
            .with_reference("R-1")
            .after(1)
            .times(2);
        let mut faults = all([fault]);
        let mut hit = |operation, reference: &str| {
            faults
                .strike(operation, |wanted| wanted == reference)
                .is_some()
        };
        assert!(!hit("pay_qris", "R-1"));
        assert!(!hit("topup_ewallet", "R-2"));
        let hits: Vec<bool> = (0..4).map(|_| hit("topup_ewallet", "R-1")).collect();
        assert_eq!(hits, [false, true, true, false]);
        let struck = Struck {
            operation: "topup_ewallet",
            point: FaultPoint::AfterCommit,
            count: 2,
        };
        assert!(faults.is_empty());
        assert_eq!(faults.struck(), [struck]);
    }

    #[test]
    fn every_fault_counts_the_requests_for_itself() {
        let fault = |after, times| {
            Fault::new(FaultPoint::AfterCommit, FaultAction::Reset)
                .on("get_balance")
                .after(after)
                .times(times)
        };
        let hits = |faults: Vec<Fault>| -> Vec<u32> {
            let mut faults = all(faults);
            (1..=9)
                .filter(|_| faults.strike("get_balance", |_| true).is_some())
                .collect()
        };
        assert_eq!(hits(vec![fault(2, 1), fault(4, 1)]), [3, 5]);
        assert_eq!(hits(vec![fault(4, 1), fault(2, 1)]), [3, 5]);
        // One request is struck once: of two that are due, the later one takes the next request.
        assert_eq!(hits(vec![fault(1, 1), fault(1, 2)]), [2, 3, 4]);
        assert_eq!(hits(vec![fault(0, 0), fault(1, 1)]), [2]);
    }

    #[test]
    fn a_fault_is_taken_away_by_its_number() {
        let fault = || Fault::new(FaultPoint::BeforeCommit, FaultAction::Reset).times(9);
        let mut faults = all([fault(), fault()]);
        assert!(faults.remove(1) && !faults.remove(1));
        assert_eq!(faults.planned()[0].id, 2);
        assert_eq!(faults.add(fault()), 3);
    }
}
