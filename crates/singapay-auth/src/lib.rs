//! Tokens, signatures, credentials and webhook verification for the SingaPay API.
