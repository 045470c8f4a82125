// What people do with the console, from the SDK's request to the webhook that is seen.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { launch, openPage } from "./support/browser.js";
import { Merchant } from "./support/merchant.js";
import { TOPUP, topup } from "./support/scene.js";
import { startSandbox } from "./support/sandbox.js";
import { startShop } from "./support/shop.js";

let [browser, shop, sandbox, view] = [];

before(async () => {
  [browser, shop] = await Promise.all([launch(), startShop()]);
  sandbox = await startSandbox("--webhook", `all=${shop.url}`);
  view = await openPage(browser, sandbox.console);
});

after(async () => {
  await view?.close();
  await Promise.all([browser?.close(), sandbox?.stop()]);
  shop?.stop();
});

const go = (name) => view.page.getByRole("navigation", { name: "Console" }).getByRole("link", { name }).click();
const row = (text) => view.page.getByRole("row").filter({ hasText: text });
const result = (text) => view.page.locator("#result", { hasText: text }).waitFor();

/** The customer clicks through the hosted page. */
async function payByQris(page) {
  const choice = page.locator("[name=choose][value=QRIS]");
  if ((await choice.count()) > 0) {
    await choice.check({ force: true });
    await page.getByRole("button", { name: "Continue" }).click();
  }
  await page.getByRole("button", { name: /^pay/i }).click();
  await page.getByText(/paid|thank you/i).first().waitFor();
}

test("a link made by the SDK is paid by clicking, and its webhook is seen", async () => {
  const link = await sandbox.call("payment_links", "create", "reff_no=ORDER-1", "payment_link_type=total", "total_amount=50000");
  await row("create_payment_link").getByText("accepted").waitFor();
  await go("Payments");
  const popup = view.page.context().waitForEvent("page");
  await row("ORDER-1").getByRole("link", { name: "page" }).click();
  const hosted = await popup;
  await hosted.waitForURL(link.payment_url);
  await payByQris(hosted);
  await hosted.close();
  await row("ORDER-1").getByText("closed").waitFor();
  await go("Deliveries");
  const delivered = row("payment-link").filter({ hasText: "delivered" });
  await delivered.first().getByRole("button").first().click();
  const detail = view.page.getByRole("region", { name: "Delivery" });
  await detail.getByText('"ORDER-1"').first().waitFor();
  await detail.getByText('"received"').first().waitFor();
  assert.ok(shop.deliveries.some(({ body }) => body.includes("ORDER-1")));
});

test("the command line that is shown does the same as its button", async () => {
  for (const reference of ["ORDER-2", "ORDER-3"]) {
    await sandbox.call("payment_links", "create", `reff_no=${reference}`, "payment_link_type=total", "total_amount=60000");
  }
  await go("Payments");
  await row("ORDER-3").getByRole("button", { name: /^pay/ }).click();
  await result("pay, ORDER-3: done");
  await row("ORDER-3").getByText("closed").waitFor();
  await row("ORDER-2").getByRole("button", { name: /^pay/ }).focus();
  const line = await view.page.locator("#line").textContent();
  const answer = JSON.parse(execFileSync("sh", ["-c", `${line} -s`], { encoding: "utf8" }));
  assert.ok(answer.history_id > 0, line);
  await row("ORDER-2").getByText("closed").waitFor();
});

test("an open attempt to pay a link is declined, and another one is paid", async () => {
  await sandbox.call("payment_links", "create", "reff_no=ORDER-4", "payment_link_type=total", "total_amount=70000");
  await go("Payments");
  const kinds = view.page.getByRole("navigation", { name: "Kinds" });
  await row("ORDER-4").getByRole("button", { name: /^open and leave/ }).click();
  await result("open and leave, ORDER-4: done");
  await kinds.getByRole("link", { name: "payment link attempts" }).click();
  await row("ORDER-4").getByRole("button", { name: /^decline/ }).click();
  await result("decline, ORDER-4: done");
  await row("ORDER-4").getByText("failed").waitFor();
  await sandbox.admin("/payment-links/ORDER-4/open", { method: "VA_BCA" });
  await row("ORDER-4").getByRole("button", { name: /^pay/ }).focus();
  const line = await view.page.locator("#line").textContent();
  execFileSync("sh", ["-c", `${line} -s`]);
  await row("ORDER-4").getByText("paid").waitFor();
  assert.equal(await row("ORDER-4").getByRole("button").count(), 0);
  await kinds.getByRole("link", { name: "payment links" }).click();
  await row("ORDER-4").getByText("closed").waitFor();
});

