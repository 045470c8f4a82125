// Every view in both colour schemes, on a phone and on a desk: axe finds nothing, nothing is too wide.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, launch, openPage, SCHEMES, shoot, WIDTHS } from "./support/browser.js";
import { busyDay } from "./support/scene.js";
import { startSandbox } from "./support/sandbox.js";
import { startShop } from "./support/shop.js";

/** What is done in a view before it is looked at. */
const choose = async (page) => {
  await page.locator("main tbody button.plain").first().click();
  await page.locator("main .detail h2").first().waitFor();
};
const refused = async (page) => {
  await page.getByRole("row").filter({ hasText: "topup_ewallet" }).filter({ hasText: "refused" }).getByRole("button").click();
  await page.getByText("What the sandbox signed").waitFor();
};
const look = async () => {};
const open = async (page) => {
  await page.locator("main summary").last().click();
  await page.getByLabel("Come again, %").waitFor();
};
const VIEWS = {
  requests: look,
  "requests refused": refused,
  deliveries: look,
  "deliveries chosen": choose,
  "deliveries chaos": open,
  payments: look,
  "payments/payment_link_attempts": look,
  "payments/settlements": look,
  payouts: look,
  accounts: (page) => page.locator("svg.chart").waitFor(),
  tokens: look,
  clock: look,
  faults: look,
  audit: (page) => page.getByText("Everything adds up").waitFor(),
};

let [browser, shop, sandbox] = [];

before(async () => {
  [browser, shop] = await Promise.all([launch(), startShop()]);
  sandbox = await startSandbox("--webhook", `all=${shop.url}`);
  shop.status = 500;
  await busyDay(sandbox);
});

after(async () => {
  await Promise.all([browser?.close(), sandbox?.stop()]);
  shop?.stop();
});

for (const scheme of SCHEMES) {
  for (const width of WIDTHS) {
    test(`every view, ${scheme}, ${width} px`, async () => {
      const { page, problems, close } = await openPage(browser, sandbox.console, { scheme, width });
      for (const [view, prepare] of Object.entries(VIEWS)) {
        await page.goto(`${sandbox.console}#${view.split(" ")[0]}`);
        await page.locator("main h1").waitFor();
        const full = ["audit"].includes(view) ? "main dl" : "main tbody tr";
        await page.locator(full).first().waitFor();
        await prepare(page);
        await assertAccessible(page, `${view}, ${scheme}, ${width} px`);
        await assertFits(page, view);
        await shoot(page, `console-${view.replaceAll(/[ /]/g, "-")}-${scheme}-${width}`);
      }
      assert.deepEqual(problems, []);
      await close();
    });
  }
}
