use proptest::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{from_str, json, to_string};

use super::*;

/// 2025-12-26T06:35:45Z, in every format that the gateway uses.
const FORMS: [&str; 14] = [
    "1766730945",
    "1766730945000",
    "1766730945000.0",
    r#""1766730945""#,
    r#""1766730945000""#,
    r#""2025-12-26T13:35:45+07:00""#,
    r#""2025-12-26T06:35:45Z""#,
    r#""2025-12-26T06:35:45.000000Z""#,
    r#""2025-12-26T13:35:45+0700""#,
    r#""2025-12-26 13:35:45""#,
    r#""2025-12-26T13:35:45""#,
    r#""2025-12-26 13:35:45.000""#,
    r#""26 Dec 2025 13:35:45""#,
    r#"" 26 Dec 2025 13:35:45 ""#,
];
const INSTANT: Timestamp = Timestamp::from_unix_seconds(1_766_730_945);

fn reads_all<T: DeserializeOwned>(instant: impl Fn(&T) -> Option<Timestamp>) {
    for json in FORMS {
        assert_eq!(instant(&from_str(json).unwrap()), Some(INSTANT), "{json}");
    }
}

#[test]
fn every_type_reads_every_format() {
    reads_all(UnixSeconds::instant);
    reads_all(UnixMillis::instant);
    reads_all(Iso8601::instant);
    reads_all(WibDateTime::instant);
    reads_all(WibText::instant);
    reads_all(AnyTime::instant);
}