test("a refused signature shows the value that differs", async () => {
  const merchant = await new Merchant(sandbox).login();
  const body = topup(merchant, "T-BAD");
  // The members as they are sent, not sorted.
  const refused = await merchant.signed(TOPUP, body, { text: JSON.stringify(body) });
  assert.equal(refused.status, 401);
  await go("Requests");
  const mine = row("topup_ewallet").filter({ hasText: "refused" });
  await mine.getByText("signature").first().waitFor();
  await mine.getByRole("button").click();
  const detail = view.page.getByRole("region", { name: "Request", exact: true });
  await detail.getByRole("table").getByText(/^[0-9a-f]{128}$/).first().waitFor();
  assert.equal(await detail.getByRole("columnheader").allTextContents().then(String), "Given,Expected");
  await detail.getByText("What differs: body hash, of the body as sent").waitFor();
  assert.match(await detail.locator("dd mark").textContent(), /^[0-9a-f]{64}$/);
  await detail.getByText("string to sign").waitFor();
  const page = await detail.textContent();
  assert.ok(!page.includes(merchant.secret) && !page.includes(merchant.token));
  await detail.getByRole("button", { name: "Close" }).click();
});

test("a payout is failed", async () => {
  await sandbox.admin("/clock", { frozen: true });
  const merchant = await new Merchant(sandbox).login();
  const topped = await merchant.signed(TOPUP, topup(merchant, "T-1"));
  assert.equal(topped.status, 200);
  await go("Payouts");
  await row("T-1").getByRole("button", { name: /^fail/ }).click();
  await result("fail, T-1: done");
  await row("T-1").getByText("failed").waitFor();
  const [payout] = await sandbox.admin("/objects/payouts?limit=1");
  assert.equal(payout.status, "Failed");
});

test("the clock is moved and a retry goes out", async () => {
  shop.status = 500;
  await go("Clock");
  await view.page.getByRole("button", { name: "Freeze" }).last().click();
  await view.page.getByText("frozen").first().waitFor();
  await sandbox.call("qris", "generate", "merchant_reff_no=QR-1", "amount=45000");
  const [code] = await sandbox.admin("/objects/qris?limit=1");
  const sent = shop.deliveries.length;
  await sandbox.admin(code.actions[0].path, code.actions[0].body);
  await shop.has(sent + 1);
  const jump = view.page.getByRole("button", { name: "Jump to the next retry" });
  await view.page.locator("button:enabled", { hasText: "Jump to the next retry" }).waitFor();
  shop.status = 200;
  await jump.click();
  await shop.has(sent + 2);
  assert.equal(shop.deliveries.at(-1).body, shop.deliveries.at(-2).body);
  await go("Deliveries");
  await row("qris").filter({ hasText: "delivered" }).first().waitFor();
  await view.page.getByRole("button", { name: "Resume" }).click();
  await view.page.getByRole("button", { name: "Freeze", exact: true }).waitFor();
});

test("the clock goes forward by what was typed, or not at all", async () => {
  const { page } = view;
  await go("Clock");
  await sandbox.admin("/clock", { frozen: true });
  const millis = async () => (await sandbox.admin("/clock")).now_millis;
  const start = await millis();
  const advance = async (text) => {
    await page.getByLabel("Advance by").fill(text);
    await page.getByRole("button", { name: "Advance", exact: true }).click();
  };
  await advance("1.5");
  await result("Advance: done");
  assert.equal((await millis()) - start, 5_400_000);
  for (const text of ["-3", "", "99999999"]) {
    await advance(text);
    await page.locator("#result .bad", { hasText: "Advance: " }).waitFor();
    assert.equal((await millis()) - start, 5_400_000, text);
    await page.locator("#result").evaluate((told) => told.replaceChildren());
  }
  await sandbox.admin("/clock", { frozen: false });
  // Of the page's own, a browser tells these three refusals.
  assert.ok(view.problems.splice(0).every((told) => /status of 4\d\d/.test(told)));
});

test("switches of faults stay where they are", async () => {
  const { page } = view;
  await go("Faults");
  const of = (point) => page.getByRole("switch", { name: `pay_qris, ${point}` });
  const place = async () => (await of("before commit").boundingBox()).y;
  await of("before commit").scrollIntoViewIfNeeded();
  const before = await place();
  for (const on of ["true", "false"]) {
    await of("before commit").click();
    await page.locator(`[role=switch][aria-label="pay_qris, before commit"][aria-checked="${on}"]`).waitFor();
    assert.equal(await place(), before);
  }
});

test("webhooks come twice while chaos is set", async () => {
  const { page } = view;
  await go("Deliveries");
  await page.getByText("Twice, late and in any order: off").click();
  await page.getByLabel("Come again, %").fill("100");
  await page.getByLabel("Swap within, seconds").fill("0.5");
  await page.getByLabel("Late by up to, seconds").fill("0");
  await page.getByRole("button", { name: "Set chaos" }).click();
  await result("Set, chaos: done");
  await page.getByText("100 % come again, swapped within 500 ms (seed 7)").waitFor();
  const set = { seed: 7, duplicates_percent: 100, reorder_ms: 500, delay_ms: 0 };
  assert.deepEqual(await sandbox.admin("/chaos"), set);
  await sandbox.call("qris", "generate", "merchant_reff_no=QR-2", "amount=46000");
  const [code] = await sandbox.admin("/objects/qris?limit=1");
  const sent = shop.deliveries.length;
  await sandbox.admin(code.actions[0].path, code.actions[0].body);
  await shop.has(sent + 4);
  assert.equal(new Set(shop.deliveries.slice(sent).map(({ body }) => body)).size, 1);
  await page.getByRole("button", { name: "End chaos" }).focus();
  const line = await page.locator("#line").textContent();
  execFileSync("sh", ["-c", `${line} -s`]);
  await page.getByText("Twice, late and in any order: off").waitFor();
  assert.deepEqual(await sandbox.admin("/chaos"), {});
});

