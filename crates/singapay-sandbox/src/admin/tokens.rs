//! The tokens that were given out, masked.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::ask::Limit;
use crate::{
    app::App,
    state::{Host, Token, World},
};

/// Characters at the end of a token that tell it from others and open nothing: all begin alike.
const SHOWN: usize = 6;

#[derive(Serialize)]
struct Told {
    row: u64,
    token: String,
    host: &'static str,
    /// Name or partner id of the credential that it was given to.
    credential: Option<String>,
    expires_at_millis: i64,
    live: bool,
}

pub(super) async fn tokens(State(app): State<App>, Query(limit): Query<Limit>) -> Json<Value> {
    Json(app.store.run(|world| {
        let newest = world.tokens.iter().rev().take(limit.rows());
        json!(
            newest
                .map(|(row, token)| tell(world, row, token))
                .collect::<Vec<_>>()
        )
    }))
}

fn tell(world: &World, row: u64, token: &Token) -> Told {
    let merchant = || world.credentials.get(token.credential);
    let (host, credential) = match token.host {
        Host::Payment => ("payment", merchant().map(|c| c.name.clone())),
        Host::Identity => ("identity", merchant().map(|c| c.name.clone())),
        Host::Biller => {
            let biller = world.billers.get(token.credential);
            ("biller", biller.map(|b| b.partner_id.clone()))
        }
    };
    let shown = token.token.len().saturating_sub(SHOWN);
    Told {
        row,
        token: format!("…{}", token.token.get(shown..).unwrap_or_default()),
        host,
        credential,
        expires_at_millis: token.expires_at.0,
        live: token.is_live(world.now),
    }
}
