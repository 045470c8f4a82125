use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{from_str, json, to_string};

use super::{amount::LARGEST_FLOAT, *};

fn rupiah(json: &str) -> Option<i64> {
    from_str::<Rupiah>(json).ok().map(Rupiah::value)
}

#[test]
fn reads_every_shape_of_whole_rupiah() {
    for (json, value) in [
        ("10000", 10_000),
        ("10000.0", 10_000),
        ("10000.00", 10_000),
        ("1e5", 100_000),
        ("0", 0),
        ("-10000", -10_000),
        (r#""10000""#, 10_000),
        (r#""10000.00""#, 10_000),
        (r#""10000.0000""#, 10_000),
        (r#""-10000.00""#, -10_000),
        (r#""0.00""#, 0),
        (r#""-0.00""#, 0),
        (r#""000500""#, 500),
        ("9223372036854775807", i64::MAX),
        (r#""9223372036854775807.00""#, i64::MAX),
        (r#""-9223372036854775808""#, i64::MIN),
        (r#"{"value":10000,"currency":"IDR"}"#, 10_000),
        (r#"{"value":"10000","currency":"IDR"}"#, 10_000),
        (r#"{"currency":"IDR","value":"10000.00"}"#, 10_000),
        (r#"{"value":"-10000.00","currency":null}"#, -10_000),
        (r#"{"name":"Transfer Fee","value":"3000.0"}"#, 3_000),
    ] {
        assert_eq!(rupiah(json), Some(value), "{json}");
    }
}

#[test]
fn refuses_what_is_not_whole_rupiah() {
    for json in [
        "10000.5",
        "1e300",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999",
        "100000000000000.5",
        "70368744177665.0",
        "null",
        "true",
        "[]",
        "[10000]",
        "{}",
        r#""""#,
        r#"" ""#,
        r#""1234.56""#,
        r#""+10000""#,
        r#""--1""#,
        r#""-""#,
        r#""1e5""#,
        r#""10000.""#,
        r#"".00""#,
        r#""10,000""#,
        r#""10.000""#,
        r#""-10.000""#,
        r#""10.000.000""#,
        r#"" 10000""#,
        r#""10000 ""#,
        r#""Rp10000""#,
        r#""0x10""#,
        r#""١٠""#,
        r#""9223372036854775808""#,
        r#""NaN""#,
        r#"{"value":"1234.56","currency":"IDR"}"#,
        r#"{"value":"10.000","currency":"IDR"}"#,
        r#"{"value":10000,"currency":"USD"}"#,
        r#"{"value":{"value":10000}}"#,
        r#"{"currency":"IDR"}"#,
    ] {
        assert_eq!(rupiah(json), None, "{json}");
    }
}

#[test]
fn a_refusal_does_not_repeat_the_text() {
    let error = from_str::<Rupiah>(r#""secret-canary""#).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("not an amount in whole rupiah")
    );
    assert!(!error.to_string().contains("canary"));
}

#[test]
fn rupiah_is_written_as_an_integer() {
    assert_eq!(to_string(&Rupiah::new(150_000)).unwrap(), "150000");
    assert_eq!(Rupiah::new(-5).to_string(), "-5");
    assert_eq!(format!("{:>8}", Rupiah::new(42)), "      42");
}

#[test]
fn arithmetic_does_not_wrap() {
    let most = Rupiah::new(i64::MAX);
    assert_eq!(most.checked_add(Rupiah::new(1)), None);
    assert_eq!(Rupiah::new(i64::MIN).checked_sub(Rupiah::new(1)), None);
    assert_eq!(
        Rupiah::new(5).checked_sub(Rupiah::new(7)),
        Some(Rupiah::new(-2))
    );
    assert!(Rupiah::new(-2).is_negative() && Rupiah::ZERO.is_zero());
}

#[test]
fn money_is_read_from_every_shape() {
    for json in [
        r#"{"value":"10000.00","currency":"IDR"}"#,
        r#"{"currency":"IDR","value":"10000"}"#,
        r#"{"currency":"IDR","value":10000}"#,
        r#"{"value":10000.00}"#,
        r#"{"value":10000,"currency":null}"#,
        r#"{"value":10000,"currency":""}"#,
        "10000",
        "10000.00",
        "1e4",
        r#""10000.00""#,
    ] {
        let money: Money = from_str(json).unwrap();
        assert_eq!(money, Money::idr(Rupiah::new(10_000)), "{json}");
    }
}

#[test]
fn money_is_refused_without_a_readable_value() {
    for json in [
        "{}",
        r#"{"currency":"IDR"}"#,
        r#"{"value":null,"currency":"IDR"}"#,
        r#"{"value":"1234.56","currency":"IDR"}"#,
        r#"{"value":"15.000","currency":"IDR"}"#,
        r#"{"value":1,"currency":{}}"#,
        "null",
        "[]",
    ] {
        assert!(from_str::<Money>(json).is_err(), "{json}");
    }
}

#[test]
fn a_refusal_of_money_does_not_repeat_it() {
    for json in [
        r#""canary""#,
        r#"["canary"]"#,
        r#"{"canary":1}"#,
        r#"{"value":"canary"}"#,
        r#"{"value":1,"currency":["canary"]}"#,
        "true",
        "1.555",
    ] {
        let error = from_str::<Money>(json).unwrap_err().to_string();
        assert!(
            error.starts_with("not an amount in whole rupiah"),
            "{error}"
        );
        assert!(!error.contains("canary"), "{error}");
        let error = from_str::<Money<Amount>>(json).unwrap_err().to_string();
        assert!(error.starts_with("not an amount in rupiah"), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn money_leaves_as_a_decimal_string() {
    let money = Money::idr(Rupiah::new(10_000));
    assert_eq!(
        to_string(&money).unwrap(),
        r#"{"value":"10000.00","currency":"IDR"}"#
    );
    assert_eq!(money.to_string(), "IDR 10000");
}

#[test]
fn money_keeps_cents_exactly() {
    for json in [
        r#"{"value":"1234.56","currency":"IDR"}"#,
        r#"{"value":1234.56,"currency":"IDR"}"#,
        r#"{"value":"1234.5600"}"#,
        r#""1234.56""#,
        "1234.56",
        "123456e-2",
    ] {
        let money: Money<Amount> = from_str(json).unwrap();
        assert_eq!(money.value.minor_units(), 123_456, "{json}");
        assert_eq!(money.rupiah(), None, "{json}");
        assert_eq!(money.to_string(), "IDR 1234.56");
        assert_eq!(
            to_string(&money).unwrap(),
            r#"{"value":"1234.56","currency":"IDR"}"#
        );
    }
    let half: Money<Amount> = from_str(r#"{"value":"-0.5"}"#).unwrap();
    assert_eq!(half.value, Amount::from_minor_units(-50));
    assert_eq!(
        to_string(&half).unwrap(),
        r#"{"value":"-0.50","currency":"IDR"}"#
    );
    let whole: Money<Amount> = from_str("10000").unwrap();
    assert_eq!(whole.rupiah(), Some(Rupiah::new(10_000)));
    let foreign: Money<Amount> = from_str(r#"{"value":"1.00","currency":"USD"}"#).unwrap();
    assert_eq!(foreign.rupiah(), None);
    for json in [
        r#""15.000""#,
        "1234.567",
        r#"{"value":"1234.567"}"#,
        r#"{"value":"15.000","currency":"IDR"}"#,
        r#"{"value":"1e2"}"#,
    ] {
        assert!(from_str::<Money<Amount>>(json).is_err(), "{json}");
    }
}

#[test]
fn amounts_are_ordered_added_and_shown_exactly() {
    let amount = |text: &str| text.parse::<Amount>().unwrap();
    assert!(amount("1234.5") < amount("1234.56") && amount("-0.01") < Amount::ZERO);
    assert!(amount("1234.56") > Rupiah::new(1_234) && amount("5.00") == Rupiah::new(5));
    assert_eq!(
        amount("0.10").checked_add(amount("0.20")),
        Some(amount("0.3"))
    );
    assert_eq!(
        amount("5").checked_sub(Rupiah::new(7)),
        Some(amount("-2.00"))
    );
    let most = Amount::from_minor_units(i128::MAX);
    assert_eq!(most.checked_add(Rupiah::new(1)), None);
    assert_eq!(most.rupiah(), None);
    assert_eq!(format!("{:>8}", amount("42.5")), "   42.50");
    assert_eq!(amount("42.00").to_string(), "42");
    assert!(amount("-0.5").is_negative() && amount("-0.00").is_zero());
    assert_eq!(to_string(&amount("42")).unwrap(), r#""42.00""#);
    assert!(from_str::<Amount>(r#"{"value":"1.50","currency":"USD"}"#).is_err());
    for text in [
        "", "1.", ".5", "1.234", "15.000", "1.2.3", "+1", "1e2", "1,5", "0.001",
    ] {
        assert_eq!(text.parse::<Amount>(), Err(ParseAmountError), "{text}");
    }
}

#[test]
fn money_keeps_what_it_does_not_know() {
    let json = json!({"value": "3000.00", "currency": "USD", "name": "Transfer Fee"});
    let money: Money = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(money.currency.as_str(), "USD");
    assert!(!money.currency.is_known());
    assert_eq!(serde_json::to_value(&money).unwrap(), json);
}

#[test]
fn extra_members_cannot_smuggle_a_second_amount() {
    let mut money = Money::idr(Rupiah::new(1));
    money.extra.insert("value".to_owned(), json!("999999.00"));
    money.extra.insert("currency".to_owned(), json!("USD"));
    assert_eq!(
        to_string(&money).unwrap(),
        r#"{"value":"1.00","currency":"IDR"}"#
    );
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Balance {
    #[serde(default, deserialize_with = "crate::tolerant::option")]
    after: Option<Rupiah>,
}

#[test]
fn absent_null_and_zero_stay_apart() {
    let read = |json| from_str::<Balance>(json).unwrap().after;
    assert_eq!(read("{}"), None);
    assert_eq!(read(r#"{"after":null}"#), None);
    assert_eq!(read(r#"{"after":""}"#), None);
    assert_eq!(read(r#"{"after":"0"}"#), Some(Rupiah::ZERO));
    assert_eq!(read(r#"{"after":0}"#), Some(Rupiah::ZERO));
}

proptest! {
    #[test]
    fn every_amount_survives_every_shape(value: i64) {
        let amount = Rupiah::new(value);
        for json in [
            format!("{value}"),
            format!("\"{value}\""),
            format!("\"{value}.00\""),
            to_string(&amount).unwrap(),
        ] {
            prop_assert_eq!(from_str::<Rupiah>(&json).unwrap(), amount);
        }
        prop_assert_eq!(amount.to_string().parse::<Rupiah>().unwrap(), amount);
        let money = Money::idr(amount);
        prop_assert_eq!(&from_str::<Money>(&to_string(&money).unwrap()).unwrap(), &money);
    }

    /// Members in any order, repeated ones too, of which the last counts.
    #[test]
    fn money_is_read_as_from_a_tree_of_values(
        members in prop::collection::vec(
            (
                prop::sample::select(vec!["value", "currency", "name", "note"]),
                prop::sample::select(vec![
                    "null", "1", "2.0", "3.5", "3.555", "\"4.00\"", "\"4.25\"", "\"x\"", "\"\"", "\"IDR\"", "[]", "{\"a\":1}", "true",
                ]),
            ),
            0..5,
        )
    ) {
        let members = members.iter().map(|(name, value)| format!("\"{name}\":{value}"));
        let json = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        let tree = Money::<Amount>::from_value(from_str(&json).unwrap());
        prop_assert_eq!(from_str::<Money<Amount>>(&json).ok(), tree.clone());
        prop_assert_eq!(serde_json::from_value::<Money<Amount>>(from_str(&json).unwrap()).ok(), tree.clone());
        let whole = tree.filter(|money| money.value.rupiah().is_some());
        prop_assert_eq!(from_str::<Money>(&json).is_ok(), whole.is_some());
    }

    #[test]
    fn floats_are_exact_or_refused(value in -LARGEST_FLOAT..=LARGEST_FLOAT, cents in 1..100_u8) {
        prop_assert_eq!(rupiah(&format!("{value}.0")), Some(value));
        prop_assert_eq!(rupiah(&format!("{value}.{cents:02}")), None);
        if value.abs() < LARGEST_FLOAT {
            let text = format!("{value}.{cents:02}");
            let money: Money<Amount> = from_str(&text).unwrap();
            prop_assert_eq!(money.value, text.parse::<Amount>().unwrap());
        }
    }

    /// Integer, decimal number, text of both, bare or with a currency: one and the same amount.
    #[test]
    fn cents_survive_every_shape(value in -LARGEST_FLOAT + 1..LARGEST_FLOAT, cents in 0..100_u8) {
        let text = format!("{value}.{cents:02}");
        let amount: Amount = text.parse().unwrap();
        prop_assert_eq!(amount.rupiah().is_some(), cents == 0);
        prop_assert_eq!(amount.to_string().parse::<Amount>().unwrap(), amount);
        let mut shapes = vec![text.clone(), format!("\"{text}\""), format!("\"{text}00\"")];
        if cents == 0 {
            shapes.extend([format!("{value}"), format!("\"{value}\"")]);
        }
        for bare in shapes {
            for json in [bare.clone(), format!("{{\"value\":{bare},\"currency\":\"IDR\"}}")] {
                let money: Money<Amount> = from_str(&json).unwrap();
                prop_assert_eq!(money.value, amount, "{}", json);
                let again: Money<Amount> = from_str(&to_string(&money).unwrap()).unwrap();
                prop_assert_eq!(&again, &money);
                prop_assert_eq!(from_str::<Rupiah>(&json).ok(), money.rupiah(), "{}", json);
                let whole = from_str::<Money>(&json).ok();
                prop_assert_eq!(whole.map(|money| money.value), money.rupiah(), "{}", json);
                prop_assert_eq!(from_str::<Amount>(&json).unwrap(), amount, "{}", json);
            }
        }
    }

    #[test]
    fn text_is_read_only_if_it_is_the_number(text in "[-+0-9.,eE ]{0,12}") {
        if let Ok(amount) = text.parse::<Rupiah>() {
            let integer = text.split('.').next().unwrap();
            prop_assert_eq!(integer.parse::<i128>().unwrap(), i128::from(amount.value()));
            prop_assert!(!text.contains(['e', 'E', ' ', ',', '+']));
        }
    }
}
