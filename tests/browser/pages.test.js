// What customers do on the hosted pages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "./support/browser.js";
import { Merchant } from "./support/merchant.js";
import { EXPIRY, Orders } from "./support/orders.js";
import { startSandbox } from "./support/sandbox.js";
import { startShop } from "./support/shop.js";

let [browser, sandbox, orders] = [];

before(async () => {
  [browser, sandbox] = await Promise.all([launch(), startSandbox()]);
  orders = new Orders(await new Merchant(sandbox).login());
});

after(() => Promise.all([browser?.close(), sandbox?.stop()]));

/** Opens a page, lets the customer act, and fails for whatever went wrong in it meanwhile. */
async function visit(url, act, options) {
  const { page, problems, close } = await openPage(browser, url, { locale: "en-GB", ...options });
  await act(page);
  assert.deepEqual(problems, []);
  await close();
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const reads = (page, name) => page.getByRole("heading", { name, exact: true }).waitFor();
const leadsTo = async (page, url) => {
  assert.equal(await page.getByRole("link", { name: "Back to the shop" }).getAttribute("href"), url);
};
async function choose(page, method) {
  await page.getByRole("radio", { name: method, exact: true }).check();
  await press(page, "Continue");
}
async function giveCard(page, number, deed) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiry (MM/YY)").fill(EXPIRY.page);
  await page.getByLabel("CVV").fill("123");
  await press(page, deed);
}

for (const [method, what] of [["BRI", "BRI Virtual Account"], ["QRIS", "QRIS"]]) {
  test(`a link is paid with ${method}`, async () => {
    const link = await orders.link();
    await visit(link.payment_url, async (page) => {
      await page.getByText("Rp 1.250.000").first().waitFor();
      await choose(page, method);
      await reads(page, what);
      assert.equal(await page.getByRole("img", { name: "QRIS code to scan" }).count(), method === "QRIS" ? 1 : 0);
      await press(page, "Pay now as the customer");
      await reads(page, "Payment successful");
      await leadsTo(page, "https://shop.example/thanks");
    });
    assert.equal((await orders.read(`/api/v2.0/payment-link/${link.id}`)).status, "closed");
  });
}

test("a declined customer chooses another way", async () => {
  const { payment_url: url } = await orders.link();
  await visit(url, async (page) => {
    await choose(page, "BRI");
    await press(page, "Decline");
    await reads(page, "Payment failed");
    await page.getByRole("link", { name: "Choose another way to pay" }).click();
    await choose(page, "QRIS");
    await press(page, "Pay now as the customer");
    await reads(page, "Payment successful");
  });
});

test("the number is copied by a button", async () => {
  const { payment_url: url } = await orders.link();
  await visit(url, async (page) => {
    await choose(page, "BCA");
    await press(page, "Copy Virtual account number");
    await page.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^\d{16}$/);
    assert.equal(copied, await page.locator(".copy code").textContent());
  }, { permissions: ["clipboard-read", "clipboard-write"] });
});

test("a link is paid by card, after one that is declined", async () => {
  const { payment_url: url } = await orders.link();
  await visit(url, async (page) => {
    await choose(page, "Credit or debit card");
    await giveCard(page, "4111 1111 1111 1112", "Pay Rp 1.250.000");
    await page.getByText("The card was declined").waitFor();
    await giveCard(page, "4111 1111 1111 1111", "Pay Rp 1.250.000");
    await reads(page, "Payment successful");
  });
});

for (const [deed, heading, status] of [["Pay Rp 100.000", "Payment successful", "success"], ["Decline", "Payment failed", "failed"]]) {
  test(`a payment from a wallet ends as ${status}`, async () => {
    const made = await orders.wallet();
    await visit(made.checkout_url, async (page) => {
      await press(page, deed);
      await reads(page, heading);
      await leadsTo(page, "https://shop.example/back");
    });
    assert.equal((await orders.read(`/api/v1.0/ewallet-native/ACCOUNT/inquiry-status/${made.id}`)).status, status);
  });
}

for (const [deed, heading, status] of [["Approve", "Payment successful", "success"], ["Decline", "Payment failed", "failed"]]) {
  test(`3-D Secure ends as ${status}`, async () => {
    const made = await orders.card();
    await visit(made.payment_url, async (page) => {
      await press(page, deed);
      await reads(page, heading);
    });
    assert.equal((await orders.read(`/api/v2.0/card/ACCOUNT/inquiry-status/${made.transaction_id}`)).status, status);
  });
}

