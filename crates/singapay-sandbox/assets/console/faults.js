// Faults: what goes wrong, at which operation and point, and how often it did.
import { ask, commandButton } from "./api.js";
import { cells, cut, element, head, table } from "./dom.js";
import { words } from "./format.js";

const POINTS = ["before_commit", "after_commit", "during_response"];
const ANY = "any operation";
const COLUMNS = ["Operation", ...POINTS.map(words)];
const PLANNED = ["Operation", "Point", "Action", "Reference", "#Left alone", "#Struck", "#To come", "Actions"];
const UNTIL_SWITCHED_OFF = 4_294_967_295;

/** Actions with the members that they are made of; the number means something else in each. */
const ACTIONS = {
  "reset the connection": () => "reset",
  "truncate the answer": () => "truncate",
  "HTTP 502 with a page": () => "html502",
  "redirect with 307": () => "redirect",
  "answer this status": (number) => ({ status: number ?? 500 }),
  "delay by milliseconds": (number) => ({ delay_millis: number ?? 5000 }),
  "HTTP 429, retry after seconds": (number) => ({ too_many_requests: { retry_after: number ?? 5 } }),
  "refuse with code SP501": () => ({ wrong_code: "SP501" }),
};

export function faults(main) {
  const action = element("select", {}, Object.keys(ACTIONS).map((name) => element("option", {}, name)));
  const number = (hint) => element("input", { type: "number", min: "0", placeholder: hint });
  const [value, skip, times] = [number("usual"), number("0"), number("all")];
  const reference = element("input", { type: "text", placeholder: "any" });
  const filter = element("input", { type: "search", oninput: () => drawSwitches() });
  const switches = table("Switches by operation and point", COLUMNS, "No operation has this name.");
  const planned = table("Faults to come", PLANNED, "Nothing goes wrong.");
  let operations = [];
  let [active, struck] = [[], []];
  main.append(
    head("Faults", "A switch lets every request of an operation go wrong at a point, until it is switched off. The number beside it counts what was struck.", "/faults"),
    element("div", { class: "bar" },
      element("label", {}, "A switch does this", action),
      element("label", {}, "Number", value),
      element("label", {}, "Only this reference", reference),
      element("label", {}, "Leave alone first", skip),
      element("label", {}, "Strike so many", times)),
    element("div", { class: "bar" }, element("label", {}, "Filter operations", filter), commandButton("Let nothing go wrong", { method: "DELETE", path: "/faults" })),
    switches.box,
    // It grows with every switch, which would move the switches from under the mouse.
    planned.box,
  );

  const named = ({ operation }) => operation ?? ANY;
  const given = (input) => (Number.isNaN(input.valueAsNumber) ? undefined : Math.round(input.valueAsNumber));

  function fault(operation, point) {
    const body = { point, action: ACTIONS[action.value](given(value)), times: given(times) ?? UNTIL_SWITCHED_OFF };
    if (operation !== ANY) body.operation = operation;
    if (reference.value) body.reference = reference.value;
    if (given(skip)) body.skip = given(skip);
    return { path: "/faults", body };
  }

  /** Switches a fault off where there is one, and on where there is none. */
  const toggle = (operation, point) => () => {
    const on = active.find((each) => named(each) === operation && each.point === point);
    return on ? { method: "DELETE", path: `/faults/${on.id}` } : fault(operation, point);
  };

  function row({ operation, on, counts }) {
    const switchOf = (point, at) => {
      const members = { role: "switch", "aria-checked": String(on[at]), "aria-label": `${operation}, ${words(point)}` };
      const count = counts[at] > 0 ? `${counts[at]} struck` : "";
      return element("span", { class: "actions" }, commandButton(on[at] ? "on" : "off", toggle(operation, point), "", members), count);
    };
    return element("tr", {}, cells(COLUMNS, [element("code", {}, operation), ...POINTS.map(switchOf)]));
  }

  function drawSwitches() {
    const wanted = filter.value.toLowerCase();
    const isOn = (operation) => POINTS.map((point) => active.some((each) => named(each) === operation && each.point === point));
    const count = (operation) => POINTS.map((point) => struck.find((each) => each.operation === operation && each.point === point)?.count ?? 0);
    const rows = [ANY, ...operations].filter((operation) => operation.includes(wanted)).map((operation) => ({ operation, on: isOn(operation), counts: count(operation) }));
    switches.rows.show(rows, ({ operation }) => operation, row);
  }

  function plannedRow(each) {
    const left = each.times === UNTIL_SWITCHED_OFF - each.struck ? "all" : String(each.times);
    const text = typeof each.action === "string" ? each.action : JSON.stringify(each.action);
    const take = commandButton("Take away", { method: "DELETE", path: `/faults/${each.id}` }, `fault ${each.id}`);
    return element("tr", {}, cells(PLANNED, [element("code", {}, named(each)), words(each.point), cut(text), cut(each.reference ?? "any"), String(each.skip), String(each.struck), left, take]));
  }

  return {
    async refresh() {
      if (operations.length === 0) operations = (await ask("")).operations.map(({ id }) => id).sort();
      [active, struck] = await Promise.all([ask("/faults"), ask("/faults/struck")]);
      planned.rows.show(active, ({ id }) => id, plannedRow);
      drawSwitches();
    },
  };
}
