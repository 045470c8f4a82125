//! The scanner: one loop, an explicit stack, output written as the input is read.

use super::{
    Form,
    error::{CanonicalError, Problem},
    number,
    rearrange::{Member, Text, index_of},
    text,
};

/// Lists of this many elements change their order when PHP sorts their indexes as text.
const LONG_LIST: usize = 11;

/// An object or list that is still open.
pub(super) struct Frame {
    pub(super) list: bool,
    /// Elements or members so far.
    pub(super) count: usize,
    /// Where its first member stands in [`Engine::members`].
    pub(super) first_member: usize,
    /// Where its decoded keys start in [`Engine::keys`].
    pub(super) first_key: usize,
    /// Where it starts in the output.
    pub(super) start: usize,
    /// Whether keys came in strictly rising order.
    pub(super) sorted: bool,
    /// Whether every key so far is a list index.
    pub(super) indexes: bool,
}

pub(super) struct Engine<'a> {
    pub(super) input: &'a [u8],
    pub(super) form: Form,
    max_depth: usize,
    at: usize,
    pub(super) out: Vec<u8>,
    frames: Vec<Frame>,
    pub(super) members: Vec<Member>,
    /// Decoded text of keys that hold escapes.
    pub(super) keys: Vec<u8>,
    pub(super) scratch: Vec<u8>,
    /// The first number that PHP decodes but cannot encode.
    infinite: Option<CanonicalError>,
}

impl<'a> Engine<'a> {
    pub(super) fn new(input: &'a [u8], form: Form, max_depth: usize) -> Self {
        Self {
            input,
            form,
            max_depth,
            at: 0,
            out: Vec::with_capacity(input.len() + 16),
            frames: Vec::with_capacity(8),
            members: Vec::with_capacity(24),
            keys: Vec::new(),
            scratch: Vec::new(),
            infinite: None,
        }
    }

    pub(super) fn run(mut self) -> Result<Vec<u8>, CanonicalError> {
        if let Err(error) = std::str::from_utf8(self.input) {
            self.at = error.valid_up_to();
            return Err(self.refusal(Problem::InvalidUtf8));
        }
        match self.document() {
            Ok(()) => match self.infinite.take() {
                Some(error) if self.out.contains(&number::INFINITE) => Err(error),
                _ => Ok(self.out),
            },
            Err(problem) => Err(self.refusal(problem)),
        }
    }

    fn document(&mut self) -> Result<(), Problem> {
        loop {
            self.skip_space();
            if self.value()? {
                continue;
            }
            // A value is complete; so may be the containers around it.
            loop {
                self.skip_space();
                let next = self.input.get(self.at).copied();
                let Some(frame) = self.frames.last() else {
                    return if next.is_none() {
                        Ok(())
                    } else {
                        Err(Problem::Syntax)
                    };
                };
                let list = frame.list;
                if !list || self.form == Form::PhpLiteral {
                    let end = self.out.len();
                    if let Some(member) = self.members.last_mut() {
                        member.end = end;
                    }
                }
                match next {
                    Some(b',') => {
                        self.at += 1;
                        self.out.push(b',');
                        if list {
                            self.element()?
                        } else {
                            self.key()?
                        }
                        break;
                    }
                    Some(b']') if list => self.close_list()?,
                    Some(b'}') if !list => self.close_object()?,
                    _ => return Err(Problem::Syntax),
                }
                self.at += 1;
            }
        }
    }

    /// Writes a scalar or an empty container, or opens a container and says so.
    fn value(&mut self) -> Result<bool, Problem> {
        match self.input.get(self.at) {
            Some(b'"') => {
                let copied = text::copy(self.input, self.at, self.form, &mut self.out);
                self.at = self.move_to(copied)?.end;
            }
            Some(b'-' | b'0'..=b'9') => {
                let end = number::copy(self.input, self.at, self.form, &mut self.out)?;
                if self.infinite.is_none() && self.out.last() == Some(&number::INFINITE) {
                    self.infinite = Some(self.refusal(Problem::NumberTooLarge));
                }
                self.at = end;
            }
            Some(b'{') => return self.open(false),
            Some(b'[') => return self.open(true),
            Some(b't') => self.literal(b"true")?,
            Some(b'f') => self.literal(b"false")?,
            Some(b'n') => self.literal(b"null")?,
            _ => return Err(Problem::Syntax),
        }
        Ok(false)
    }

