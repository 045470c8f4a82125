//! The two fake gateways of the tests: [`script`] is a transport without sockets, [`wire`] a server that
//! does to connections what networks do. What the real gateway would answer is the sandbox's part.
#![allow(clippy::unwrap_used)]

pub mod script;
pub mod wire;
