//! Pages that the customer sees. Whatever is not written in this file is escaped.

use singapay::{Ending, FieldError, PaymentInstructions};

use super::{METHODS, Order, PRICE};

pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>\
         <h1>{title}</h1>{body}</html>"
    )
}

pub(crate) fn product() -> String {
    let choices: String = METHODS
        .iter()
        .map(|(code, words)| format!("<option value={code}>{}</option>", escape(words)))
        .collect();
    let body = format!(
        "<p>One bag of coffee, Rp {PRICE}</p><form method=post action=/checkout>\
         <p><input name=name placeholder=Name required> \
         <input name=email type=email placeholder=E-mail required> \
         <input name=phone placeholder=Phone required></p>\
         <p><select name=method>{choices}</select> <button>Buy</button></p></form>"
    );
    page("Coffee", &body)
}

pub(crate) fn order(number: &str, order: &Order) -> String {
    let status = match order.ending {
        None => "waiting for your payment",
        Some(Ending::Paid) => "paid, on its way",
        Some(Ending::Expired) => "expired",
        Some(_) => "not paid",
    };
    let name = escape(&order.name);
    let mut body = format!("<p>Thank you, {name}.</p><p>Status: <b id=status>{status}</b></p>");
    if let (Some(charge), None) = (&order.charge, order.ending) {
        body += &task(charge.instructions());
        if let Some(end) = charge.expires_at() {
            body += &format!("<p>until {end}</p>");
        }
    }
    if order.ending.is_none() {
        let number = escape(number);
        for (action, words) in [
            ("refresh", "Refresh"),
            ("pretend", "Pretend to be the customer"),
        ] {
            body += &format!(
                "<form method=post action='/orders/{number}/{action}'><button>{words}</button></form>"
            );
        }
    }
    page(&format!("Order {number}"), &body)
}

/// Task of the customer, to pay in this way.
fn task(instructions: &PaymentInstructions) -> String {
    match instructions {
        // Anything else, such as `javascript:`, is no page.
        PaymentInstructions::Url { url, .. }
            if url.starts_with("https://") || url.starts_with("http://") =>
        {
            format!("<p><a href=\"{}\">Pay here</a></p>", escape(url))
        }
        PaymentInstructions::VirtualAccount { bank, number, .. } => {
            let (bank, number) = (escape(bank), escape(number));
            format!("<p>Transfer to {bank} <code>{number}</code></p>")
        }
        // To be drawn by any QR library.
        PaymentInstructions::Qr { content, .. } => {
            format!("<p>Scan <code>{}</code></p>", escape(content))
        }
        _ => "<p>Confirm the payment in the app on your phone.</p>".to_owned(),
    }
}

/// Problems of the form; without fields, the gateway is to blame.
pub(crate) fn refused(fields: &[FieldError]) -> String {
    let problems: String = fields
        .iter()
        .map(|field| {
            let text = format!("{} {}", field.field, field.messages.join(", "));
            format!("<li>{}</li>", escape(&text))
        })
        .collect();
    let body = match problems.as_str() {
        "" => "<p>Nothing was bought. Please try again later.</p>".to_owned(),
        problems => format!("<ul>{problems}</ul>"),
    };
    page("Sorry", &body)
}
