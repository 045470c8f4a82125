// The sandbox's clock: its time on every page, and how it is moved.
import { ask, commandButton } from "./api.js";
import { element } from "./dom.js";
import { time } from "./format.js";

const MINUTE = 60_000;
const clock = { now_millis: Date.now(), frozen: false };

export const now = () => clock.now_millis;

/** The command that moves the clock to a time, from wherever it is then. */
export const jump = (atMillis) => () => ({ path: "/clock", body: { advance_ms: Math.max(0, atMillis - now()) } });

const advance = (millis) => ({ path: "/clock", body: { advance_ms: millis } });

export const steps = [["+1 min", MINUTE], ["+1 h", 60 * MINUTE], ["+1 day", 1440 * MINUTE]];

const bar = document.getElementById("clockbar");
const shown = element("span");
const [freeze, resume] = [["Freeze", true], ["Resume", false]].map(([label, frozen]) => commandButton(label, { path: "/clock", body: { frozen } }));
bar.append(shown, freeze, resume, ...steps.map(([label, millis]) => commandButton(label, advance(millis), "clock")));

/** Gives the run: another one after every start of the sandbox. */
export async function refresh() {
  Object.assign(clock, await ask("/clock"));
  shown.replaceChildren(time(clock.now_millis, true), clock.frozen ? element("span", { class: "badge doubt" }, " frozen") : "");
  const [offered, other] = clock.frozen ? [resume, freeze] : [freeze, resume];
  const focused = document.activeElement === other;
  [offered.hidden, other.hidden] = [false, true];
  if (focused) offered.focus();
  return clock.run;
}
