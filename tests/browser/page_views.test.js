// Every hosted page in both languages and colour schemes, on a phone and on a desk, and with hostile texts in it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, launch, openPage, SCHEMES, shoot, WIDTHS } from "./support/browser.js";
import { Merchant } from "./support/merchant.js";
import { Orders } from "./support/orders.js";
import { startSandbox } from "./support/sandbox.js";

const HOSTILE = `<script>alert(1)</script>"' \u202Etxt.exe\u202C تجربة${"A".repeat(10_000)}`;
const SCRIPT = "</p><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

let [browser, sandbox, rude, folder, pages, hostile] = [];

before(async () => {
  folder = await mkdtemp(`${tmpdir()}/pages-`);
  await writeFile(`${folder}/seed.json`, JSON.stringify({ accounts: [{ name: HOSTILE }] }));
  [browser, sandbox, rude] = await Promise.all([launch(), startSandbox(), startSandbox("--seed-file", `${folder}/seed.json`)]);
  pages = await everything(new Orders(await new Merchant(sandbox).login()));
  hostile = await withHostileTexts(new Orders(await new Merchant(rude).login()));
});

after(async () => {
  await Promise.all([browser?.close(), sandbox?.stop(), rude?.stop()]);
  await rm(folder, { recursive: true });
});

const send = (url, form) => fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams(form) });

/** The page that a choice of a method leads to. */
async function chosen(orders, choose) {
  const { payment_url: url } = await orders.link();
  return sandbox.url + (await send(url, { choose })).headers.get("location");
}

/** The page that asks for the difference to a dearer plan. */
async function bill(orders) {
  const schedule = { interval: 1, interval_unit: "month", start_time: "2026-01-01T00:00:00+07:00" };
  const plan = await orders.plan({ items: undefined, amount: 100_000, schedule });
  await send(plan.payment_link_url, { card_number: "4111111111111111" });
  return (await orders.upgrade(plan, 300_000)).upgrade.prorated_charge.payment_link_url;
}

/** Addresses of all pages, in the states that look different. */
async function everything(orders) {
  const urls = {
    link: (await orders.link()).payment_url,
    "link for several": (await orders.link({ max_usage: 5, required_customer_email: true, required_customer_number: true })).payment_url,
    "virtual account": await chosen(orders, "VA_BCA"),
    QRIS: await chosen(orders, "QRIS"),
    outlet: await chosen(orders, "INDOMARET"),
    card: await chosen(orders, "NICEPAY_CARD"),
    "card declined": await chosen(orders, "NICEPAY_CARD"),
    paid: await chosen(orders, "EWALLET_OVO"),
    declined: await chosen(orders, "EWALLET_OVO"),
    wallet: (await orders.wallet()).checkout_url,
    "wallet declined": (await orders.wallet("EWALLET_GOPAY")).checkout_url,
    "3-D Secure": (await orders.card()).payment_url,
    binding: (await orders.binding()).redirect_url,
    bound: (await orders.binding({ bank_code: "008" })).redirect_url,
    plan: (await orders.plan()).payment_link_url,
    subscribed: (await orders.plan()).payment_link_url,
    bill: await bill(orders),
    expired: (await orders.expired()).payment_url,
  };
  await send(urls.paid, { answer: "pay" });
  await send(urls.declined, { answer: "decline" });
  await send(urls["wallet declined"], { answer: "decline" });
  await send(urls.bound, { answer: "approve" });
  await send(urls.subscribed, { card_number: "4111111111111111" });
  return urls;
}

for (const scheme of SCHEMES) {
  for (const width of WIDTHS) {
    test(`every page, ${scheme}, ${width} px`, async () => {
      const { page, problems, close } = await openPage(browser, pages.link, { scheme, width });
      for (const [name, url] of Object.entries(pages)) {
        for (const language of ["id", "en"]) {
          const what = `${name}, ${language}, ${scheme}, ${width} px`;
          await page.goto(`${url}?lang=${language}`);
          if (name === "card declined") {
            for (const field of await page.getByRole("textbox").all()) await field.fill("1");
            await page.locator("button.primary").click();
            await page.getByRole("alert").waitFor();
          }
          assert.equal(await page.locator("html").getAttribute("lang"), language, what);
          await assertFits(page, what);
          await assertAccessible(page, what);
          await shoot(page, `${name}-${language}-${scheme}-${width}`.replaceAll(" ", "-"));
        }
      }
      assert.deepEqual(problems, []);
      await close();
    });
  }
}

/** Addresses of pages that show what others typed. */
async function withHostileTexts(orders) {
  const link = await orders.link({
    items: [{ name: `${SCRIPT}${"B".repeat(150)}`, quantity: 999_999, unit_price: 999_000_000 }],
    description: `\u202E${SCRIPT}${"y".repeat(800)}`,
    customer_name: `"><b>${SCRIPT}`, customer_email: "sari@example.com",
  });
  return [
    link.payment_url, (await orders.wallet()).checkout_url, (await orders.card()).payment_url,
    (await orders.plan({ name: SCRIPT })).payment_link_url, (await orders.binding({ customer_ref: "<b>\u202Etxt.exe" })).redirect_url,
  ];
}

test("an address that leads nowhere says so", async () => {
  const { page, close } = await openPage(browser, `${sandbox.url}/b2b/nobody?lang=id`);
  await page.getByRole("heading", { name: "Halaman tidak ditemukan" }).waitFor();
  await assertAccessible(page, "no page");
  await close();
});

for (const width of WIDTHS) {
  test(`hostile texts stay texts in their place at ${width} px`, async () => {
    const { page, problems, close } = await openPage(browser, hostile[0], { width });
    assert.equal(await page.locator(".shop bdi").textContent(), HOSTILE);
    for (const [at, url] of hostile.entries()) {
      await page.goto(url);
      await assertFits(page, url);
      assert.equal(await page.locator("main script, main img, main b").count(), 0, url);
      assert.notEqual(await page.title(), "taken");
      assert.ok((await page.locator("main").boundingBox()).height < 4_000, url);
      await shoot(page, `hostile-${at}-${width}`);
    }
    assert.deepEqual(problems, []);
    await close();
  });
}
