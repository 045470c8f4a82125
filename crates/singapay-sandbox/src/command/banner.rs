//! The banner of a started sandbox, for people and for programs.

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::{AccountInfo, Credentials, Sandbox};

pub(super) fn text(sandbox: &Sandbox, bind: IpAddr) -> String {
    let credentials = sandbox.credentials();
    let biller = sandbox.biller_credentials();
    let reach = if bind.is_loopback() {
        "this machine only (loopback)"
    } else {
        "OTHER MACHINES TOO: anyone who reaches it can use it and move its clock"
    };
    let base_url = sandbox.base_url();
    let mut text = format!(
        "SingaPay sandbox, unofficial. No real money; nothing leaves but webhooks.
  reached from   {reach}
  base URL       {base_url}
  partner id     {}
  client id      {}
  client secret  {}
  account id     {}
  biller partner id       {}
  biller client id        {}
  biller client secret    {}
  biller password         {}
  identity client id      {}
  identity client secret  {}
  admin          {base_url}/_sandbox
  console        {base_url}/_sandbox/console",
        credentials.partner_id,
        credentials.client_id,
        credentials.client_secret.expose(),
        sandbox.account_id(),
        biller.partner_id,
        biller.client_id,
        biller.client_secret.expose(),
        biller.password.expose(),
        credentials.identity_client_id,
        credentials.identity_client_secret.expose(),
    );
    let accounts = sandbox.accounts();
    let others = accounts
        .iter()
        .skip(1)
        .filter(|a| a.credential == credentials.name);
    others.for_each(|account| text += &account_line(account));
    for other in sandbox.all_credentials().iter().skip(1) {
        text += &specific(other);
        let own = accounts.iter().filter(|a| a.credential == other.name);
        own.for_each(|account| text += &account_line(account));
    }
    text
}

fn account_line(account: &AccountInfo) -> String {
    format!("\n  account id     {} {:?}", account.id, account.name)
}

fn specific(credentials: &Credentials) -> String {
    format!(
        "\ncredential {:?}
  partner id     {}
  client id      {}
  client secret  {}
  identity client id      {}
  identity client secret  {}",
        credentials.name,
        credentials.partner_id,
        credentials.client_id,
        credentials.client_secret.expose(),
        credentials.identity_client_id,
        credentials.identity_client_secret.expose(),
    )
}

pub(super) fn json(sandbox: &Sandbox) -> Value {
    let biller = sandbox.biller_credentials();
    let credentials: Vec<Value> = sandbox
        .all_credentials()
        .iter()
        .map(|credentials| {
            json!({
                "name": credentials.name,
                "partner_id": credentials.partner_id,
                "client_id": credentials.client_id,
                "client_secret": credentials.client_secret.expose(),
                "identity_client_id": credentials.identity_client_id,
                "identity_client_secret": credentials.identity_client_secret.expose(),
            })
        })
        .collect();
    json!({
        "base_url": sandbox.base_url(),
        "admin": format!("{}/_sandbox", sandbox.base_url()),
        "account_id": sandbox.account_id(),
        "accounts": sandbox.accounts(),
        "credentials": credentials,
        "biller": {
            "partner_id": biller.partner_id,
            "client_id": biller.client_id,
            "client_secret": biller.client_secret.expose(),
            "password": biller.password.expose(),
        },
    })
}
