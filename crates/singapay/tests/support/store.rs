//! A store around another one, in tests that look at some of its methods alone.

/// The methods of a store that are the inner one's.
macro_rules! as_kept {
    ($kept:ident) => {
        fn insert<'a>(
            &'a self,
            record: &'a singapay::PayoutRecord,
            reserves: &'a [singapay::Reserve],
        ) -> singapay::BoxFuture<'a, Result<singapay::Inserted, singapay::StoreError>> {
            self.$kept.insert(record, reserves)
        }

        fn due(
            &self,
            now: singapay::Timestamp,
            most: u32,
        ) -> singapay::BoxFuture<'_, Result<Vec<String>, singapay::StoreError>> {
            self.$kept.due(now, most)
        }

        fn in_state<'a>(
            &'a self,
            state: singapay::PayoutState,
            after: &'a str,
            most: u32,
        ) -> singapay::BoxFuture<'a, Result<Vec<singapay::PayoutRecord>, singapay::StoreError>> {
            self.$kept.in_state(state, after, most)
        }

        fn history<'a>(
            &'a self,
            reference: &'a str,
        ) -> singapay::BoxFuture<'a, Result<Vec<singapay::PayoutEvent>, singapay::StoreError>> {
            self.$kept.history(reference)
        }

        fn used<'a>(
            &'a self,
            day: &'a str,
            scope: &'a str,
        ) -> singapay::BoxFuture<'a, Result<i64, singapay::StoreError>> {
            self.$kept.used(day, scope)
        }
    };
}
pub(crate) use as_kept;
