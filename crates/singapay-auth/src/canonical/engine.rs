//! The scanner: one loop, an explicit stack, output copied in pieces as long as possible.
//!
//! Positions travel in arguments and results, not in the struct: that keeps them in registers, and
//! canonical JSON is on the path of every signature.

use super::{
    Form,
    error::{CanonicalError, Problem},
    member::{Key, Member},
    number::{self, Written},
    rearrange::{Closing, index_of},
    state::{Engine, Fault, Frame},
    text,
};

/// Lists of this many elements change their order when PHP sorts their indexes as text.
const LONG_LIST: usize = 11;

/// No form is more than eight times as long as its input, so offsets in the output fit in 32 bits.
const LONGEST: usize = 1 << 28;

/// Reading and writing a float takes as long as moving this many bytes.
const FLOAT: usize = 1024;

impl Engine<'_> {
    pub(super) fn run(mut self) -> Result<Vec<u8>, CanonicalError> {
        if self.input.len() > LONGEST {
            return Err(self.refusal((Problem::TooLong, LONGEST)));
        }
        if let Err(error) = std::str::from_utf8(self.input) {
            return Err(self.refusal((Problem::InvalidUtf8, error.valid_up_to())));
        }
        if let Err(fault) = self.document() {
            return Err(self.refusal(fault));
        }
        match self.infinite.take() {
            Some(error) if self.out.contains(&number::INFINITE) => Err(error),
            _ => Ok(self.out),
        }
    }

    fn document(&mut self) -> Result<(), Fault> {
        let mut at = 0;
        loop {
            at = self.space(at);
            let opened;
            (at, opened) = self.value(at)?;
            if opened {
                continue;
            }
            // A value is complete; so may be the containers around it.
            loop {
                at = self.space(at);
                let next = self.input.get(at).copied();
                let Some(frame) = self.frames.last() else {
                    self.flush(at);
                    return if next.is_none() {
                        Ok(())
                    } else {
                        Err((Problem::Syntax, at))
                    };
                };
                let list = frame.list;
                if !list || self.form == Form::PhpLiteral {
                    let end = self.position(at);
                    if let Some(member) = self.members.last_mut() {
                        member.end = end;
                    }
                }
                match next {
                    Some(b',') => {
                        at = if list {
                            self.element(at + 1)?
                        } else {
                            self.key(at + 1)?
                        };
                        break;
                    }
                    Some(b']') if list => self.close_list(at + 1)?,
                    Some(b'}') if !list => self.close_object(at + 1)?,
                    _ => return Err((Problem::Syntax, at)),
                }
                at += 1;
            }
        }
    }

    /// Reads a scalar or an empty container, or opens a container and says so.
    #[inline]
    fn value(&mut self, at: usize) -> Result<(usize, bool), Fault> {
        let end = match self.input.get(at) {
            Some(b'"') => self.string(at)?.end + 1,
            Some(b'-' | b'0'..=b'9') => self.number(at)?,
            Some(b'{') => return self.open(at, false),
            Some(b'[') => return self.open(at, true),
            Some(b't') => self.literal(at, b"true")?,
            Some(b'f') => self.literal(at, b"false")?,
            Some(b'n') => self.literal(at, b"null")?,
            _ => return Err((Problem::Syntax, at)),
        };
        Ok((end, false))
    }

    fn number(&mut self, at: usize) -> Result<usize, Fault> {
        let read = number::read(self.input, at, self.form);
        let (end, written) = read.map_err(|problem| (problem, at))?;
        match written {
            Written::Same => {}
            Written::Zero => self.replace_input(at, b"0", end),
            Written::Float(text) => self.float(at, &text, end)?,
        }
        Ok(end)
    }

    #[cold]
    fn float(&mut self, at: usize, text: &[u8], end: usize) -> Result<(), Fault> {
        self.charge(FLOAT).map_err(|problem| (problem, at))?;
        if text == [number::INFINITE] && self.infinite.is_none() {
            self.infinite = Some(self.refusal((Problem::NumberTooLarge, at)));
        }
        self.replace_input(at, text, end);
        Ok(())
    }

    fn open(&mut self, at: usize, list: bool) -> Result<(usize, bool), Fault> {
        if self.frames.len() >= self.max_depth {
            return Err((Problem::TooDeep, at));
        }
        let first = self.after_space(at + 1);
        if self.input.get(first) == Some(if list { &b']' } else { &b'}' }) {
            if !list && self.form == Form::Outbound {
                return Err((Problem::EmptyObject, at));
            }
            let list = list || self.form.is_php();
            self.replace_input(at, if list { b"[]" } else { b"{}" }, first + 1);
            return Ok((first + 1, false));
        }
        self.frames.push(Frame {
            list,
            count: 0,
            first_member: self.members.len(),
            first_key: self.keys.len(),
            start: self.position(at),
            sorted: true,
            indexes: !list,
        });
        let at = if list {
            self.element(at + 1)?
        } else {
            self.key(at + 1)?
        };
        Ok((at, true))
    }

    fn element(&mut self, at: usize) -> Result<usize, Fault> {
        let start = self.position(at);
        let Some(frame) = self.frames.last_mut() else {
            return Err((Problem::Syntax, at));
        };
        frame.count += 1;
        match self.form {
            Form::Outbound if frame.count >= LONG_LIST => return Err((Problem::LongList, at)),
            Form::PhpLiteral => {
                self.members.push(Member {
                    key: Key::NONE,
                    start,
                    value: start,
                    end: start,
                });
            }
            _ => {}
        }
        Ok(at)
    }

    /// Reads a key and its colon.
    #[inline]
    fn key(&mut self, at: usize) -> Result<usize, Fault> {
        let at = self.space(at);
        if self.input.get(at) != Some(&b'"') {
            return Err((Problem::Syntax, at));
        }
        let start = self.position(at);
        let read = self.string(at)?;
        let key = if read.escaped {
            let from = self.keys.len();
            text::decode(&self.input[read.start..read.end], &mut self.keys);
            Key::new(&self.keys, from, self.keys.len(), true)
        } else {
            Key::new(self.input, read.start, read.end, false)
        };
        let at = self.space(read.end + 1);
        if self.input.get(at) != Some(&b':') {
            return Err((Problem::Syntax, at));
        }
        let value = self.position(at + 1);

        let Some(frame) = self.frames.last_mut() else {
            return Err((Problem::Syntax, at));
        };
        if frame.sorted
            && frame.count > 0
            && let Some(previous) = self.members.last()
        {
            frame.sorted = previous.key.compare(&key, self.input, &self.keys).is_lt();
        }
        if frame.indexes {
            let starts_as_index = matches!(self.input.get(read.start), Some(b'0'..=b'9' | b'\\'));
            frame.indexes =
                starts_as_index && index_of(key.resolve(self.input, &self.keys)).is_some();
        }
        frame.count += 1;
        self.members.push(Member {
            key,
            start,
            value,
            end: value,
        });
        Ok(at + 1)
    }

    fn close_list(&mut self, end: usize) -> Result<(), Fault> {
        if self.form != Form::PhpLiteral {
            self.frames.pop();
            return Ok(());
        }
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if frame.count >= LONG_LIST {
            self.close_long_list(&frame, end)?;
        }
        self.members.truncate(frame.first_member);
        Ok(())
    }

    #[cold]
    fn close_long_list(&mut self, frame: &Frame, end: usize) -> Result<(), Fault> {
        let moved = self.position(end) - frame.start;
        self.charge_moving(moved, frame.count)
            .map_err(|problem| (problem, end - 1))?;
        self.flush(end);
        self.list_to_object(frame);
        Ok(())
    }

    fn close_object(&mut self, end: usize) -> Result<(), Fault> {
        // Field by field: a frame that was just written is slow to copy.
        let Some(frame) = self.frames.last() else {
            return Err((Problem::Syntax, end));
        };
        let &Frame {
            first_member,
            first_key,
            start,
            sorted,
            indexes,
            ..
        } = frame;
        if !sorted || indexes {
            let object = Closing {
                first_member,
                start: start as usize,
                sorted,
                indexes,
                end,
            };
            if let Err(problem) = self.finish_object(object) {
                if problem == Problem::DigitKeys {
                    // The path ends at the object, not at a key in it.
                    self.frames.pop();
                    self.members.truncate(first_member);
                }
                return Err((problem, end - 1));
            }
        }
        self.frames.pop();
        self.members.truncate(first_member);
        self.keys.truncate(first_key);
        Ok(())
    }

    fn literal(&self, at: usize, word: &[u8]) -> Result<usize, Fault> {
        match self.input[at..].starts_with(word) {
            true => Ok(at + word.len()),
            false => Err((Problem::Syntax, at)),
        }
    }

    /// Skips white space, which is not part of the output.
    #[inline]
    fn space(&mut self, at: usize) -> usize {
        if self.input.get(at).is_none_or(|byte| *byte > b' ') {
            return at;
        }
        self.flush(at);
        self.copied = self.after_space(at);
        self.copied
    }

    fn after_space(&self, mut at: usize) -> usize {
        while matches!(self.input.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    fn refusal(&self, (problem, offset): Fault) -> CanonicalError {
        CanonicalError {
            problem,
            path: self.path(),
            offset,
        }
    }

    fn path(&self) -> String {
        let mut path = String::from("$");
        for (depth, frame) in self.frames.iter().enumerate() {
            if frame.list {
                path += &format!("[{}]", frame.count.saturating_sub(1));
                continue;
            }
            let until = self
                .frames
                .get(depth + 1)
                .map_or(self.members.len(), |f| f.first_member);
            let Some(member) = self.members[frame.first_member..until].last() else {
                continue;
            };
            let key = String::from_utf8_lossy(member.key.resolve(self.input, &self.keys));
            path.push('.');
            path.extend(
                key.chars()
                    .take(64)
                    .map(|c| if c.is_control() { '?' } else { c }),
            );
            if path.len() > 512 {
                path += "…";
                break;
            }
        }
        path
    }
}
