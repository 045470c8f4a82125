//! Chaos: webhooks that come twice, late and in any order, the same for the same seed.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};

use super::record::Delivery;
use crate::{
    clock::TEN_YEARS,
    state::{Random, World},
    wire_time::At,
};

/// Most copies of one delivery beside itself.
const COPIES: usize = 3;
/// Most milliseconds that a delivery is late or swapped.
const LATEST: u64 = TEN_YEARS.as_secs() * 1_000;

/// Treatment of webhooks to come. Times are on the sandbox's clock, so that nothing waits where it is moved.
///
/// With the same seed, and the same events in the same order, the same deliveries are repeated, delayed and
/// swapped. Each first attempt has a moment of its own: where the clock is moved with
/// [`Sandbox::advance`](crate::Sandbox::advance), one is answered before the next one leaves. What fails is
/// tried again as ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Chaos {
    /// Start of the random numbers.
    pub seed: u64,
    /// Deliveries of a hundred that come once more, newly signed, up to three times each; more than 100 are 100.
    pub duplicates_percent: u8,
    /// Milliseconds within which events swap places, those about one payment too; ten years at most.
    pub reorder_ms: u64,
    /// Most milliseconds that a delivery is late; ten years at most.
    pub delay_ms: u64,
}

impl Chaos {
    /// No chaos yet.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Repeats so many deliveries of a hundred, newly signed, up to three times each.
    #[must_use]
    pub fn duplicates(mut self, percent: u8) -> Self {
        self.duplicates_percent = percent.min(100);
        self
    }

    /// Lets events swap places that are no further apart than this, those about one payment too.
    #[must_use]
    pub fn reorder(mut self, within: Duration) -> Self {
        self.reorder_ms = millis(within);
        self
    }

    /// Makes each delivery late by up to this. Events about one payment keep their order.
    #[must_use]
    pub fn delay(mut self, most: Duration) -> Self {
        self.delay_ms = millis(most);
        self
    }

    /// Says which member is too large.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.duplicates_percent > 100 {
            let share = self.duplicates_percent;
            return Err(format!(
                "duplicates_percent: {share} of a hundred is more than all"
            ));
        }
        let times = [("reorder_ms", self.reorder_ms), ("delay_ms", self.delay_ms)];
        match times.iter().find(|(_, millis)| *millis > LATEST) {
            Some((name, millis)) => Err(format!("{name}: {millis} is more than ten years")),
            None => Ok(()),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Chaos that reigns.
pub(crate) struct Reign {
    pub(crate) chaos: Chaos,
    random: Random,
    taken: BTreeSet<At>,
}

impl Reign {
    pub(crate) fn new(mut chaos: Chaos) -> Self {
        chaos.duplicates_percent = chaos.duplicates_percent.min(100);
        // Beyond the end of time there would be no moment of its own.
        chaos.reorder_ms = chaos.reorder_ms.min(LATEST);
        chaos.delay_ms = chaos.delay_ms.min(LATEST);
        Self {
            random: Random::new(chaos.seed),
            taken: BTreeSet::new(),
            chaos,
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random.next() % bound.max(1)
    }

    /// A moment of its own.
    fn moment(&mut self, now: At) -> At {
        self.taken.retain(|at| *at >= now);
        let late = self.below(self.chaos.delay_ms.saturating_add(1));
        let swapped = self.below(self.chaos.reorder_ms.saturating_add(1));
        let mut at = now.plus(Duration::from_millis(late.saturating_add(swapped)));
        while !self.taken.insert(at) {
            at = at.plus(Duration::from_millis(1));
        }
        at
    }

    /// The delivery and its copies, each at its time.
    fn spread(&mut self, mut delivery: Delivery, now: At) -> Vec<Delivery> {
        if self.chaos.reorder_ms > 0 {
            delivery.subject.clear();
        }
        delivery.next_at = self.moment(now);
        let mut all = vec![delivery];
        while all.len() <= COPIES && self.below(100) < u64::from(self.chaos.duplicates_percent) {
            let mut copy = all[0].again(self.moment(now));
            // Nothing waits for a copy.
            copy.subject.clear();
            all.push(copy);
        }
        all
    }
}

/// What is to be sent of a delivery, now or later.
pub(super) fn spread(world: &mut World, delivery: Delivery) -> Vec<Delivery> {
    let now = world.now;
    match &mut world.chaos {
        Some(reign) => reign.spread(delivery, now),
        None => vec![delivery],
    }
}
