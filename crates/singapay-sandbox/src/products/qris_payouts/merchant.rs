//! The merchant that a QR code names, as the gateway spells it out.

use serde_json::{Map, Value, json};

use crate::products::qris::data::{Tags, kind, tag};

/// All values are strings; what the code does not hold is left out. `None` when it is no QRIS code.
pub(super) fn read(qr_data: &str) -> Option<Value> {
    let mut tags = Tags(qr_data);
    let whole = tags.by_ref().count() > 0 && tags.0.is_empty();
    if !qr_data.starts_with("000201") || !whole {
        return None;
    }
    let mut data = Map::new();
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            data.insert(name.to_owned(), json!(value));
        }
    };
    put("payload_format_indicator", tag(qr_data, "00"));
    let point = if kind(qr_data) == "mpm-static" {
        "STATIC"
    } else {
        "DYNAMIC"
    };
    put("point_of_initiation_method", Some(point));
    put("mcc", tag(qr_data, "52"));
    let currency = tag(qr_data, "53");
    put(
        "transaction_currency",
        currency.map(|code| if code == "360" { "RUPIAH" } else { code }),
    );
    put("country_code", tag(qr_data, "58"));
    put("merchant_name", tag(qr_data, "59"));
    put("merchant_city", tag(qr_data, "60"));
    put("merchant_postal_code", tag(qr_data, "61"));
    put("crc", tag(qr_data, "63"));
    let amount = tag(qr_data, "54").map(|text| {
        if text.contains('.') {
            text.to_owned()
        } else {
            format!("{text}.00")
        }
    });
    put("transaction_amount", amount.as_deref());
    for (id, name) in [
        ("26", "merchant_information_26"),
        ("51", "merchant_information_51"),
    ] {
        if let Some(inner) = tag(qr_data, id) {
            let names = [
                ("00", "global_unique_identifier"),
                ("01", "merchant_pan"),
                ("02", "merchant_id"),
                ("03", "merchant_criteria"),
            ];
            data.insert(name.to_owned(), nested(inner, &names));
        }
    }
    if let Some(inner) = tag(qr_data, "62") {
        let names = [
            ("05", "reference_label"),
            ("07", "terminal_label"),
            ("08", "purpose_of_transaction"),
        ];
        data.insert("additional_data".to_owned(), nested(inner, &names));
    }
    Some(Value::Object(data))
}

fn nested(inner: &str, names: &[(&str, &str)]) -> Value {
    names
        .iter()
        .filter_map(|(id, name)| Some(((*name).to_owned(), json!(tag(inner, id)?))))
        .collect::<Map<_, _>>()
        .into()
}
