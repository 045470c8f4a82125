// The admin side: what it is asked, what it is told to do, and the command lines of both.
import { element } from "./dom.js";

const BASE = "/_sandbox";
const HISTORY = 30;

/** The sandbox could not be reached. */
export class Away extends Error {}

/** Asks; fails where the sandbox cannot be reached or refuses. */
export async function ask(path) {
  const asked = fetch(BASE + path, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  const answer = await asked.catch((error) => {
    throw new Away(error.message);
  });
  if (!answer.ok) throw new Error(await refusal(answer));
  return answer.json();
}

async function refusal(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text || `HTTP ${answer.status}`;
  }
}

/** A command is method, path and, where it has one, a body. */
export function line({ method = "POST", path, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const verb = method === "GET" ? "" : `-X ${method} `;
  const sent = body === undefined ? "" : ` -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
  return `curl ${verb}${location.origin}${BASE}${path}${sent}`;
}

const place = (id) => document.getElementById(id);
let afterwards = () => {};

/** Is called after every command. */
export function whenDone(call) {
  afterwards = call;
}

/** Carries a command out, and tells its command line and what became of it. */
async function run(command, name) {
  const { method = "POST", path, body } = command;
  preview(command);
  let told;
  try {
    const sent = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(BASE + path, { method, ...sent });
    told = answer.ok ? "done" : await refusal(answer);
  } catch {
    told = "the sandbox cannot be reached";
  }
  const good = told === "done";
  place("result").replaceChildren(element("span", { class: `badge ${good ? "good" : "bad"}` }, `${name}: ${told}`));
  const history = place("history");
  history.prepend(element("li", {}, element("code", {}, line(command)), " ", element("span", { class: good ? "good" : "bad" }, told)));
  while (history.children.length > HISTORY) history.lastChild.remove();
  await afterwards();
  return good;
}

function preview(command) {
  place("line").textContent = line(command);
}

/** A button that runs a command. Its command line shows as soon as it is pointed at or focused. */
export function commandButton(label, command, context = "", members = {}) {
  const now = typeof command === "function" ? command : () => command;
  const show = () => preview(now());
  const spoken = members["aria-label"] ?? [label, context].filter(Boolean).join(", ");
  return element("button", { type: "button", onclick: () => run(now(), spoken), onfocus: show, onpointerenter: show, ...members },
    label, context && element("span", { class: "hidden" }, ` ${context}`));
}

place("copy").addEventListener("click", async () => {
  const text = place("line").textContent;
  try {
    await navigator.clipboard.writeText(text);
    place("result").textContent = "Copied";
  } catch {
    // Without permission the line is selected instead.
    getSelection().selectAllChildren(place("line"));
  }
});
