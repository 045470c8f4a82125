//! State of the scanner between two steps, and its output: the parts that read strings and put objects in
//! order work on it as well.

use super::{
    Form,
    error::{CanonicalError, Problem},
    member::Member,
};

/// Most work for a document before it is refused, in bytes that are moved: so much for each, and for each
/// byte of it.
const WORK: usize = 4 << 20;
const WORK_PER_BYTE: usize = 4;

/// Writing a member takes as long as moving this many bytes more than it has.
const MEMBER: usize = 16;

/// Most bytes that are moved for nothing: so little cannot be nested deep.
const SMALL: u32 = 256;

/// A problem and its position.
pub(super) type Fault = (Problem, usize);

/// An object or list that is still open.
pub(super) struct Frame {
    pub(super) list: bool,
    /// Elements or members so far.
    pub(super) count: usize,
    /// Position of its first member in [`Engine::members`].
    pub(super) first_member: usize,
    /// Position of its first decoded key in [`Engine::keys`].
    pub(super) first_key: usize,
    /// Position of its start in the output.
    pub(super) start: u32,
    /// True if keys came in strictly rising order.
    pub(super) sorted: bool,
    /// True if every key so far is a list index.
    pub(super) indexes: bool,
}

pub(super) struct Engine<'a> {
    pub(super) input: &'a [u8],
    pub(super) form: Form,
    pub(super) max_depth: usize,
    /// Input from here on is not copied to the output yet.
    pub(super) copied: usize,
    pub(super) out: Vec<u8>,
    pub(super) frames: Vec<Frame>,
    pub(super) members: Vec<Member>,
    /// Decoded text of keys that hold escapes.
    pub(super) keys: Vec<u8>,
    pub(super) scratch: Vec<u8>,
    /// The first number that PHP decodes but cannot encode.
    pub(super) infinite: Option<CanonicalError>,
    /// Work that is left before it is too much.
    work: usize,
}

impl<'a> Engine<'a> {
    pub(super) fn new(input: &'a [u8], form: Form, max_depth: usize) -> Self {
        Self {
            input,
            form,
            max_depth,
            copied: 0,
            // Most documents come compact and keep their length.
            out: Vec::with_capacity(input.len()),
            frames: Vec::with_capacity(8),
            members: Vec::with_capacity(32),
            keys: Vec::new(),
            scratch: Vec::new(),
            infinite: None,
            work: match form {
                Form::Outbound => usize::MAX,
                _ => WORK.saturating_add(input.len().saturating_mul(WORK_PER_BYTE)),
            },
        }
    }

    pub(super) fn charge(&mut self, work: usize) -> Result<(), Problem> {
        self.work = self.work.checked_sub(work).ok_or(Problem::TooMuchWork)?;
        Ok(())
    }

    #[inline]
    pub(super) fn charge_moving(&mut self, bytes: u32, members: usize) -> Result<(), Problem> {
        if bytes <= SMALL {
            return Ok(());
        }
        self.charge(bytes as usize + MEMBER * members)
    }

    /// Position in the output of the input at `at`.
    #[inline]
    pub(super) fn position(&self, at: usize) -> u32 {
        (self.out.len() + (at - self.copied)) as u32
    }

    /// Copies the input up to `at`.
    #[inline]
    pub(super) fn flush(&mut self, at: usize) {
        self.out.extend_from_slice(&self.input[self.copied..at]);
        self.copied = at;
    }

    /// Writes `text` in place of the input from `at` to `end`.
    pub(super) fn replace_input(&mut self, at: usize, text: &[u8], end: usize) {
        self.flush(at);
        self.out.extend_from_slice(text);
        self.copied = end;
    }
}