#[test]
fn every_type_writes_its_own_format() {
    let time = INSTANT.plus(Duration::from_millis(250));
    assert_eq!(to_string(&UnixSeconds::from(time)).unwrap(), "1766730945");
    assert_eq!(to_string(&UnixMillis::from(time)).unwrap(), "1766730945250");
    let text = UnixMillis::from_timestamp_as_text(time);
    assert_eq!(to_string(&text).unwrap(), r#""1766730945250""#);
    assert_eq!(Iso8601::from(time).raw(), "2025-12-26T13:35:45+07:00");
    assert_eq!(Iso8601::utc(time).raw(), "2025-12-26T06:35:45Z");
    assert_eq!(WibDateTime::from(time).raw(), "2025-12-26 13:35:45");
    assert_eq!(WibText::from(time).raw(), "26 Dec 2025 13:35:45");
    assert_eq!(AnyTime::from(time).raw(), "2025-12-26T13:35:45+07:00");
}

#[test]
fn days_need_no_padding() {
    let padded: WibText = from_str(r#""03 Jan 2026 00:00:01""#).unwrap();
    let unpadded: WibText = from_str(r#""3 Jan 2026 00:00:01""#).unwrap();
    assert!(padded.instant().is_some());
    assert_eq!(padded.instant(), unpadded.instant());
}

/// Seen live: this text arrived at 21:35:03 UTC of the day before.
#[test]
fn text_without_zone_is_jakarta_time() {
    let sent: WibText = from_str(r#""21 Aug 2026 04:35:02""#).unwrap();
    assert_eq!(
        sent.instant().unwrap().to_string(),
        "2026-08-20T21:35:02.000Z"
    );
}

#[test]
fn unreadable_text_is_kept() {
    for text in [
        "soon",
        "2026-13-40 00:00:00",
        "26 Des 2025 13:35:45",
        "26 December 2025 13:35:45",
        "2026-04-02",
        "20260402103000",
        "12:00",
        "-",
        "1e9",
        "",
    ] {
        let json = to_string(text).unwrap();
        let time: AnyTime = from_str(&json).unwrap();
        assert_eq!(time.instant(), None, "{text}");
        assert_eq!(time.raw(), text);
        assert_eq!(to_string(&time).unwrap(), json);
        assert_eq!(format!("{time:?}"), "AnyTime(unreadable)");
    }
}

#[test]
fn only_text_and_numbers_are_times() {
    for json in ["null", "true", "[]", "{}"] {
        assert!(from_str::<AnyTime>(json).is_err(), "{json}");
    }
}

#[test]
fn the_scalar_leaves_as_it_came() {
    for json in FORMS {
        let time: Iso8601 = from_str(json).unwrap();
        assert_eq!(to_string(&time).unwrap(), json);
    }
}

#[derive(Serialize, Deserialize)]
struct Payout {
    #[serde(default, deserialize_with = "crate::tolerant::option")]
    processed_timestamp: Option<UnixMillis>,
    #[serde(flatten)]
    extra: serde_json::Map<String, serde_json::Value>,
}

#[test]
fn empty_text_means_absent() {
    let read = |json| {
        serde_json::from_value::<Payout>(json)
            .unwrap()
            .processed_timestamp
    };
    assert!(read(json!({"processed_timestamp": ""})).is_none());
    assert!(read(json!({"processed_timestamp": null})).is_none());
    assert!(read(json!({})).is_none());
    assert!(read(json!({"processed_timestamp": []})).is_none());
    let time = read(json!({"processed_timestamp": "1787321478000"})).unwrap();
    assert_eq!(
        time.instant(),
        Some(Timestamp::from_unix_seconds(1_787_321_478))
    );
}

/// Texts that a backend writes where there is no time, in every format and zone.
const NO_TIMES: [&str; 26] = [
    "0",
    "0.0",
    "-62169984000",
    "-25200",
    "25200000",
    r#""0""#,
    r#""-62169984000000""#,
    r#""0000-00-00 00:00:00""#,
    r#""0000-00-00""#,
    r#""0000-00-00T00:00:00.000000Z""#,
    r#""0000-00-00 07:00:00""#,
    r#""0000-01-01T00:00:00Z""#,
    r#""-0001-11-30 00:00:00""#,
    r#""-0001-11-30""#,
    r#""-0001-11-30T00:00:00+07:07""#,
    r#""-000001-11-29T16:52:48.000000Z""#,
    r#""30 Nov -0001 00:00:00""#,
    r#""00 Jan 0000 00:00:00""#,
    r#""0001-01-01T00:00:00Z""#,
    r#""1970-01-01T00:00:00Z""#,
    r#""1970-01-01T07:00:00+07:00""#,
    r#""1970-01-01 07:00:00""#,
    r#""1970-01-01 00:00:00""#,
    r#""1970-01-01""#,
    r#""01 Jan 1970 07:00:00""#,
    r#"" 01 Jan 1970 ""#,
];

#[test]
fn a_date_that_stands_for_none_is_absent() {
    for json in NO_TIMES {
        assert!(from_str::<AnyTime>(json).is_err(), "{json}");
        let payout: Payout = from_str(&format!(r#"{{"processed_timestamp":{json}}}"#)).unwrap();
        assert!(payout.processed_timestamp.is_none(), "{json}");
        if let Ok(text) = from_str::<String>(json) {
            assert_eq!(AnyTime::from_text(text).instant(), None, "{json}");
        }
    }
    assert_eq!(
        UnixSeconds::from(Timestamp::from(UNIX_EPOCH)).instant(),
        None
    );
    let first: WibDateTime = from_str(r#""1971-01-01 07:00:00""#).unwrap();
    assert!(first.instant().is_some(), "a birthday, perhaps");
}

#[test]
fn the_day_changes_at_midnight_in_jakarta() {
    let last_of_20th = Timestamp::from_unix_seconds(1_787_245_199);
    assert_eq!(last_of_20th.to_string(), "2026-08-20T16:59:59.000Z");
    assert_eq!(jakarta_date(last_of_20th), "20260820");
    assert_eq!(
        jakarta_date(last_of_20th.plus(Duration::from_secs(1))),
        "20260821"
    );
}

#[test]
fn times_beyond_the_calendar_are_clamped() {
    assert_eq!(
        jakarta_date(Timestamp::from_unix_millis(i64::MAX)),
        "99991231"
    );
    assert_eq!(
        jakarta_date(Timestamp::from_unix_millis(i64::MIN)),
        "00010101"
    );
    let seconds = Timestamp::from_unix_seconds(i64::MAX);
    assert_eq!(seconds.plus(Duration::MAX).unix_millis(), i64::MAX);
}

#[test]
fn durations_are_never_negative() {
    let later = INSTANT.plus(Duration::from_secs(5));
    assert_eq!(later.since(INSTANT), Duration::from_secs(5));
    assert_eq!(INSTANT.since(later), Duration::ZERO);
    assert_eq!(Timestamp::from_unix_millis(-1).unix_seconds(), -1);
}

#[test]
fn system_time_is_read_on_both_sides_of_the_epoch() {
    let second = Duration::from_secs(1);
    assert_eq!(Timestamp::from(UNIX_EPOCH + second).unix_millis(), 1000);
    assert_eq!(Timestamp::from(UNIX_EPOCH - second).unix_millis(), -1000);
}

proptest! {
    /// 1973 to 2286: where seconds and milliseconds can be told apart.
    #[test]
    fn what_is_written_is_read_back(millis in 100_000_000_000..10_000_000_000_000_i64) {
        let time = Timestamp::from_unix_millis(millis);
        let second = Timestamp::from_unix_seconds(time.unix_seconds());
        prop_assert_eq!(UnixMillis::from(time).instant(), Some(time));
        prop_assert_eq!(UnixMillis::from_timestamp_as_text(time).instant(), Some(time));
        prop_assert_eq!(UnixSeconds::from(time).instant(), Some(second));
        prop_assert_eq!(Iso8601::from(time).instant(), Some(second));
        prop_assert_eq!(Iso8601::utc(time).instant(), Some(second));
        prop_assert_eq!(WibDateTime::from(time).instant(), Some(second));
        prop_assert_eq!(WibText::from(time).instant(), Some(second));
        prop_assert_eq!(AnyTime::from(time).instant(), Some(second));
    }

    #[test]
    fn no_text_panics_or_is_lost(text in any::<String>()) {
        let json = to_string(&text).unwrap();
        // Only a date that stands for none is refused, and an optional field is then absent.
        if let Ok(time) = from_str::<AnyTime>(&json) {
            let _ = time.instant();
            prop_assert_eq!(to_string(&time).unwrap(), json);
        }
    }

    #[test]
    fn no_number_panics(number: i64) {
        let _ = from_str::<AnyTime>(&number.to_string()).map(|time| time.instant());
        let _ = Iso8601::from(Timestamp::from_unix_millis(number)).raw();
    }
}
