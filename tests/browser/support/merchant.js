// A merchant's client that signs by hand, so that it can sign wrongly.
import { createHash, createHmac } from "node:crypto";

const hmac = (secret, text) => createHmac("sha512", secret).update(text).digest("hex");

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

export class Merchant {
  constructor(sandbox) {
    this.url = sandbox.url;
    const of = (name) => sandbox.variables[`SINGAPAY_${name}`];
    [this.partner, this.client, this.secret, this.account] = ["PARTNER_ID", "CLIENT_ID", "CLIENT_SECRET", "ACCOUNT_ID"].map(of);
  }

  async login() {
    const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", "");
    const headers = { "X-CLIENT-ID": this.client, "X-Signature": hmac(this.secret, `${this.client}_${this.secret}_${day}`) };
    const answer = await this.post("/api/v1.1/access-token/b2b", { grant_type: "client_credentials" }, headers);
    this.token = (await answer.json()).data.access_token;
    return this;
  }

  /** A signed POST. `wrong` changes what is signed: `secret`, `endpoint` or `text` of the body. */
  signed(path, body, wrong = {}) {
    const { secret = this.secret, endpoint = path, text = JSON.stringify(sorted(body)) } = wrong;
    const hash = createHash("sha256").update(text).digest("hex");
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = hmac(secret, `POST:${endpoint}:${this.token}:${hash}:${timestamp}`);
    return this.post(path, body, { "X-Signature": signature, "X-Timestamp": timestamp });
  }

  post(path, body, headers = {}) {
    const bearer = this.token && { Authorization: `Bearer ${this.token}` };
    return fetch(this.url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-PARTNER-ID": this.partner, ...bearer, ...headers },
      body: JSON.stringify(body),
    });
  }
}
