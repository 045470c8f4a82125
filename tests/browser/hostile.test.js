// Texts that others choose are texts on the page, whatever they hold.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertFits, launch, openPage, WIDTHS } from "./support/browser.js";
import { Merchant } from "./support/merchant.js";
import { startSandbox } from "./support/sandbox.js";

const SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";
const BACKWARDS = "\u202Eتجربة txt.exe\u202C";
const LONG = "x".repeat(10_000);

let [browser, sandbox] = [];

before(async () => {
  [browser, sandbox] = await Promise.all([launch(), startSandbox()]);
  const merchant = await new Merchant(sandbox).login();
  const links = `/api/v2.0/payment-link/${merchant.account}`;
  const hostile = [SCRIPT, BACKWARDS, LONG];
  for (const [at, text] of hostile.entries()) {
    const link = { reff_no: `H-${at}`, payment_link_type: "total", total_amount: 50_000 };
    await merchant.post(links, link);
    await sandbox.admin(`/payment-links/H-${at}/open`, { method: "QRIS", name: text });
    await merchant.post("/api/v1.0/accounts", { name: text, email: "sari@example.com", phone: "081200000001" });
    await merchant.post(`/api/v1.0/${encodeURIComponent(text)}`, { [text]: text });
    await merchant.signed("/api/v2.0/ewallet/trigger-topup", { reference_number: text, ewallet_code: text, customer_number: text, amount: text });
  }
});

after(() => Promise.all([browser?.close(), sandbox?.stop()]));

for (const width of WIDTHS) {
  test(`hostile texts stay texts at ${width} px`, async () => {
    const { page, problems, close } = await openPage(browser, sandbox.console, { width });
    await page.getByText("no such path").first().waitFor();
    await assertFits(page, "the list of requests");
    for (const open of await page.getByRole("region", { name: "Requests, newest first" }).getByRole("button").all()) {
      await open.click();
      await page.locator("h2:focus").waitFor();
      await assertFits(page, "a request");
    }
    await page.goto(`${sandbox.console}#payments/payment_link_attempts`);
    await page.getByText(SCRIPT).first().waitFor();
    await page.getByText("txt.exe").first().waitFor();
    await page.getByText("x".repeat(200)).first().waitFor();
    await assertFits(page, "the list of attempts");
    await page.goto(`${sandbox.console}#accounts`);
    await page.getByRole("row").nth(1).waitFor();
    await assertFits(page, "the list of accounts");
    assert.equal(await page.locator("main script, main img").count(), 0);
    assert.doesNotMatch(await page.title(), /taken/);
    assert.deepEqual(problems, []);
    await close();
  });
}
