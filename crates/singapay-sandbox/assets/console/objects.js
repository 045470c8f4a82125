// Payments and payouts: their states, and what can be done to each.
import { ask, commandButton } from "./api.js";
import { cells, cut, element, head, table } from "./dom.js";
import { rupiah, span, time, words } from "./format.js";
import { jump, now } from "./clockbar.js";

const ROWS = 50;
const COLUMNS = ["Reference", "#Amount", "Status", "Actions", "By itself", "About", "Made"];
const TEXTS = {
  in: ["Payments", "Money that customers bring. Be the customer, the bank or the clock."],
  out: ["Payouts", "Money that goes out. Be the bank, the wallet or the machine that decides."],
};
/** Kinds whose words need more than small letters. */
const NAMES = { va_transactions: "VA transfers", qris: "QRIS", ewallets: "e-wallets" };
const GOOD = ["paid", "success", "settled", "active", "completed", "closed"];
const BAD = ["failed", "expired", "cancelled", "canceled", "refunded", "unbound", "used up", "inactive", "suspended"];

function manner(status) {
  const word = status.toLowerCase();
  if (GOOD.includes(word)) return "good";
  return BAD.includes(word) ? "bad" : "doubt";
}

/** A view of the kinds whose money goes one way. */
export const objects = (flow) => (main, wanted) => {
  const [title, sentence] = TEXTS[flow];
  const address = title.toLowerCase();
  let kind = wanted;
  let before = [];
  const source = element("code", { class: "source" });
  const tabs = element("ul", { class: "tabs" });
  const list = table(title, COLUMNS, "There are none.");
  const older = element("button", { type: "button", onclick: () => turn(true) }, "Older");
  const newer = element("button", { type: "button", onclick: () => turn(false) }, "Newer");
  const top = head(title, sentence);
  top.append(source);
  const turning = element("p", { class: "bar" }, newer, older);
  main.append(top, element("nav", { "aria-label": "Kinds" }, tabs), list.box, turning);
  let shown = [];
  let drawn;

  function drawTabs(kinds) {
    const text = JSON.stringify([kind, kinds]);
    if (text === drawn) return;
    drawn = text;
    const focused = tabs.contains(document.activeElement) && document.activeElement.hash;
    tabs.replaceChildren(...kinds.map(({ kind: name, count }) =>
      element("li", {}, element("a", { href: `#${address}/${name}`, "aria-current": name === kind && "page" }, `${NAMES[name] ?? words(name)} `, element("span", { class: "muted" }, String(count))))));
    if (focused) tabs.querySelector(`a[href="${focused}"]`)?.focus();
  }

  function turn(further) {
    if (further) before.push(shown.at(-1).row);
    else before.pop();
    return refresh();
  }

  function row(object) {
    const { next } = object;
    const name = object.reference ?? object.id;
    const ahead = next && element("span", { class: "actions" }, `${words(next.event)} in ${object.left} `, commandButton("Jump", jump(next.at_millis), `to the ${words(next.event)} of ${name}`));
    const page = object.page?.startsWith("http") && element("a", { href: object.page, target: "_blank", rel: "noopener" }, "page", element("span", { class: "hidden" }, ` of ${name}`));
    const values = [
      element("span", {}, cut(name), object.reference && element("span", { class: "cut muted mono", title: object.id }, object.id)),
      rupiah(object.amount),
      element("span", { class: `badge ${manner(object.status)}` }, object.status.toLowerCase()),
      element("span", { class: "actions" }, object.actions.map(({ name: deed, path, body }) => commandButton(deed, { path, body }, name)), page || null),
      ahead || "",
      cut(object.about),
      time(object.at_millis),
    ];
    return element("tr", {}, cells(COLUMNS, values));
  }

  async function refresh() {
    const kinds = (await ask("/objects")).filter((each) => each.flow === flow);
    kind = kinds.some((each) => each.kind === kind) ? kind : (kinds.find(({ count }) => count > 0) ?? kinds[0]).kind;
    const since = before.at(-1);
    const path = `/objects/${kind}?limit=${ROWS}${since === undefined ? "" : `&before=${since}`}`;
    source.textContent = `curl '${location.origin}/_sandbox${path}'`;
    shown = await ask(path);
    drawTabs(kinds);
    const left = ({ next }) => next && span(next.at_millis - now());
    list.rows.show(shown.map((object) => ({ ...object, left: left(object) })), (object) => object.row, row);
    older.disabled = shown.length < ROWS;
    newer.disabled = before.length === 0;
    turning.hidden = older.disabled && newer.disabled;
  }

  return { refresh, restart: () => (before = []) };
};