    fn open(&mut self, list: bool) -> Result<bool, Problem> {
        if self.frames.len() >= self.max_depth {
            return Err(Problem::TooDeep);
        }
        let (open, close) = if list { (b'[', b']') } else { (b'{', b'}') };
        let begin = self.at;
        self.at += 1;
        self.skip_space();
        if self.input.get(self.at) == Some(&close) {
            if !list && self.form == Form::Outbound {
                self.at = begin;
                return Err(Problem::EmptyObject);
            }
            self.at += 1;
            let list = list || self.form.is_php();
            self.out.extend_from_slice(if list { b"[]" } else { b"{}" });
            return Ok(false);
        }
        self.frames.push(Frame {
            list,
            count: 0,
            first_member: self.members.len(),
            first_key: self.keys.len(),
            start: self.out.len(),
            sorted: true,
            indexes: !list,
        });
        self.out.push(open);
        if list {
            self.element()?
        } else {
            self.key()?
        }
        Ok(true)
    }

    fn element(&mut self) -> Result<(), Problem> {
        let Some(frame) = self.frames.last_mut() else {
            return Err(Problem::Syntax);
        };
        frame.count += 1;
        match self.form {
            Form::Outbound if frame.count >= LONG_LIST => Err(Problem::LongList),
            Form::PhpLiteral => {
                let start = self.out.len();
                self.members.push(Member {
                    key: Text::empty(),
                    start,
                    value: start,
                    end: start,
                });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(), Problem> {
        self.skip_space();
        if self.input.get(self.at) != Some(&b'"') {
            return Err(Problem::Syntax);
        }
        let start = self.out.len();
        let copied = text::copy(self.input, self.at, self.form, &mut self.out);
        let copied = self.move_to(copied)?;
        let quoted = self.at + 1..copied.end - 1;
        let key = if copied.escaped {
            let from = self.keys.len();
            text::decode(&self.input[quoted], &mut self.keys);
            Text {
                start: from,
                end: self.keys.len(),
                decoded: true,
            }
        } else {
            Text {
                start: quoted.start,
                end: quoted.end,
                decoded: false,
            }
        };
        self.at = copied.end;
        self.skip_space();
        if self.input.get(self.at) != Some(&b':') {
            return Err(Problem::Syntax);
        }
        self.at += 1;
        self.out.push(b':');

        let Some(frame) = self.frames.last_mut() else {
            return Err(Problem::Syntax);
        };
        let text = key.resolve(self.input, &self.keys);
        if frame.sorted
            && frame.count > 0
            && let Some(previous) = self.members.last()
        {
            frame.sorted = previous.key.resolve(self.input, &self.keys) < text;
        }
        frame.indexes = frame.indexes && index_of(text).is_some();
        frame.count += 1;
        let value = self.out.len();
        self.members.push(Member {
            key,
            start,
            value,
            end: value,
        });
        Ok(())
    }

    fn close_list(&mut self) -> Result<(), Problem> {
        self.out.push(b']');
        let Some(frame) = self.frames.pop() else {
            return Err(Problem::Syntax);
        };
        if self.form == Form::PhpLiteral {
            if frame.count >= LONG_LIST {
                self.list_to_object(&frame);
            }
            self.members.truncate(frame.first_member);
        }
        Ok(())
    }

    fn close_object(&mut self) -> Result<(), Problem> {
        self.out.push(b'}');
        let Some(frame) = self.frames.pop() else {
            return Err(Problem::Syntax);
        };
        if let Err(problem) = self.finish_object(&frame) {
            if problem == Problem::DuplicateKey {
                // The key is part of the path, and so is the frame.
                self.frames.push(frame);
            } else {
                self.members.truncate(frame.first_member);
            }
            return Err(problem);
        }
        self.members.truncate(frame.first_member);
        self.keys.truncate(frame.first_key);
        Ok(())
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Problem> {
        if !self.input[self.at..].starts_with(word) {
            return Err(Problem::Syntax);
        }
        self.at += word.len();
        self.out.extend_from_slice(word);
        Ok(())
    }

    fn skip_space(&mut self) {
        while matches!(self.input.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn move_to<T>(&mut self, result: Result<T, (Problem, usize)>) -> Result<T, Problem> {
        result.map_err(|(problem, at)| {
            self.at = at;
            problem
        })
    }

    fn refusal(&self, problem: Problem) -> CanonicalError {
        CanonicalError {
            problem,
            path: self.path(),
            offset: self.at,
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
