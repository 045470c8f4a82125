// Which view is open, and the question a second that keeps it up to date.
import { Away, whenDone } from "./api.js";
import { refresh as refreshClock } from "./clockbar.js";
import { accounts } from "./accounts.js";
import { agenda } from "./agenda.js";
import { audit } from "./audit.js";
import { deliveries } from "./deliveries.js";
import { faults } from "./faults.js";
import { objects } from "./objects.js";
import { requests } from "./requests.js";
import { tokens } from "./tokens.js";

const SECOND = 1_000;
const VIEWS = {
  requests,
  deliveries,
  payments: objects("in"),
  payouts: objects("out"),
  accounts,
  tokens,
  clock: agenda,
  faults,
  audit,
};

const main = document.getElementById("main");
const connection = document.getElementById("connection");
let view;
let timer;
let asking;

/** Opens what the address names. A view gives `refresh`, and `restart` where it remembers numbers. */
function open() {
  const [name, wanted] = location.hash.slice(1).split("/");
  const known = Object.hasOwn(VIEWS, name) ? name : "requests";
  for (const link of document.querySelectorAll(".views a")) {
    const here = link.hash === `#${known}`;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    // On a phone the links are one line that scrolls.
    if (here) link.scrollIntoView({ block: "nearest", inline: "center" });
  }
  main.replaceChildren();
  view = VIEWS[known](main, wanted);
  document.title = `${main.querySelector("h1").textContent} – SingaPay sandbox`;
  return tick();
}

/** One question at a time, and none while nobody looks. */
async function tick() {
  clearTimeout(timer);
  const asked = view;
  const mine = (asking = Symbol("question"));
  let told = "";
  try {
    const run = await refreshClock();
    if (mine !== asking || document.hidden) return;
    // Numbers begin again where the sandbox was started anew, however short that took.
    if (asked.run !== undefined && asked.run !== run) asked.restart?.();
    asked.run = run;
    await asked.refresh();
  } catch (error) {
    told = error instanceof Away ? "The sandbox does not answer" : error.message;
    if (!(error instanceof Away)) console.error(error);
  }
  if (mine !== asking) return;
  if (connection.textContent !== told) connection.textContent = told;
  if (!document.hidden) timer = setTimeout(tick, SECOND);
}

addEventListener("hashchange", async () => {
  await open();
  main.querySelector("h1").focus();
});
// Its address would name a view.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else tick();
});
whenDone(tick);
open();
