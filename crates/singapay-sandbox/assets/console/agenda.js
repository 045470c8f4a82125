// The clock: freeze it, move it, or jump to what comes next.
import { ask, commandButton } from "./api.js";
import { cells, cut, element, head, table } from "./dom.js";
import { span, time, words } from "./format.js";
import { jump, now, steps } from "./clockbar.js";

const COLUMNS = ["Time", "In", "Jump", "What", "To"];
const NEXT = ["retry", "expiry", "settlement", "payout"];
const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

export function agenda(main) {
  const amount = element("input", { type: "number", min: "0", step: "any", value: "1" });
  const unit = element("select", {}, Object.keys(UNITS).map((name) => element("option", { selected: name === "hours" }, name)));
  const jumps = element("div", { class: "bar" });
  const list = table("What happens by itself, soonest first", COLUMNS, "Nothing is planned.");
  main.append(
    head("Clock", "Everything here lives on the sandbox's clock. What falls due on the way happens in order, and webhooks are answered before time goes on.", "/agenda"),
    element("div", { class: "bar" },
      commandButton("Freeze", { path: "/clock", body: { frozen: true } }),
      commandButton("Resume", { path: "/clock", body: { frozen: false } }),
      steps.map(([label, millis]) => commandButton(label, { path: "/clock", body: { advance_ms: millis } })),
      element("label", {}, "Advance by", element("span", { class: "actions" }, amount, unit)),
      // What is no time to go forward is refused by the sandbox, and seen to be.
      commandButton("Advance", () => ({ path: "/clock", body: { advance_ms: Math.round(amount.valueAsNumber * UNITS[unit.value]) } }))),
    jumps,
    list.box,
  );
  let upcoming = [];
  // The buttons stay; where they lead is looked up when they are pressed.
  const first = (event) => upcoming.find((each) => each.event === event);
  const buttons = NEXT.map((event) => [event, commandButton(`Jump to the next ${event}`, () => jump(first(event)?.at_millis ?? now())())]);
  jumps.append(...buttons.map(([, button]) => button));

  function row(entry) {
    return element("tr", {}, cells(COLUMNS, [time(entry.at_millis), entry.left, commandButton("Jump", jump(entry.at_millis), `to ${words(entry.event)} ${entry.subject ?? ""}`), words(entry.event), cut(entry.subject)]));
  }

  return {
    async refresh() {
      upcoming = await ask("/agenda?limit=200");
      for (const [event, button] of buttons) button.disabled = first(event) === undefined;
      const shown = upcoming.slice(0, 100).map((entry) => ({ ...entry, left: span(entry.at_millis - now()) }));
      list.rows.show(shown, ({ at_millis, event, subject }) => `${at_millis} ${event} ${subject}`, row);
    },
  };
}
