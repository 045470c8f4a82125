// Requests as they come in, with what was made of them and, for a refused signature, what differs.
import { ask } from "./api.js";
import { cells, code, cut, element, facts, head, table } from "./dom.js";
import { moment, pretty, time, words } from "./format.js";

const KEPT = 200;
const AT_ONCE = 100;
const COLUMNS = ["Time", "#Status", "Verdict", "Operation", "Reason"];
const MANNER = { accepted: "good", refused: "bad", faulted: "doubt", no_route: "bad" };
const VERDICTS = Object.keys(MANNER);

const told = ({ operation, method, path }) => operation ?? (method ? `${method} ${path}` : "(unreadable)");
const verdict = ({ verdict = "" }) => element("span", { class: `badge ${MANNER[verdict] ?? ""}` }, words(verdict));

export function requests(main) {
  let last = 0;
  let known = [];
  let chosen;
  const list = table("Requests, newest first", COLUMNS, "No request yet. Point a client at this address.");
  const detail = element("section", { class: "detail", hidden: true, "aria-label": "Request" });
  const split = element("div", { class: "split" }, list.box, detail);
  const filter = element("input", { type: "search", oninput: draw });
  const wanted = element("select", { onchange: draw }, element("option", { value: "" }, "any"), VERDICTS.map((name) => element("option", { value: name }, words(name))));
  const hold = element("button", { type: "button", "aria-pressed": "false", onclick: () => hold.setAttribute("aria-pressed", String(!isHeld())) }, "Hold the list");
  const isHeld = () => hold.getAttribute("aria-pressed") === "true";
  main.append(
    head("Requests", "What reached the gateway: accepted, refused and why. Secrets are masked.", "/requests"),
    element("div", { class: "bar" }, element("label", {}, "Filter", filter), element("label", {}, "Verdict", wanted), hold),
    split,
  );

  function draw() {
    const text = filter.value.toLowerCase();
    const fits = (request) => (!wanted.value || request.verdict === wanted.value) && (!text || JSON.stringify(request).toLowerCase().includes(text));
    list.rows.show(known.filter(fits), (request) => request.id, row, (request) => `${request.id === chosen}`);
  }

  function row(request) {
    const open = () => choose(request);
    const button = element("button", { type: "button", class: "plain mono", "aria-expanded": String(request.id === chosen), onclick: open }, moment(request.at_millis));
    const values = [button, String(request.status), verdict(request), cut(told(request)), cut(request.reason)];
    return element("tr", { class: request.id === chosen ? "pick chosen" : "pick", onclick: (event) => event.target.closest("button") ?? open() }, cells(COLUMNS, values));
  }

  function choose(request) {
    chosen = request?.id;
    split.classList.toggle("open", request !== undefined);
    detail.hidden = request === undefined;
    if (request) {
      detail.replaceChildren(...describe(request, () => choose()));
      detail.querySelector("h2").focus();
    }
    draw();
  }

  return {
    async refresh() {
      if (isHeld()) return;
      const fresh = await ask(`/requests?limit=${AT_ONCE}${last === 0 ? "" : `&after=${last}`}`);
      if (fresh.length === 0) return draw();
      last = fresh.at(-1).id;
      known = fresh.reverse().concat(known).slice(0, KEPT);
      draw();
    },
    restart() {
      [last, known] = [0, []];
      choose();
    },
  };
}

function describe(request, close) {
  const where = request.query ? `${request.path}?${request.query}` : request.path;
  return [
    element("header", {}, element("h2", { tabindex: "-1" }, `Request ${request.id}: ${told(request)}`), element("button", { type: "button", onclick: close }, "Close")),
    facts([
      ["Verdict", verdict(request)],
      ["Reason", request.reason],
      ["Status", String(request.status)],
      ["Sent", request.method && `${request.method} ${where}`],
      ["Time", time(request.at_millis, true)],
      ["Caller", request.caller],
      ["Credential", request.credential],
      ["Behaviour", request.documented_only && "none: answered by the document's example"],
    ].filter(([, value]) => value)),
    ...(request.signature ? signature(request.signature) : []),
    ...body("Request body", request.request_body),
    ...body("Answer body", request.answer_body),
  ];
}

function body(title, text) {
  if (!text) return [];
  return [element("h3", {}, title), code(pretty(text), title)];
}

/** Given and expected side by side, marked from where they part; of the other values the one that differs. */
function signature(values) {
  const { given = "", expected = "", differs = "", ...others } = values;
  const [name, how] = differs.split(/: (.*)/s);
  let same = 0;
  while (same < given.length && given[same] === expected[same]) same += 1;
  const parted = (text) => element("td", {}, text.slice(0, same), same < text.length ? element("mark", {}, text.slice(same)) : null);
  const column = (name) => element("th", { scope: "col" }, name);
  const value = ([each, text]) => [words(each), element("code", {}, each === name ? element("mark", {}, text) : text)];
  return [
    element("h3", {}, "Signature"),
    element("p", { class: "differs bad" }, `What differs: ${words(name)}, ${how}`),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Signatures side by side" },
      element("table", { class: "compare" },
        element("caption", {}, "Side by side"),
        element("thead", {}, element("tr", {}, column("Given"), column("Expected"))),
        element("tbody", {}, element("tr", {}, parted(given), parted(expected))))),
    element("h3", {}, "What the sandbox signed"),
    facts(Object.entries(others).filter(([, text]) => text).map(value)),
  ];
}
