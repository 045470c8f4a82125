// Chaos: webhooks that come twice, late and in any order.
import { ask, commandButton } from "./api.js";
import { element } from "./dom.js";
import { span } from "./format.js";

const SECOND = 1_000;

/** Settings in a box of their own; `refresh` tells in its title whether chaos reigns. */
export function chaos() {
  const number = (value, members = {}) => element("input", { type: "number", min: "0", value, ...members });
  const [seed, duplicates] = [number("7"), number("50", { max: "100" })];
  const [reorder, delay] = ["5", "60"].map((seconds) => number(seconds, { step: "any" }));
  const state = element("span", { class: "badge" });
  const given = (input, unit = 1) => Math.round((input.valueAsNumber || 0) * unit);
  const order = () => ({
    path: "/chaos",
    body: { seed: given(seed), duplicates_percent: given(duplicates), reorder_ms: given(reorder, SECOND), delay_ms: given(delay, SECOND) },
  });
  const box = element("details", {},
    element("summary", {}, "Twice, late and in any order: ", state),
    element("div", { class: "bar" },
      element("label", {}, "Come again, %", duplicates),
      element("label", {}, "Swap within, seconds", reorder),
      element("label", {}, "Late by up to, seconds", delay),
      element("label", {}, "Seed", seed),
      commandButton("Set", order, "chaos"),
      commandButton("End", { method: "DELETE", path: "/chaos" }, "chaos")));
  return {
    box,
    async refresh() {
      const text = told(await ask("/chaos"));
      if (state.textContent === text) return;
      state.textContent = text;
      state.classList.toggle("doubt", text !== "off");
    },
  };
}

function told({ seed, duplicates_percent: percent, reorder_ms: reorder, delay_ms: delay }) {
  if (seed === undefined) return "off";
  const within = (millis) => (millis < SECOND ? `${millis} ms` : span(millis));
  const parts = [
    percent > 0 && `${percent} % come again`,
    reorder > 0 && `swapped within ${within(reorder)}`,
    delay > 0 && `late by up to ${within(delay)}`,
  ];
  return `${parts.filter(Boolean).join(", ") || "nothing but a seed"} (seed ${seed})`;
}
