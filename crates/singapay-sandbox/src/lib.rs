//! The SingaPay gateway on one machine: strict, stateful, offline.
