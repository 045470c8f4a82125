//! Unofficial SDK for the SingaPay payment gateway.
