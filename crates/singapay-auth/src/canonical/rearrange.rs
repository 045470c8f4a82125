//! Work at the end of an object or a long list: sorting, duplicates, PHP's list rules.

use std::{cmp::Ordering, io::Write};

use super::{
    Form,
    error::Problem,
    member::Member,
    state::{Engine, Frame},
};

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

/// An object whose closing bracket was just read.
#[derive(Clone, Copy)]
pub(super) struct Closing {
    pub(super) first_member: usize,
    /// Position of its start in the output.
    pub(super) start: usize,
    pub(super) sorted: bool,
    pub(super) indexes: bool,
    /// Position at which the input goes on after it.
    pub(super) end: usize,
}

impl Engine<'_> {
    /// Brings an object that is not known to be in order into order.
    pub(super) fn finish_object(&mut self, object: Closing) -> Result<(), Problem> {
        let (input, keys) = (self.input, &self.keys);
        let members = &mut self.members[object.first_member..];
        if object.indexes && self.form == Form::PhpListsKept {
            // PHP sees a list already, so nothing is sorted.
            let index = |m: &Member| index_of(m.key.resolve(input, keys));
            if let Some(values) = in_list_order(members, index) {
                self.members.truncate(object.first_member);
                self.members.extend(values);
                return self.write_members(object, *b"[]", |member| member.value);
            }
        }
        let compare = |a: &Member, b: &Member| a.key.compare(&b.key, input, keys);
        if !object.sorted && sort(members, compare) {
            if self.form == Form::Outbound {
                let twice = members
                    .windows(2)
                    .position(|pair| compare(&pair[0], &pair[1]).is_eq());
                // The path names the last member of a frame.
                let last = members.len() - 1;
                members.swap(twice.unwrap_or(last), last);
                return Err(Problem::DuplicateKey);
            }
            // The last of equal keys stays.
            let mut kept: Vec<Member> = Vec::with_capacity(members.len());
            for member in members.iter() {
                match kept.last_mut() {
                    Some(previous) if compare(previous, member).is_eq() => *previous = *member,
                    _ => kept.push(*member),
                }
            }
            self.members.truncate(object.first_member);
            self.members.extend(kept);
        }
        if object.indexes && self.is_list(object)? {
            self.write_members(object, *b"[]", |member| member.value)
        } else if !object.sorted {
            self.write_members(object, *b"{}", |member| member.start)
        } else {
            Ok(())
        }
    }

    /// True if PHP sees a list in an object whose keys are indexes, in order.
    fn is_list(&self, object: Closing) -> Result<bool, Problem> {
        let members = &self.members[object.first_member..];
        let mut indexes = members
            .iter()
            .map(|m| index_of(m.key.resolve(self.input, &self.keys)));
        match self.form {
            Form::NumbersAsWritten => Ok(false),
            Form::Outbound if indexes.by_ref().max() == Some(Some(members.len() - 1)) => {
                Err(Problem::DigitKeys)
            }
            Form::Outbound => Ok(false),
            Form::PhpListsKept | Form::PhpLiteral => {
                Ok((0..members.len()).all(|at| indexes.next() == Some(Some(at))))
            }
        }
    }

    /// Writes the members of an object anew, each from key or value on, between brackets.
    fn write_members(
        &mut self,
        object: Closing,
        brackets: [u8; 2],
        from: impl Fn(&Member) -> u32,
    ) -> Result<(), Problem> {
        let moved = self.position(object.end) - object.start as u32;
        self.charge_moving(moved, self.members.len() - object.first_member)?;
        let members = &self.members[object.first_member..];
        let (start, base) = (object.start, self.out.len());
        if start >= base {
            // Nothing of it was copied, so it is taken from the input at once.
            let copied = self.copied;
            let input = |at: usize| at - base + copied;
            self.out
                .extend_from_slice(&self.input[copied..input(start)]);
            join(&mut self.out, brackets, members, |member| {
                &self.input[input(from(member) as usize)..=input(member.end as usize)]
            });
            self.copied = object.end;
        } else {
            self.flush(object.end);
            let members = &self.members[object.first_member..];
            self.scratch.clear();
            self.scratch.reserve(self.out.len());
            join(&mut self.scratch, brackets, members, |member| {
                &self.out[from(member) as usize..=member.end as usize]
            });
            self.replace(start);
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
            // Writing to memory does not fail.
            let _ = write!(self.scratch, "\"{index}\":");
            let element = elements[index];
            self.scratch
                .extend_from_slice(&self.out[element.value as usize..element.end as usize]);
        }
        self.scratch.push(b'}');
        self.replace(frame.start as usize);
    }

    fn replace(&mut self, start: usize) {
        self.out.truncate(start);
        self.out.extend_from_slice(&self.scratch);
    }
}

/// Sorts by key, equal keys by place; says whether there are equal keys.
fn sort(members: &mut [Member], compare: impl Fn(&Member, &Member) -> Ordering) -> bool {
    const FEW: usize = 16;
    if members.len() > FEW {
        members.sort_unstable_by(|a, b| compare(a, b).then(a.start.cmp(&b.start)));
        return members
            .windows(2)
            .any(|pair| compare(&pair[0], &pair[1]).is_eq());
    }
    let mut equal = false;
    for next in 1..members.len() {
        let member = members[next];
        let mut at = next;
        while at > 0 {
            match compare(&members[at - 1], &member) {
                Ordering::Less => break,
                Ordering::Equal => {
                    equal = true;
                    break;
                }
                Ordering::Greater => members[at] = members[at - 1],
            }
            at -= 1;
        }
        members[at] = member;
    }
    equal
}

/// Writes members between brackets. `text` gives each with the one byte that follows it, a comma or
/// a bracket.
fn join<'a>(
    to: &mut Vec<u8>,
    [open, close]: [u8; 2],
    members: &[Member],
    text: impl Fn(&Member) -> &'a [u8],
) {
    let set_last = |to: &mut Vec<u8>, byte| {
        if let Some(last) = to.last_mut() {
            *last = byte;
        }
    };
    to.push(open);
    for member in members {
        to.extend_from_slice(text(member));
        set_last(to, b',');
    }
    set_last(to, close);
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
