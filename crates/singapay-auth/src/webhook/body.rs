use bytes::Bytes;

use crate::{
    canonical::{CanonicalError, Form, canonicalize},
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
