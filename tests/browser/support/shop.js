// A shop's endpoint for webhooks.
import { once } from "node:events";
import { createServer } from "node:http";

export async function startShop() {
  const shop = { deliveries: [], status: 200 };
  const waiting = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    shop.deliveries.push({ path: request.url, headers: request.headers, body });
    response.writeHead(shop.status, { "Content-Type": "application/json" }).end(JSON.stringify({ received: shop.deliveries.length }));
    for (const resolve of waiting.splice(0)) resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  shop.url = `http://127.0.0.1:${server.address().port}/hooks`;
  /** Waits until so many deliveries have come. */
  shop.has = async (count) => {
    while (shop.deliveries.length < count) await new Promise((resolve) => waiting.push(resolve));
  };
  shop.stop = () => server.close();
  return shop;
}
