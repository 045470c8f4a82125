//! JSON documents as text, so that spelling varies too: duplicate keys, escapes, white space.

use std::fmt::Write;

use fastrand::Rng;

pub(crate) struct Generator {
    rng: Rng,
    /// True if only values are made that may be signed.
    tame: bool,
}

const WORDS: [&str; 12] = [
    "a", "b", "B", "amount", "value", "Z", "_", "é", "😀", "\u{fb33}", "data", "a/b",
];
const TRICKY: [&str; 16] = [
    "0",
    "1",
    "2",
    "10",
    "9",
    "08",
    "-5",
    "-0",
    "",
    "4294967296",
    "9223372036854775807",
    "1.5",
    "1e3",
    "٣",
    "\u{2028}",
    "\u{7f}",
];
const NUMBERS: [&str; 20] = [
    "-0",
    "-0.0",
    "10000.00",
    "0.070",
    "1e3",
    "1E+3",
    "1e-7",
    "123456789012345678",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "1e17",
    "1e16",
    "0.0001",
    "0.00001",
    "5e-324",
    "1.7976931348623157e308",
    "1e400",
    "1e-400",
];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            tame: false,
        }
    }

    pub(crate) fn document(&mut self) -> Vec<u8> {
        self.tame = self.rng.u8(..3) == 0;
        let mut text = String::new();
        let depth = self.rng.usize(1..5);
        self.container(&mut text, depth);
        let mut bytes = text.into_bytes();
        if !self.tame && self.rng.u8(..20) == 0 {
            self.damage(&mut bytes);
        }
        bytes
    }

    fn container(&mut self, out: &mut String, depth: usize) {
        let list = self.rng.bool();
        let most = if self.tame { 7 } else { 14 };
        let count =
            self.rng.usize(usize::from(self.tame)..most) * usize::from(self.rng.u8(..8) > 0);
        let count = if self.tame { count.max(1) } else { count };
        let run = !list && !self.tame && self.rng.u8(..4) == 0;
        let start = self.rng.usize(..2) * self.rng.usize(..2);
        out.push(if list { '[' } else { '{' });
        for at in 0..count {
            if at > 0 {
                out.push(',');
            }
            self.space(out);
            if !list {
                match run {
                    true => write!(out, "\"{}\"", at + start).unwrap(),
                    false => self.key(out, at),
                }
                self.space(out);
                out.push(':');
                self.space(out);
            }
            self.value(out, depth - 1);
            self.space(out);
        }
        self.space(out);
        out.push(if list { ']' } else { '}' });
    }

    fn key(&mut self, out: &mut String, at: usize) {
        if self.tame {
            let word = self.rng.choice(WORDS).unwrap();
            self.quoted(out, &format!("{word}{at}"));
            return;
        }
        let tricky = self.rng.u8(..3) == 0;
        let word = if tricky {
            self.rng.choice(TRICKY)
        } else {
            self.rng.choice(WORDS)
        }
        .unwrap();
        self.quoted(out, word);
    }

    fn value(&mut self, out: &mut String, depth: usize) {
        match self.rng.u8(..10) {
            0..=2 if depth > 0 => self.container(out, depth),
            3 => out.push_str(self.rng.choice(["true", "false", "null"]).unwrap()),
            4..=6 => self.number(out),
            _ => {
                let length = self.rng.usize(..12);
                let text: String = (0..length).map(|_| self.character()).collect();
                self.quoted(out, &text);
            }
        }
    }

    fn number(&mut self, out: &mut String) {
        if self.tame {
            write!(out, "{}", self.rng.i64(..) >> self.rng.u32(..60)).unwrap();
            return;
        }
        match self.rng.u8(..6) {
            0 => out.push_str(self.rng.choice(NUMBERS).unwrap()),
            1 => write!(out, "{}", self.rng.i64(..) >> self.rng.u32(..60)).unwrap(),
            2 => {
                let float = f64::from_bits(self.rng.u64(..));
                let float = if float.is_finite() { float } else { 0.5 };
                match self.rng.bool() {
                    true => write!(out, "{float:e}").unwrap(),
                    false => write!(out, "{float}").unwrap(),
                }
            }
            3 => write!(
                out,
                "{}.{:03}",
                self.rng.u32(..100_000),
                self.rng.u16(..1000)
            )
            .unwrap(),
            4 => write!(out, "{}e{}", self.rng.i16(..), self.rng.i8(-25..25)).unwrap(),
            _ => write!(out, "{}{}", self.rng.u64(..), self.rng.u16(..)).unwrap(),
        }
    }

    fn character(&mut self) -> char {
        match self.rng.u8(..12) {
            0 if self.tame => 'é',
            0 => self
                .rng
                .choice(['\u{2028}', '\u{2029}', '\u{2027}', '\u{20ac}'])
                .unwrap(),
            1 => self
                .rng
                .choice(['"', '\\', '/', '\u{7f}', '&', '<'])
                .unwrap(),
            2 => char::from(self.rng.u8(..0x20)),
            3 => self.rng.char('\u{80}'..'\u{d7ff}'),
            4 => self.rng.char('\u{1f600}'..='\u{1f64f}'),
            _ => char::from(self.rng.u8(b' '..b'~')),
        }
    }

    fn quoted(&mut self, out: &mut String, text: &str) {
        out.push('"');
        for character in text.chars() {
            let character = match character {
                '\u{2028}' | '\u{2029}' if self.tame => 'x',
                other => other,
            };
            self.escaped(out, character);
        }
        if !self.tame && self.rng.u8(..200) == 0 {
            let lone = [
                "\\ud800",
                "\\udfff",
                "\\ud83dx",
                "\\ud83d\\u0041",
                "\\ude00\\ud83d",
            ];
            out.push_str(self.rng.choice(lone).unwrap());
        }
        out.push('"');
    }

    fn escaped(&mut self, out: &mut String, character: char) {
        let short = match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '/' => Some("\\/"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            _ => None,
        };
        let required = matches!(character, '"' | '\\') || character < ' ';
        match (self.rng.u8(..8), short) {
            (0, _) => self.unicode(out, character),
            (1..4, Some(short)) => out.push_str(short),
            (_, Some(short)) if required => out.push_str(short),
            (_, None) if required => self.unicode(out, character),
            _ => out.push(character),
        }
    }

    fn unicode(&mut self, out: &mut String, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            match self.rng.bool() {
                true => write!(out, "\\u{unit:04x}").unwrap(),
                false => write!(out, "\\u{unit:04X}").unwrap(),
            }
        }
    }

    fn space(&mut self, out: &mut String) {
        if self.rng.u8(..6) == 0 {
            out.push(self.rng.choice([' ', '\t', '\n', '\r']).unwrap());
        }
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.rng.usize(..bytes.len());
        match self.rng.u8(..4) {
            0 => bytes.truncate(at),
            1 => bytes[at] = self.rng.u8(..),
            2 => drop(bytes.remove(at)),
            _ => bytes.insert(
                at,
                *self
                    .rng
                    .choice(b"{}[],:\"\\0-eEu.\xff\0".iter().collect::<Vec<_>>())
                    .unwrap(),
            ),
        }
    }
}