test("a fault is switched on, strikes and is switched off", async () => {
  await go("Faults");
  await view.page.getByLabel("A switch does this").selectOption("answer this status");
  await view.page.getByLabel("Filter operations").fill("list_accounts");
  const fault = view.page.getByRole("switch", { name: "list_accounts, before commit" });
  await fault.click();
  await view.page.getByRole("switch", { name: "list_accounts, before commit", checked: true }).waitFor();
  await assert.rejects(sandbox.call("accounts", "list"));
  await row("list_accounts").getByText(/\d+ struck/).first().waitFor();
  await fault.click();
  await view.page.getByRole("switch", { name: "list_accounts, before commit", checked: false }).waitFor();
  await sandbox.call("accounts", "list");
});

test("nothing went wrong in the page, and no request left for elsewhere", () => {
  assert.deepEqual(view.problems, []);
});

test("a page of another origin changes nothing", async () => {
  const other = await openPage(browser, shop.url);
  const count = async () => (await sandbox.admin("/deliveries")).length;
  const before = await count();
  assert.ok(before > 0);
  // Neither asks for permission first: the browser sends it, and hides the answer.
  const send = (mode) => other.page.evaluate(async ([url, mode]) => {
    const answer = await fetch(url, { method: "POST", mode }).catch(() => ({ type: "failed" }));
    return answer.type;
  }, [`${sandbox.url}/_sandbox/deliveries/1/replay`, mode]);
  assert.deepEqual([await send("no-cors"), await send("cors")], ["opaque", "failed"]);
  assert.equal(await count(), before);
  await sandbox.admin("/deliveries/1/replay", undefined, "POST");
  assert.equal(await count(), before + 1);
  await other.close();
});

test("it works from the keyboard alone", async () => {
  const { page } = view;
  await page.goto(sandbox.console);
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const first = page.getByRole("region", { name: "Requests, newest first" }).getByRole("button").first();
  await first.focus();
  await page.keyboard.press("Enter");
  await page.locator("h2:focus").waitFor();
  await page.getByRole("button", { name: "Close" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".detail[hidden]").waitFor({ state: "attached" });
});

test("nothing is asked while nobody looks, and all of it once somebody does", async () => {
  const { page } = view;
  let asked = 0;
  const count = () => (asked += 1);
  page.on("request", count);
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await page.waitForRequest(/clock/);
  await hide(true);
  await page.waitForLoadState("networkidle");
  asked = 0;
  // A second of the page's own: its next question would have come by then.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
  assert.equal(asked, 0);
  const next = page.waitForRequest(/clock/);
  await hide(false);
  await next;
  page.off("request", count);
});

test("a sandbox that was started anew while nobody looked is noticed by the first answer", async () => {
  const own = await startSandbox();
  const { page, close } = await openPage(browser, own.console);
  const rows = page.getByRole("region", { name: "Requests, newest first" }).getByRole("row");
  await own.call("balances", "account");
  await rows.nth(2).waitFor();
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await hide(true);
  await page.waitForLoadState("networkidle");
  const { port } = new URL(own.url);
  await own.stop();
  const next = await startSandbox("--port", port);
  // More than before, so that numbers alone would hide them.
  for (let calls = 0; calls < 3; calls += 1) await next.call("balances", "account");
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await hide(false);
  // A header, and each call with its token.
  await page.waitForFunction(() => document.querySelectorAll("main tr").length === 7);
  assert.deepEqual(asked, ["/_sandbox/clock", "/_sandbox/requests"]);
  await close();
  await next.stop();
});

test("a sandbox that is started anew is followed", async () => {
  const { page } = view;
  await go("Requests");
  await page.getByRole("region", { name: "Requests, newest first" }).getByRole("row").nth(5).waitFor();
  const { port } = new URL(sandbox.url);
  await sandbox.stop();
  await page.getByText("The sandbox does not answer").waitFor();
  sandbox = await startSandbox("--port", port);
  await sandbox.call("balances", "account");
  await row("get_account_balance").waitFor();
  await page.locator("#connection:empty").waitFor({ state: "attached" });
  // A header, the request and the one for its token.
  await page.waitForFunction(() => document.querySelectorAll("main tr").length === 3);
});
