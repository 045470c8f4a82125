//! The address that the gateway named in a message.

use std::net::IpAddr;

pub(super) fn of(message: &str) -> Option<IpAddr> {
    message
        .split(|c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':'))
        .flat_map(|word| [word, word.trim_matches(['.', ':'])])
        .find_map(|word| word.parse().ok())
}
