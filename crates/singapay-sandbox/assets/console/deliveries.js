// Webhooks: what was sent, what was answered, what comes next.
import { ask, commandButton } from "./api.js";
import { chaos } from "./chaos.js";
import { cells, code, cut, element, facts, head, table } from "./dom.js";
import { moment, pretty, span, time, words } from "./format.js";
import { jump, now } from "./clockbar.js";

const KEPT = 200;
const AT_ONCE = 100;
const COLUMNS = ["Time", "State", "Event", "#Attempts", "#Answered", "Actions", "Kind"];
const ATTEMPTS = ["Time", "#Status", "Answer"];
const MANNER = { waiting: "doubt", delivered: "good", given_up: "bad" };
const KINDS = ["transaction", "disbursement", "payment_link_inquiry", "transaction_expiration", "product_expiration", "settlement", "direct_debit", "subscription_cycle"];

const state = ({ state }) => element("span", { class: `badge ${MANNER[state] ?? ""}` }, words(state));
const answered = (attempt) => (attempt ? String(attempt.status ?? "no answer") : "");
const replay = ({ id }) => commandButton("Replay", { path: `/deliveries/${id}/replay` }, `delivery ${id}`);

export function deliveries(main) {
  let known = new Map();
  let chosen;
  const list = table("Deliveries, newest first", COLUMNS, "Nothing was sent yet. Without an address, nothing ever is.");
  const detail = element("section", { class: "detail", hidden: true, "aria-label": "Delivery" });
  const split = element("div", { class: "split" }, list.box, detail);
  const treatment = chaos();
  main.append(
    head("Deliveries", "Webhooks, signed and sent to the addresses that were given, and how often each was tried.", "/deliveries"),
    addresses(),
    treatment.box,
    split,
  );

  function row(delivery) {
    const open = () => choose(delivery.id);
    const first = delivery.attempts[0]?.at_millis;
    const button = element("button", { type: "button", class: "plain mono", "aria-expanded": String(delivery.chosen), onclick: open }, first ? moment(first) : "not yet");
    const values = [button, state(delivery), cut(delivery.event || "test"), String(delivery.attempts.length), answered(delivery.attempts.at(-1)), replay(delivery), words(delivery.kind)];
    return element("tr", { class: delivery.chosen ? "pick chosen" : "pick", onclick: (event) => event.target.closest("button") ?? open() }, cells(COLUMNS, values));
  }

  function draw() {
    const newest = [...known.values()].reverse();
    list.rows.show(newest.map((delivery) => ({ ...delivery, chosen: delivery.id === chosen })), (delivery) => delivery.id, row);
  }

  let shown;
  /** Asks for the chosen one again only when something happened to it. */
  async function describeChosen(focus) {
    const delivery = known.get(chosen);
    const text = JSON.stringify(delivery);
    if (text === shown) return;
    shown = text;
    split.classList.toggle("open", delivery !== undefined);
    detail.hidden = delivery === undefined;
    if (!delivery) return;
    const [all, agenda] = await Promise.all([ask(`/deliveries/${delivery.id}`), delivery.state === "waiting" ? ask("/agenda?limit=1000") : []]);
    const next = agenda.find(({ event, subject }) => ["delivery", "retry"].includes(event) && subject === String(delivery.id));
    if (chosen !== delivery.id) return;
    detail.replaceChildren(...describe(all, next?.at_millis, () => choose()));
    if (focus) detail.querySelector("h2").focus();
  }

  function choose(id) {
    chosen = id;
    draw();
    return describeChosen(true);
  }

  return {
    async refresh() {
      // What waits may have changed; what ended never does.
      const newest = Math.max(0, ...known.keys());
      const waiting = [...known.values()].filter(({ state }) => state === "waiting").map(({ id }) => id);
      const after = Math.min(newest, ...waiting.map((id) => id - 1));
      const since = newest === 0 ? "" : `&after=${after}`;
      const [fresh] = await Promise.all([ask(`/deliveries?limit=${AT_ONCE}${since}`), treatment.refresh()]);
      for (const delivery of fresh) known.set(delivery.id, delivery);
      known = new Map([...known].sort(([a], [b]) => a - b).slice(-KEPT));
      draw();
      await describeChosen(false);
    },
    restart() {
      known = new Map();
      choose();
    },
  };
}

function describe(delivery, next, close) {
  const attempts = table("Attempts", ATTEMPTS, "Not tried yet.");
  const rows = delivery.attempts.map((attempt, at) => ({ ...attempt, at, answer: delivery.answers?.[at] ?? "" }));
  attempts.rows.show(rows, ({ at }) => at, (attempt) => element("tr", {}, cells(ATTEMPTS, [time(attempt.at_millis, true), answered(attempt), cut(attempt.answer)])));
  const headers = Object.entries(delivery.headers ?? {}).map(([name, value]) => `${name}: ${value}`).join("\n");
  return [
    element("header", {}, element("h2", { tabindex: "-1" }, `Delivery ${delivery.id}: ${delivery.event || "test"}`), element("button", { type: "button", onclick: close }, "Close")),
    facts([
      ["State", state(delivery)],
      ["Kind", words(delivery.kind)],
      ["Sent to", delivery.url],
      ["Signed for", delivery.endpoint],
      ["Next attempt", next && element("span", {}, time(next, true), ` in ${span(next - now())} `, commandButton("Jump there", jump(next), "next attempt"))],
    ].filter(([, value]) => value)),
    element("p", { class: "actions" }, replay(delivery)),
    element("h3", {}, "Attempts"),
    attempts.box,
    element("h3", {}, "Body"),
    code(pretty(delivery.body), "Body"),
    ...(headers ? [element("h3", {}, "Headers"), code(headers, "Headers")] : []),
  ];
}

/** Addresses of the Default credential, as in the dashboard. */
function addresses() {
  const kind = element("select", {}, KINDS.map((name) => element("option", { value: name }, words(name))));
  const url = element("input", { type: "url", class: "wide", placeholder: "http://127.0.0.1:3000/hooks" });
  const set = (address) => () => ({ path: `/webhooks/${kind.value}`, body: { url: address() } });
  return element("details", {},
    element("summary", {}, "Where webhooks go"),
    element("div", { class: "bar" },
      element("label", {}, "Kind", kind),
      element("label", {}, "Address", url),
      commandButton("Set", set(() => url.value), "address"),
      commandButton("Remove", set(() => null), "address"),
      commandButton("Send a test", () => ({ path: `/webhooks/${kind.value}/test` }))));
}
