//! Buys once with every method, through the shop's own pages.

use std::error::Error;

use super::{METHODS, Shop};
use singapay::Ending;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

pub(crate) async fn run(shop: &Shop, address: &str) -> Result {
    let browser = reqwest::Client::builder().no_proxy().build()?;
    let read = browser.get(address).send().await?.text().await?;
    ensure(read.contains("Coffee"), "the product is shown")?;
    for (code, words) in METHODS {
        let form = format!(
            "method={code}&name=%3Cb%3ERina%3C%2Fb%3E&email=rina%40example.com&phone=081234567890"
        );
        let bought = post(&browser, &format!("{address}/checkout"), form).await?;
        let place = bought.url().to_string();
        let page = bought.text().await?;
        ensure(page.contains("waiting for your payment"), &page)?;
        ensure(page.contains("you, &lt;b&gt;Rina"), "names are escaped")?;

        // The gateway tells the shop, and nobody has to ask.
        post(&browser, &format!("{place}/pretend"), String::new()).await?;
        shop.sandbox.webhooks_sent().await;
        let page = browser.get(&place).send().await?.text().await?;
        ensure(page.contains("paid, on its way"), &page)?;

        // It may tell again; asking must not hurt either.
        let delivery = shop.sandbox.deliveries().pop().ok_or("no webhook")?;
        ensure(shop.sandbox.replay_webhook(delivery.id), "it is sent again")?;
        shop.sandbox.webhooks_sent().await;
        post(&browser, &format!("{place}/refresh"), String::new()).await?;
        let number = place.rsplit('/').next().unwrap_or_default();
        let order = shop.order(number).ok_or("no order")?;
        ensure(order.ending == Some(Ending::Paid), "it stays paid")?;
        ensure(order.shipped == 1, "the goods leave once")?;
        println!("{number}  {words}: paid, shipped once");
    }
    let forged = browser.post(format!("{address}{}", super::HOOK));
    let forged = forged.body(r#"{"event":"va-transaction"}"#).send().await?;
    ensure(forged.status() == 401, "a forged webhook is refused")?;
    let form = "method=GOLD&name=&email=&phone=".to_owned();
    let odd = post(&browser, &format!("{address}/checkout"), form).await;
    ensure(odd.is_err(), "a method that is not offered is refused")
}

async fn post(browser: &reqwest::Client, url: &str, form: String) -> Result<reqwest::Response> {
    let request = browser.post(url).body(form);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    Ok(request.send().await?.error_for_status()?)
}

fn ensure(holds: bool, what: &str) -> Result {
    if holds { Ok(()) } else { Err(what.into()) }
}
