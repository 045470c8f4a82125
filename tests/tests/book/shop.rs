//! The shop of the chapter on webhooks takes an order to its shipment.

include!("../../../docs/book/src/shop/main.rs");

mod tests {
    use std::{net::SocketAddr, time::Duration};

    use singapay_sandbox::{Fault, FaultAction, FaultPoint, Payer, Sandbox};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;

    async fn ask(shop: SocketAddr, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(shop).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn an_order_is_paid_once_confirmed_and_shipped() {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sandbox = Sandbox::builder().webhook_url_for_all(&format!("http://{address}{HOOK}"));
        let sandbox = sandbox.start().await.unwrap();
        let singapay = singapay_tests::book::client(&sandbox).unwrap();
        let ledger = SqliteLedger::open(folder.path().join("shop.db"))
            .await
            .unwrap();
        let shop = Shop {
            singapay: singapay.clone(),
            pool: ledger.pool().clone(),
        };
        tokio::spawn(async move { serve(singapay, ledger, listener).await.unwrap() });

        let made = ask(address, "POST", "/orders/INV-1", "150000").await;
        assert!(
            made.starts_with("HTTP/1.1 200") && made.contains("http://"),
            "{made}"
        );
        let again = ask(address, "POST", "/orders/INV-1", "150000").await;
        assert_eq!(again.lines().last(), made.lines().last());
        // An answer that is lost: the link was made, and is found.
        let lost = Fault::new(FaultPoint::AfterCommit, FaultAction::Reset);
        sandbox.add_fault(lost.on("create_payment_link")).unwrap();
        let made = ask(address, "POST", "/orders/INV-3", "150000").await;
        assert!(made.starts_with("HTTP/1.1 200"), "{made}");
        assert!(
            ask(address, "GET", "/orders/INV-1", "")
                .await
                .ends_with("paid 0, waits\n")
        );

        sandbox
            .pay_payment_link("INV-1", Payer::with("QRIS"))
            .unwrap();
        sandbox.webhooks_sent().await;
        for delivery in sandbox.deliveries() {
            sandbox.replay_webhook(delivery.id);
        }
        sandbox.webhooks_sent().await;
        assert!(
            ask(address, "GET", "/orders/INV-1", "")
                .await
                .ends_with("paid 150000, new\n")
        );
        ship(&shop).await.unwrap();
        assert!(
            ask(address, "GET", "/orders/INV-1", "")
                .await
                .ends_with("paid 150000, shipped\n")
        );

        // Money before its order: it comes again, and the order is there by then.
        let link = shop.singapay.payment_links().create().reff_no("INV-2");
        let link = link.payment_link_type(PaymentLinkType::Total);
        link.total_amount(Rupiah::new(70_000)).send().await.unwrap();
        sandbox
            .pay_payment_link("INV-2", Payer::with("QRIS"))
            .unwrap();
        sandbox.webhooks_sent().await;
        let order = sqlx::query("INSERT INTO orders (number, total) VALUES ('INV-2', 70000)");
        order.execute(&shop.pool).await.unwrap();
        sandbox.advance(Duration::from_secs(60)).await;
        let told = ask(address, "GET", "/orders/INV-2", "").await;
        assert!(told.ends_with("paid 70000, new\n"), "{told}");
    }
}
