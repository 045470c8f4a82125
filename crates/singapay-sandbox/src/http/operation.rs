//! One operation of the gateway: its place, its proof, and the shape of its answers.

use serde_json::Value;

use super::{call::Call, documented::Documented, envelope::Envelope, refusal::Refusal};
use crate::state::World;

/// Proof of the sender that an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Token operations check the credential themselves.
    Own,
    Bearer,
    /// Bearer and scheme C.
    Signed(SignatureFailure),
    /// Bearer, and scheme C if its headers are there; what a bad one answers is disputed.
    SignedIfGiven,
}

/// The answer to a bad signature header; it differs per operation (documented).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureFailure {
    /// Missing: 400 `4019900`; wrong: 401 `4019900`.
    Internal,
    /// Missing: 422 SP018; wrong: 401 SP016, also for an unknown partner.
    Listed,
    /// The sources disagree or are silent: as `Internal`, or as `Listed` when told to.
    Disputed,
}

/// The answer of an operation that worked.
pub(crate) struct Answer {
    pub(crate) http: u16,
    pub(crate) data: Value,
    /// Members beside `data`.
    pub(crate) beside: Vec<(&'static str, Value)>,
}

impl From<Value> for Answer {
    fn from(data: Value) -> Self {
        Self {
            http: 200,
            data,
            beside: Vec::new(),
        }
    }
}

/// One operation of the gateway.
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) envelope: Envelope,
    pub(crate) proof: Proof,
    pub(crate) run: Run,
}

/// What an operation does.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// What its product has it do.
    Modelled(Behaviour),
    /// Nothing: the request is held to the document and answered by its example.
    Documented(&'static Documented),
}

type Behaviour = fn(&mut World, &Call) -> Result<Answer, Refusal>;

impl Operation {
    pub(crate) fn run(&self, world: &mut World, call: &Call) -> Result<Answer, Refusal> {
        match self.run {
            Run::Modelled(behaviour) => behaviour(world, call),
            Run::Documented(documented) => documented.answer(call),
        }
    }

    /// True if no product has a behaviour for it.
    pub(crate) fn is_documented_only(&self) -> bool {
        matches!(self.run, Run::Documented(_))
    }

    /// Answers in version 1 and takes a bearer token.
    pub(crate) const fn v1(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        run: Behaviour,
    ) -> Self {
        Self {
            id,
            method,
            path,
            envelope: Envelope::V1,
            proof: Proof::Bearer,
            run: Run::Modelled(run),
        }
    }

    /// Answers in version 2, with this message on success, and takes a bearer token.
    pub(crate) const fn v2(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        success: &'static str,
        run: Behaviour,
    ) -> Self {
        Self {
            envelope: Envelope::V2(success),
            ..Self::v1(id, method, path, run)
        }
    }

    /// A business operation of the biller host, with this text on success.
    pub(crate) const fn biller(
        id: &'static str,
        path: &'static str,
        success: &'static str,
        run: Behaviour,
    ) -> Self {
        Self {
            envelope: Envelope::Biller(success),
            ..Self::v1(id, "POST", path, run)
        }
    }

    /// A check of the identity host.
    pub(crate) const fn identity(id: &'static str, path: &'static str, run: Behaviour) -> Self {
        Self {
            envelope: Envelope::Identity,
            ..Self::v1(id, "POST", path, run)
        }
    }

    /// Answers without an envelope and checks by itself who is calling.
    pub(crate) const fn flat(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        run: Behaviour,
    ) -> Self {
        Self {
            envelope: Envelope::Flat,
            proof: Proof::Own,
            ..Self::v1(id, method, path, run)
        }
    }

    /// Needs a signature too.
    pub(crate) const fn signed(mut self, failure: SignatureFailure) -> Self {
        self.proof = Proof::Signed(failure);
        self
    }

    /// A signature is checked if it is there, and not asked for.
    pub(crate) const fn signed_if_given(mut self) -> Self {
        self.proof = Proof::SignedIfGiven;
        self
    }

    /// Checks by itself who is calling.
    pub(crate) const fn proving_itself(mut self) -> Self {
        self.proof = Proof::Own;
        self
    }
}
