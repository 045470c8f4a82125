//! Values that a schema allows.

use serde_json::{Map, Value, json};

use super::{Document, Kind, Operation};

/// Id of an account, invented.
pub const ACCOUNT_ID: &str = "01K946KF851RK7FX075GJHBVKF";

/// Patterns of the documents, and a text that matches each.
const MATCHING: [(&str, &str); 18] = [
    ("^[A-Za-z]{2}$", "ID"),
    (r"^\d+$", "4"),
    ("^[0-9]+$", "7"),
    ("^[A-Za-z0-9]+$", "A1"),
    (r"^\d{2}(0[1-9]|1[0-2])$", "2912"),
    (r"^[^\s\/]+$", "INV-2026-0001"),
    (r"^\d{13}$", "1787280000000"),
    ("^[0-9]{13}$", "1787280000000"),
    (r"^[\p{L}\p{N} /]*$", "Gaji Agustus"),
    ("^[0-9]{12}$", "000000000123"),
    ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-08-21"),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
        "2026-08-21T10:00:00",
    ),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        "2026-08-21T03:00:00Z",
    ),
    ("^[1-9][0-9]*$", "1"),
    (
        "^[0-9a-fA-F]{64}$",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    ("^([0-9]{3}|[A-Za-z0-9]{8})$", "014"),
    ("^[0-9]{6,20}$", "1234567890"),
    ("^[0-9]{3}$", "014"),
];

/// A phone number, invented.
const PHONE: (&str, &str) = ("^(0|62)[1-9][0-9]{7,11}$", "081200000001");

impl Document {
    /// A value of this schema, with all members of all objects. Values differ by name and index, so
    /// that a value in the wrong place shows.
    ///
    /// # Panics
    ///
    /// The schema has a pattern that is not in the table above.
    pub fn sample(&self, name: &str, schema: &Value, index: usize) -> Value {
        let limits = &schema["x-singapay-limits"];
        match self.kind(schema) {
            Kind::Text | Kind::Sensitive => text(name, limits).into(),
            Kind::Integer => whole(1 + offset(index), limits).into(),
            Kind::Boolean => true.into(),
            Kind::Rupiah => whole(10_000 + 1_000 * offset(index), limits).into(),
            Kind::Amount => format!("{}.25", 10_000 + 1_000 * offset(index)).into(),
            Kind::ExactMoney => {
                json!({"value": format!("{}.25", 10_000 + 1_000 * offset(index)), "currency": "IDR"})
            }
            Kind::Money => {
                let value = whole(10_000 + 1_000 * offset(index), limits);
                json!({"value": format!("{value}.00"), "currency": "IDR"})
            }
            Kind::Time(time) => self::time(time, offset(index)),
            Kind::Enum(values) => values.first().copied().unwrap_or_default().into(),
            Kind::Object(name) => self.object(name).into(),
            Kind::List(items) => {
                let least = limits["minItems"].as_u64().unwrap_or(1).max(1);
                (0..least)
                    .map(|_| self.sample(name, items, index))
                    .collect()
            }
            Kind::Map => json!({"note": format!("{name}, of the merchant")}),
            Kind::Any => json!({"any": [1, "two", null]}),
        }
    }

    /// An object with all members of the named schema.
    pub fn object(&self, name: &str) -> Map<String, Value> {
        let members = self.schema(name)["properties"].as_object().unwrap();
        members
            .iter()
            .enumerate()
            .map(|(index, (name, schema))| (name.clone(), self.sample(name, schema, index)))
            .collect()
    }
}

fn offset(index: usize) -> i64 {
    i64::try_from(index).unwrap()
}

fn text(name: &str, limits: &Value) -> String {
    let bound = |name: &str| {
        let bound = limits[name].as_u64()?;
        usize::try_from(bound).ok()
    };
    let (least, most) = (bound("minLength"), bound("maxLength"));
    if let Some(pattern) = limits["pattern"].as_str() {
        let mut table = MATCHING.iter().chain([&PHONE]);
        let (_, text) = table
            .find(|(known, _)| *known == pattern)
            .unwrap_or_else(|| panic!("no text is known that matches {pattern}"));
        // Patterns that leave the length open are repeated until they are long enough.
        let mut long = (*text).to_owned();
        while long.len() < least.unwrap_or_default() {
            long.push_str(text);
        }
        return most.map_or(long.clone(), |most| long.chars().take(most).collect());
    }
    let text = match (name, limits["format"].as_str()) {
        (_, Some("email")) | ("email" | "customer_email" | "payer_email", _) => {
            "rina@example.com".to_owned()
        }
        (name, Some("uri")) => format!("https://toko.example.com/{name}"),
        (name, _) if name.ends_with("_url") => format!("https://toko.example.com/{name}"),
        (name, _) => name.replace('_', " "),
    };
    let padding = least
        .unwrap_or_default()
        .saturating_sub(text.chars().count());
    let text = text + &"x".repeat(padding);
    match most {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

fn whole(wanted: i64, limits: &Value) -> i64 {
    let bound = |name: &str| limits[name].as_f64().map(|bound| format!("{bound:.0}"));
    let bound = |name: &str| bound(name).map(|bound| bound.parse::<i64>().unwrap());
    let step = bound("multipleOf").unwrap_or(1);
    let least = bound("minimum").unwrap_or(wanted).max(wanted);
    let up = (least + step - 1) / step * step;
    match bound("maximum") {
        Some(most) if up > most => most / step * step,
        _ => up,
    }
}

/// 2026-08-21 03:00:00 UTC, and a second later for each step.
fn time(name: &str, index: i64) -> Value {
    let second = index % 60;
    match name {
        "UnixSeconds" => (1_787_281_200 + second).into(),
        "UnixMillis" => ((1_787_281_200 + second) * 1000).into(),
        "WibDateTime" => format!("2026-08-21 10:00:{second:02}").into(),
        "WibText" => format!("21 Aug 2026 10:00:{second:02}").into(),
        _ => format!("2026-08-21T10:00:{second:02}+07:00").into(),
    }
}

impl Operation<'_> {
    /// A success with all members.
    pub fn answer(&self) -> Value {
        self.enveloped(self.document.sample("data", self.data(), 0))
    }

    /// A success with this data.
    ///
    /// # Panics
    ///
    /// The operation has an envelope that is not known here.
    pub fn enveloped(&self, data: Value) -> Value {
        match self.metadata("envelope").as_str().unwrap() {
            "v1" => json!({"status": 200, "success": true, "data": data}),
            "v2" => json!({
                "response_code": "SP000", "response_message": "Successfully", "data": data,
            }),
            "biller" => json!({
                "command": "command", "response_code": "00", "response_text": "Success",
                "data": data,
            }),
            "identity" => json!({
                "code": "SUCCESS", "message": "OK", "data": data, "request_id": "request 1",
                "pricing": "FREE",
            }),
            "flat" => data,
            other => panic!("{other} is no envelope"),
        }
    }
}
