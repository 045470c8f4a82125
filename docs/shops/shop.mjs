// A shop in Node, without packages:
//   singapay sandbox --print-env json > env.json &   node shop.mjs env.json
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const env = JSON.parse(readFileSync(process.argv[2] ?? 'env.json', 'utf8'));
const [base, partner, id, secret, account, admin] = ['BASE_URL', 'PARTNER_ID', 'CLIENT_ID', 'CLIENT_SECRET', 'ACCOUNT_ID', 'SANDBOX_ADMIN'].map((name) => env[`SINGAPAY_${name}`]);
const hmac = (text) => createHmac('sha512', secret).update(text).digest('hex');
const post = async (url, body, headers = {}) =>
  (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) })).json();

// As the gateway writes a body before it is hashed: keys sorted by bytes, and an empty object as PHP has it.
const bytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical)}]`
  : value === null || typeof value !== 'object' ? JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
  : Object.keys(value).length === 0 ? '[]'
  : `{${Object.keys(value).sort(bytes).map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
const isSigned = (path, headers, raw) => {
  const token = (headers.authorization ?? '').replace(/^Bearer /i, '');
  const hash = createHash('sha256').update(canonical(JSON.parse(raw))).digest('hex');
  const expected = Buffer.from(hmac(`POST:${path}:${token}:${hash}:${headers['x-timestamp']}`));
  const given = Buffer.from(headers['x-signature'] ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected) && Math.abs(Date.now() / 1000 - headers['x-timestamp']) < 900;
};

const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', ''); // in Jakarta
const proof = { 'X-PARTNER-ID': partner, 'X-CLIENT-ID': id, 'X-Signature': hmac(`${id}_${secret}_${day}`) };
const token = (await post(`${base}/api/v1.1/access-token/b2b`, { grant_type: 'client_credentials' }, proof)).data.access_token;

const order = `INV-NODE-${process.pid}`;
const server = createServer(async (request, response) => {
  let raw = '';
  for await (const chunk of request.setEncoding('utf8')) raw += chunk;
  let isOurs = false;
  try { isOurs = request.url === '/hooks/singapay' && isSigned(request.url, request.headers, raw); } catch { /* no JSON */ }
  response.writeHead(isOurs ? 200 : 401).end(() => {
    if (!isOurs) return console.log('refused');
    if (raw.includes(order)) console.log(`paid ${JSON.parse(raw).data.transaction.amount.value}`), process.exit(0);
  });
});
server.listen(0, '127.0.0.1', async () => {
  const hook = `http://127.0.0.1:${server.address().port}/hooks/singapay`;
  await post(`${admin}/webhooks/transaction`, { url: hook });
  const ask = { reff_no: order, payment_link_type: 'total', total_amount: 150_000 };
  const link = (await post(`${base}/api/v2.0/payment-link/${account}`, ask, { 'X-PARTNER-ID': partner, Authorization: `Bearer ${token}` })).data;
  console.log(`order ${order}, pay at ${link.payment_url}, listening at ${hook}`);
  if (!process.env.SHOP_WAITS) await post(`${admin}/payment-links/${order}/pay`, {}); // else somebody does, in a browser
});