test("a card is bound at the bank that the customer picks", async () => {
  const made = await orders.binding();
  await visit(made.redirect_url, async (page) => {
    await page.getByLabel("Bank").selectOption("BCA");
    await press(page, "Approve");
    await reads(page, "Card connected");
    await leadsTo(page, "https://shop.example/thanks");
  });
  const { status, bank_code: bank } = await orders.read(`/api/v2.0/direct-debit/binding/${made.binding_id}`);
  assert.deepEqual([status, bank], ["ACTIVE", "014"]);
});

test("a subscription begins with a card", async () => {
  const made = await orders.plan();
  await visit(made.payment_link_url, async (page) => {
    await giveCard(page, "4111 1111 1111 1111", "Start the subscription");
    await reads(page, "Subscription active");
  });
  assert.equal((await orders.read(`/api/v2.0/recurring/plans/${made.id}`)).status, "pending_payment");
});

test("a link is paid without any script", async () => {
  const { payment_url: url } = await orders.link();
  await visit(url, async (page) => {
    assert.match(await page.locator("time").textContent(), / WIB$/);
    assert.equal(await page.locator(".countdown").isVisible(), false);
    await choose(page, "BNI");
    assert.equal(await page.locator("[data-copy]").isVisible(), false);
    await press(page, "Pay now as the customer");
    await reads(page, "Payment successful");
  }, { javaScriptEnabled: false });
});

test("a link is paid by keyboard alone, in Indonesian", async () => {
  const { payment_url: url } = await orders.link();
  await visit(url, async (page) => {
    const isAt = (selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
    const reach = async (selector) => {
      for (let steps = 0; !(await isAt(selector)); steps += 1) {
        assert.ok(steps < 30, selector);
        await page.keyboard.press("Tab");
      }
    };
    await reach("a[hreflang=id]");
    await page.keyboard.press("Enter");
    await reads(page, "Pilih cara pembayaran");
    await reach("input[name=choose]");
    await page.keyboard.press("Space");
    while (!(await isAt("[value=QRIS]"))) await page.keyboard.press("ArrowDown");
    await reach("button.primary");
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: "Kode QRIS untuk dipindai" }).waitFor();
    await reach("button[value=pay]");
    await page.keyboard.press("Enter");
    await reads(page, "Pembayaran berhasil");
    assert.equal(await page.locator("html").getAttribute("lang"), "id");
  });
});

test("a form on a page of another origin pays nothing", async () => {
  const shop = await startShop();
  const link = await orders.link();
  const { page, close } = await openPage(browser, shop.url);
  const answer = page.waitForResponse(link.payment_url);
  await page.evaluate((action) => {
    const form = Object.assign(document.createElement("form"), { action, method: "post" });
    form.append(Object.assign(document.createElement("input"), { name: "method", value: "QRIS" }));
    document.body.append(form);
    form.submit();
  }, link.payment_url);
  assert.equal((await answer).status(), 403);
  assert.equal((await orders.read(`/api/v2.0/payment-link/${link.id}`)).status, "open");
  await close();
  shop.stop();
});

test("an open page follows the sandbox's clock, and what happens elsewhere", async () => {
  const own = await startSandbox();
  const made = new Orders(await new Merchant(own).login());
  await own.admin("/clock", { frozen: true });
  const [late, paid] = [await made.link(), await made.link()];
  await visit(paid.payment_url, async (page) => {
    await own.admin(`/payment-links/${paid.id}/pay`, {});
    await reads(page, "Payment successful");
  });
  await visit(late.payment_url, async (page) => {
    await page.getByText("1 d 00:00:00").waitFor();
    await own.admin("/clock", { advance_ms: 90 * 60_000 });
    await page.getByText("22:30:00").waitFor();
    await own.admin("/clock", { advance_ms: 24 * 3_600_000 });
    await reads(page, "Time is up");
    await leadsTo(page, "https://shop.example/late");
  });
  await own.stop();
});

test("a countdown that runs out ends its page", async () => {
  const { now_millis: now } = await sandbox.admin("/clock");
  const expired_at = `${new Date(now + 8_000).toISOString().slice(0, 19)}+00:00`;
  const { payment_url: url } = await orders.link({ expired_at });
  await visit(url, (page) => reads(page, "Time is up"));
});
