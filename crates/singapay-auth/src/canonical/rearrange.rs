//! What happens when an object or a long list closes: sorting, duplicates, PHP's list rules.

use super::{
    Form,
    engine::{Engine, Frame},
    error::Problem,
};

/// A key: a piece of the input, or of the decoded keys.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) decoded: bool,
}

impl Text {
    pub(super) const fn empty() -> Self {
        Self {
            start: 0,
            end: 0,
            decoded: false,
        }
    }

    pub(super) fn resolve<'a>(self, input: &'a [u8], keys: &'a [u8]) -> &'a [u8] {
        &(if self.decoded { keys } else { input })[self.start..self.end]
    }
}

/// A member of an object, or an element of a list, in the output.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) key: Text,
    /// Start of the member, at its key.
    pub(super) start: usize,
    /// Start of the value.
    pub(super) value: usize,
    /// End of the value.
    pub(super) end: usize,
}

/// The list index that PHP sees in a key: canonical decimal digits, nothing else.
pub(super) fn index_of(key: &[u8]) -> Option<usize> {
    match key {
        [b'0'] => Some(0),
        [b'1'..=b'9', rest @ ..] if key.len() <= 9 && rest.iter().all(u8::is_ascii_digit) => Some(
            key.iter()
                .fold(0, |value, digit| value * 10 + usize::from(digit - b'0')),
        ),
        _ => None,
    }
}

impl Engine<'_> {
    /// Brings the object that was just written into canonical order.
    pub(super) fn finish_object(&mut self, frame: &Frame) -> Result<(), Problem> {
        if frame.sorted && !frame.indexes {
            return Ok(());
        }
        let (input, keys) = (self.input, &self.keys);
        let members = &mut self.members[frame.first_member..];
        if frame.indexes && self.form == Form::PhpListsKept {
            // PHP sees a list already, so nothing is sorted.
            if let Some(values) = in_list_order(members, |m| index_of(m.key.resolve(input, keys))) {
                self.write_list(frame, &values);
                return Ok(());
            }
        }
        if !frame.sorted {
            members.sort_unstable_by(|a, b| {
                let by_key = a.key.resolve(input, keys).cmp(b.key.resolve(input, keys));
                by_key.then(a.start.cmp(&b.start))
            });
        }
        let same =
            |a: &Member, b: &Member| a.key.resolve(input, keys) == b.key.resolve(input, keys);
        if self.form == Form::Outbound {
            if let Some(twice) = members.windows(2).position(|pair| same(&pair[0], &pair[1])) {
                // The path names the last member of a frame.
                let last = members.len() - 1;
                members.swap(twice, last);
                return Err(Problem::DuplicateKey);
            }
            let indexes = |m: &Member| index_of(m.key.resolve(input, keys));
            if frame.indexes && members.iter().filter_map(indexes).max() == Some(members.len() - 1)
            {
                return Err(Problem::DigitKeys);
            }
        }
        // The last of equal keys stays.
        let mut kept: Vec<Member> = Vec::with_capacity(members.len());
        for member in members.iter() {
            match kept.last_mut() {
                Some(previous) if same(previous, member) => *previous = *member,
                _ => kept.push(*member),
            }
        }
        let becomes_list = frame.indexes
            && self.form.is_php()
            && kept
                .iter()
                .enumerate()
                .all(|(at, m)| index_of(m.key.resolve(input, keys)) == Some(at));
        if becomes_list {
            self.write_list(frame, &kept);
        } else if !frame.sorted {
            self.write(frame, b'{', b'}', &kept, |m| m.start);
        }
        Ok(())
    }

    /// Writes a list of 11 or more the way PHP does after sorting its indexes as text.
    pub(super) fn list_to_object(&mut self, frame: &Frame) {
        self.scratch.clear();
        self.scratch.push(b'{');
        let elements = &self.members[frame.first_member..];
        for index in text_order(elements.len()) {
            if self.scratch.len() > 1 {
                self.scratch.push(b',');
            }
            self.scratch
                .extend_from_slice(format!("\"{index}\":").as_bytes());
            let element = elements[index];
            self.scratch
                .extend_from_slice(&self.out[element.value..element.end]);
        }
        self.scratch.push(b'}');
        self.replace(frame);
    }

    fn write_list(&mut self, frame: &Frame, values: &[Member]) {
        self.write(frame, b'[', b']', values, |member| member.value);
    }

    fn write(
        &mut self,
        frame: &Frame,
        open: u8,
        close: u8,
        members: &[Member],
        from: impl Fn(&Member) -> usize,
    ) {
        self.scratch.clear();
        self.scratch.push(open);
        for (at, member) in members.iter().enumerate() {
            if at > 0 {
                self.scratch.push(b',');
            }
            self.scratch
                .extend_from_slice(&self.out[from(member)..member.end]);
        }
        self.scratch.push(close);
        self.replace(frame);
    }

    fn replace(&mut self, frame: &Frame) {
        self.out.truncate(frame.start);
        self.out.extend_from_slice(&self.scratch);
    }
}

/// The members by index, if their first occurrences run `0, 1, 2, …`; the last duplicate wins.
fn in_list_order(
    members: &[Member],
    index: impl Fn(&Member) -> Option<usize>,
) -> Option<Vec<Member>> {
    let mut values: Vec<Member> = Vec::with_capacity(members.len());
    for member in members {
        match index(member)? {
            at if at < values.len() => values[at] = *member,
            at if at == values.len() => values.push(*member),
            _ => return None,
        }
    }
    Some(values)
}

/// `0..len` in the order of their decimal text: `0, 1, 10, 11, 2, …`.
fn text_order(len: usize) -> impl Iterator<Item = usize> {
    let mut next = (len > 0).then_some(0);
    std::iter::from_fn(move || {
        let current = next?;
        next = successor(current, len);
        Some(current)
    })
}

fn successor(current: usize, len: usize) -> Option<usize> {
    if current == 0 {
        return (len > 1).then_some(1);
    }
    if current * 10 < len {
        return Some(current * 10);
    }
    let mut current = current;
    while current % 10 == 9 || current + 1 >= len {
        current /= 10;
        if current == 0 {
            return None;
        }
    }
    Some(current + 1)
}
