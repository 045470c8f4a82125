// Times are told in WIB, amounts in whole rupiah.
import { element } from "./dom.js";

const ZONE = "Asia/Jakarta";
const whole = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const brief = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const hours = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const grouped = new Intl.NumberFormat("id-ID");

export const wib = (millis) => `${whole.format(millis).replace(",", "")} WIB`;

/** A time as an element; the Unix value shows on hover. */
export function time(millis, full = false) {
  if (millis === undefined || millis === null) return "";
  return stamp(millis, full ? wib(millis) : brief.format(millis).replace(",", ""));
}

/** Only the time of day, for what has just happened. */
export const moment = (millis) => stamp(millis, hours.format(millis));

function stamp(millis, text) {
  return element("time", { datetime: new Date(millis).toISOString(), title: `${wib(millis)}, Unix ${millis / 1000}` }, text);
}

export function rupiah(amount) {
  if (amount === undefined || amount === null) return "";
  return `${amount < 0 ? "-" : ""}Rp ${grouped.format(Math.abs(amount))}`;
}

/** A span of time in its two largest units. */
export function span(millis) {
  const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1_000]];
  let rest = Math.max(0, millis);
  const parts = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

/** `payment_links` as words. */
export const words = (name) => name.replaceAll("_", " ");

/** JSON indented; other texts as they are. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
