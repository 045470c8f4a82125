// Chromium of the system, and pages that tell everything that went wrong in them.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const axe = readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export const SCHEMES = ["light", "dark"];
export const WIDTHS = [390, 1280];

/** With a profile of its own that is empty, and gone with it. */
export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** A page. `problems` holds errors of scripts, refusals of the policy, and requests that left for elsewhere. */
export async function openPage(browser, url, { scheme = "light", width = 1280, ...options } = {}) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const problems = [];
  const { origin } = new URL(url);
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("request", (request) => new URL(request.url()).origin === origin || problems.push(`elsewhere: ${request.url()}`));
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}

/** Fails for what axe finds at level AA. */
export async function assertAccessible(page, what) {
  // Evaluated by the debugger, where the page's policy does not reach.
  await page.evaluate(await axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }), LEVELS);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} ${any.map(({ message }) => message)}`).slice(0, 3).join(" | ")}`);
  assert.deepEqual(told, [], what);
}

/** A picture for people, where `SHOTS` names a folder. */
export async function shoot(page, name) {
  const folder = process.env.SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

/** Fails where something is wider than the window. */
export async function assertFits(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${what} is ${over} px too wide`);
}
