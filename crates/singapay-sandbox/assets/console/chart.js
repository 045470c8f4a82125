// A balance over time, as steps: it is what it was until the next row of the statement.
import { svg } from "./dom.js";
import { rupiah, wib } from "./format.js";

const HEIGHT = 200;
const [LEFT, RIGHT, TOP, BOTTOM] = [8, 8, 22, 24];

/** Points are `{at_millis, balance_after}`, oldest first; `until` is the time now. */
export function balanceChart(points, until, width) {
  const [first, last] = [points[0], points.at(-1)];
  const amounts = points.map(({ balance_after }) => balance_after);
  const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
  const end = Math.max(until, last.at_millis);
  const scale = (value, from, to, start, size) => start + (to > from ? (value - from) / (to - from) : 0.5) * size;
  const x = (millis) => scale(millis, first.at_millis, end, LEFT, width - LEFT - RIGHT);
  const y = (amount) => HEIGHT - BOTTOM - scale(amount, least, most, 0, HEIGHT - TOP - BOTTOM);
  const steps = points.slice(1).map((point) => `H${x(point.at_millis)}V${y(point.balance_after)}`).join("");
  const label = `Balance from ${rupiah(first.balance_after)} on ${wib(first.at_millis)} to ${rupiah(last.balance_after)} on ${wib(end)}; least ${rupiah(least)}, most ${rupiah(most)}`;
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label },
    svg("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: y(most), y2: y(most) }),
    svg("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: y(least), y2: y(least) }),
    svg("path", { class: "balance", d: `M${x(first.at_millis)} ${y(first.balance_after)}${steps}H${x(end)}` }),
    points.map((point) => svg("circle", { class: "point", cx: x(point.at_millis), cy: y(point.balance_after), r: 2.5 }, svg("title", {}, `${rupiah(point.balance_after)}, ${wib(point.at_millis)}`))),
    svg("text", { x: LEFT, y: y(most) - 6 }, rupiah(most)),
    least < most ? svg("text", { x: LEFT, y: y(least) - 6 }, rupiah(least)) : null,
    svg("text", { x: LEFT, y: HEIGHT - 7 }, wib(first.at_millis)),
    svg("text", { x: width - RIGHT, y: HEIGHT - 7, "text-anchor": "end" }, width > 420 ? wib(end) : "now"));
}
