// What a merchant makes for its customers: everything that has a page.
const LINK = {
  payment_link_type: "items",
  items: [
    { name: "Kopi Gayo 250 g", quantity: 2, unit_price: 650_000 },
    { name: "Diskon", quantity: 1, unit_price: -50_000 },
  ],
  description: "Pesanan nomor 7",
  success_redirect_url: "https://shop.example/thanks",
  expired_redirect_url: "https://shop.example/late",
};
/** Of cards: December of next year, as the API and as a page wants it. */
const YEAR = String((new Date().getFullYear() + 1) % 100).padStart(2, "0");
export const EXPIRY = { field: `${YEAR}12`, page: `12/${YEAR}` };
const CARD = {
  amount: 150_000, goods_name: "Kopi", customer_name: "Sari Demo", customer_email: "sari@example.com",
  customer_phone: "081200000001", customer_address: "Jl. Contoh 1", customer_city: "Jakarta", customer_state: "DKI Jakarta",
  customer_postal_code: "10220", customer_country: "ID", card_number: "4000000000000002", card_expiry: EXPIRY.field, card_cvv: "123",
  card_holder_name: "SARI DEMO", card_holder_email: "sari@example.com",
};
const SCHEDULE = { interval: 1, interval_unit: "month", total_interval: 12, start_time: "2040-01-01T00:00:00+07:00" };

export class Orders {
  #merchant;
  #count = 0;

  constructor(merchant) {
    this.#merchant = merchant;
  }

  async #data(path, asked) {
    const answer = await asked;
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).data;
  }

  #make(path, body) {
    return this.#data(path, this.#merchant.post(path, body));
  }

  /** Data of a path as the merchant reads or changes it; `ACCOUNT` in it is the merchant's. */
  read(path, method = "GET", body = undefined) {
    const { url, partner, token, account } = this.#merchant;
    const headers = { "Content-Type": "application/json", "X-PARTNER-ID": partner, Authorization: `Bearer ${token}` };
    return this.#data(path, fetch(url + path.replace("ACCOUNT", account), { method, headers, body: body && JSON.stringify(body) }));
  }

  #reference() {
    return `ORDER-${++this.#count}`;
  }

  link(more) {
    return this.#make(`/api/v2.0/payment-link/${this.#merchant.account}`, { reff_no: this.#reference(), ...LINK, ...more });
  }

  wallet(ewallet_vendor = "EWALLET_DANA") {
    return this.#make("/api/v2.0/ewallet-native/create-order", {
      account_id: this.#merchant.account, amount: 100_000, ewallet_vendor, customer_phone: "081200000001",
      merchant_reff_no: this.#reference(), merchant_redirect_url: "https://shop.example/back",
    });
  }

  card() {
    return this.#make(`/api/v2.0/card/${this.#merchant.account}/payment`, { ...CARD, reference_no: this.#reference() });
  }

  binding(more) {
    return this.#make("/api/v2.0/direct-debit/binding", {
      customer_ref: "pelanggan-7", phone_no: "081200000001", payment_otp_mode: "WITH_OTP",
      success_redirect_url: "https://shop.example/thanks", failure_redirect_url: "https://shop.example/sorry", ...more,
    });
  }

  plan(more) {
    return this.#make("/api/v2.0/recurring/plans", {
      name: "Langganan Kopi", customer_name: "Sari Demo", customer_email: "sari@example.com", customer_phone: "081200000001",
      account_id: this.#merchant.account, items: [{ item_name: "Kopi Gayo 250 g", quantity: 2, unit_price: 75_000 }],
      schedule: SCHEDULE, metadata: { description: "Dikirim setiap tanggal satu" }, ...more,
    });
  }

  /** A link whose time is up. */
  async expired() {
    const link = await this.link();
    await this.read(`/api/v2.0/payment-link/update/${link.id}`, "PUT", { status: "expired" });
    return link;
  }

  /** Data of the plan that follows one when its price rises; `upgrade` has the page for the difference. */
  upgrade(plan, amount) {
    return this.read(`/api/v2.0/recurring/plans/${plan.id}`, "PATCH", { amount });
  }
}
