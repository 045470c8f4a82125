use bytes::Bytes;

use crate::{
    canonical::{CanonicalError, Form, PHP_MAX_DEPTH, canonicalize},
    scheme::BodyHash,
};

/// Form of the body that the signature proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedForm {
    /// PHP-normalised, lists kept.
    PhpListsKept,
    /// As the published PHP sample does, lists of 11 or more included.
    PhpLiteral,
    /// Sorted, numbers as written.
    NumbersAsWritten,
    /// The bytes as they came.
    Raw,
}

impl SignedForm {
    /// Its name, for ledgers: `php_lists_kept`, `php_literal`, `numbers_as_written` or `raw`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PhpListsKept => "php_lists_kept",
            Self::PhpLiteral => "php_literal",
            Self::NumbersAsWritten => "numbers_as_written",
            Self::Raw => "raw",
        }
    }

    /// The form of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut forms = ORDER.iter().map(|(form, _)| *form);
        forms.find(|form| form.as_str() == name)
    }

    /// A body in this form.
    pub(super) fn of(self, body: &Bytes) -> Result<Bytes, CanonicalError> {
        let form = ORDER.iter().find(|(form, _)| *form == self);
        match form.and_then(|(_, canonical)| *canonical) {
            // How deep it may be was decided when it came.
            Some(form) => canonicalize(body, form, PHP_MAX_DEPTH).map(Bytes::from),
            None => Ok(body.clone()),
        }
    }
}

/// A form of a body, with its hash.
pub(super) struct Candidate {
    pub(super) form: SignedForm,
    pub(super) bytes: Bytes,
    pub(super) hash: BodyHash,
}

/// The forms of a body, each made only when it is asked for, equal neighbours once.
pub(super) struct Candidates<'a> {
    body: &'a Bytes,
    max_depth: usize,
    next: usize,
    previous: Option<BodyHash>,
}

const ORDER: [(SignedForm, Option<Form>); 4] = [
    (SignedForm::PhpListsKept, Some(Form::PhpListsKept)),
    (SignedForm::PhpLiteral, Some(Form::PhpLiteral)),
    (SignedForm::NumbersAsWritten, Some(Form::NumbersAsWritten)),
    (SignedForm::Raw, None),
];

impl<'a> Candidates<'a> {
    pub(super) fn new(body: &'a Bytes, max_depth: usize) -> Self {
        Self {
            body,
            max_depth,
            next: 0,
            previous: None,
        }
    }

    /// The next form, or why the body is not acceptable in any.
    ///
    /// A number that only PHP refuses leaves the other forms.
    pub(super) fn next(&mut self) -> Result<Option<Candidate>, CanonicalError> {
        while let Some(&(form, canonical)) = ORDER.get(self.next) {
            self.next += 1;
            let bytes = match canonical.map(|form| canonicalize(self.body, form, self.max_depth)) {
                None => self.body.clone(),
                Some(Ok(bytes)) => Bytes::from(bytes),
                Some(Err(error)) if form == SignedForm::NumbersAsWritten => return Err(error),
                Some(Err(_)) => continue,
            };
            let hash = BodyHash::of(&bytes);
            if self.previous.replace(hash) == Some(hash) {
                continue;
            }
            return Ok(Some(Candidate { form, bytes, hash }));
        }
        Ok(None)
    }
}
