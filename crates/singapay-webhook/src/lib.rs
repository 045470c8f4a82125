//! Webhook events of the SingaPay API, without any HTTP dependency.
