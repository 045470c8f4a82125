//! JSON documents and places in them.

use std::{fmt, fs, path::Path};

use serde_json::{Map, Value};

use crate::{
    error::{Error, Made, Result},
    yaml,
};

/// Brackets in one another that a document may have.
const DEEPEST: usize = 5_000;

/// A JSON object.
pub type Object = Map<String, Value>;

/// A JSON pointer (RFC 6901).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// A pointer that is already written as one.
    pub fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The member `key` of this place.
    #[must_use]
    pub fn child(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// The place named by `keys`, one below the other.
    #[must_use]
    pub fn path(&self, keys: &[&str]) -> Self {
        keys.iter().fold(self.clone(), |at, key| at.child(key))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Reads a document, JSON or YAML, whatever its file is called.
pub fn load(path: &Path) -> Result<Value> {
    let bytes = fs::read(path).map_err(|cause| cause.to_string());
    let read = bytes.and_then(|bytes| read(&bytes));
    read.map_err(|cause| Error::new("read", format_args!("{}: {cause}", path.display())))
}

/// Reads a document as it was given.
fn read(bytes: &[u8]) -> Made<Value> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("this is UTF-16: save it as UTF-8".to_owned());
    }
    let text = std::str::from_utf8(bytes).map_err(|cause| format!("this is no UTF-8: {cause}"))?;
    // Some publishers begin with a mark of the byte order.
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().chars().next() {
        None => Err("the file is empty".to_owned()),
        Some('<') => Err("this is HTML or XML, not the document itself".to_owned()),
        // Its reader takes the square of the depth.
        _ if depth(text) > DEEPEST => Err(format!(
            "brackets stand deeper than {DEEPEST} in one another"
        )),
        // A mapping in braces may be YAML, too.
        Some('{' | '[') => {
            parse(text).or_else(|cause| yaml::parse(text).map_err(|_| cause.to_string()))
        }
        _ => yaml::parse(text).map_err(|cause| {
            // The reader tells no line of what is no text.
            let strange = text.find(|one: char| one.is_control() && !one.is_whitespace());
            let line = strange.map(|at| format!("line {}: ", text[..at].lines().count()));
            format!("{}{cause}", line.unwrap_or_default())
        }),
    }
}

/// Most brackets that are open at once, wherever they stand.
fn depth(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// Parses a JSON document; a key that is written twice is an error.
pub fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).map(|yaml::Any(value)| value)
}

/// The text under which a document is checked in: two spaces, object keys in byte order.
pub fn to_text(document: &Value) -> String {
    // The order of the map type is what another crate's features make of it.
    let mut sorted = document.clone();
    sorted.sort_all_objects();
    format!("{sorted:#}\n")
}

/// The text member `key`, if it is there and is text.
pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// The members of the object `key`; none if it is absent.
pub fn members<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let object = value.get(key).and_then(Value::as_object);
    object.into_iter().flatten()
}

/// Members of a path that are operations.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation of a document: path, method, description.
pub type Operation<'d> = (&'d str, &'d str, &'d Value);

/// Every operation of a document.
pub fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    members(document, "paths").flat_map(|(path, item)| {
        let all = item.as_object().into_iter().flatten();
        let all = all.filter(|(method, _)| METHODS.contains(&method.as_str()));
        all.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// An operation as people write it: `GET /balance`.
pub fn request(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_ascii_uppercase())
}

/// The answers of success that an operation may give, by their status.
pub fn successes(operation: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let answers = members(operation, "responses").map(|(status, one)| (status.as_str(), one));
    answers.filter(|(status, _)| status.starts_with('2'))
}

/// The first schema of a body.
pub fn schema(body: &Value) -> Option<&Value> {
    members(body, "content").find_map(|(_, media)| media.get("schema"))
}

/// What an object or an array holds.
pub(crate) fn inner(value: &Value) -> impl Iterator<Item = &Value> {
    let items = value.as_array().into_iter().flatten();
    let members = value.as_object().into_iter().flatten();
    items.chain(members.map(|(_, member)| member))
}

/// The items of the array `key`; none if it is absent.
pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    let list = value.get(key).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// The texts of the array `key`.
pub fn texts<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    items(value, key).iter().filter_map(Value::as_str)
}

/// The names in the braces of a path.
pub fn parts(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    let names = parts.filter_map(|part| Some(part.split_once('}')?.0));
    names.collect()
}

/// True if the flag `key` is set.
pub fn flag(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

/// Up to here floats hold every integer.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// A float without a fraction, as an integer.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}
