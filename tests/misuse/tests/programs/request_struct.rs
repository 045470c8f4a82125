//! Raw request structs are no part of the SDK: a request is made by its builder.

fn main() {
    let _: Option<singapay::types::CreatePaymentLinkRequest> = None;
}
