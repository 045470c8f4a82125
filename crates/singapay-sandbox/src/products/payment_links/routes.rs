//! Payment links. Both API versions read and write the same records.

use serde_json::json;

use super::{lookup::of_account, record::METHODS, v1, v2};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::World,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_payment_links",
        "GET",
        "/api/v1.0/payment-link-manage/{account_id}",
        v1::list,
    ),
    Operation::v1(
        "list_payment_methods",
        "GET",
        "/api/v1.0/payment-link-manage/payment-methods",
        methods,
    ),
    Operation::v1(
        "create_payment_link_v1",
        "POST",
        "/api/v1.0/payment-link-manage/{account_id}",
        v1::create,
    ),
    Operation::v1(
        "get_payment_link_v1",
        "GET",
        "/api/v1.0/payment-link-manage/{account_id}/{payment_link_id}",
        v1::show,
    ),
    Operation::v1(
        "update_payment_link_v1",
        "PUT",
        "/api/v1.0/payment-link-manage/{account_id}/{payment_link_id}",
        v1::update,
    ),
    Operation::v1(
        "delete_payment_link",
        "DELETE",
        "/api/v1.0/payment-link-manage/{account_id}/{payment_link_id}",
        delete,
    ),
    // Version 2 of the paths still answers the version 1 envelope.
    Operation::v1(
        "create_payment_link",
        "POST",
        "/api/v2.0/payment-link/{account_id}",
        v2::create,
    ),
    Operation::v1(
        "get_payment_link",
        "GET",
        "/api/v2.0/payment-link/{payment_link_id}",
        v2::show,
    ),
    Operation::v1(
        "update_payment_link",
        "PUT",
        "/api/v2.0/payment-link/update/{payment_link_id}",
        v2::update,
    ),
];

fn methods(_: &mut World, _: &Call) -> Result<Answer, Refusal> {
    let methods: Vec<_> = METHODS
        .iter()
        .map(
            |(code, name, group)| json!({"code": code, "name": name, "group": group, "desc": null}),
        )
        .collect();
    let codes: Vec<_> = METHODS.iter().map(|(code, _, _)| code).collect();
    Ok(json!({"payment_methods": methods, "available_codes": codes}).into())
}

/// For links of both versions; refused once there was an attempt to pay.
fn delete(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let row = of_account(world, account, call)?;
    if world.attempts.values().any(|attempt| attempt.link == row) {
        return Err(Refusal::v1(
            403,
            "Payment Link has transaction history and cannot be deleted",
        ));
    }
    world.links.remove(row);
    Ok(json!({"message": "Payment Link deleted successfully"}).into())
}
