// Elements made of data. Text goes in as text, never as markup.

/** An element; members that begin with `on` are listeners. */
export function element(tag, members = {}, ...children) {
  return fill(document.createElement(tag), members, children);
}

export function svg(tag, members = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), members, children);
}

function fill(node, members, children) {
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
  return node;
}

/** A long text in one line; the whole of it shows on hover. */
export const cut = (text = "") => element("span", { class: "cut", title: text }, text);

/** Title, one sentence, and the command line that asks for the same. */
export function head(title, sentence, source) {
  return element("div", { class: "head" },
    element("h1", { tabindex: "-1" }, title),
    element("p", {}, sentence),
    source && element("code", { class: "source" }, `curl ${location.origin}/_sandbox${source}`));
}

export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return element("dl", { class: "facts" }, known.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

export const code = (text, label) => element("pre", { tabindex: "0", role: "region", "aria-label": label }, text);

/** A table in a box of its own that scrolls. Columns that begin with `#` hold numbers. */
export function table(caption, columns, empty) {
  const body = element("tbody");
  const none = element("p", { class: "empty" }, empty);
  const title = (name) => element("th", { scope: "col", class: name.startsWith("#") && "number" }, name.replace("#", ""));
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, columns.map(title))), body),
    none);
  return { box, rows: new Rows(body, none) };
}

/** A row's cells by their columns; one that begins with a number stays on one line. */
export function cells(columns, values) {
  return values.map((value, at) => element("td", { class: columns[at].startsWith("#") && "number" }, value));
}

/** Rows that are drawn anew only where what they tell has changed, so that focus and selection stay. */
class Rows {
  constructor(body, none) {
    this.body = body;
    this.none = none;
    this.known = new Map();
  }

  /** `draw` makes a row of an item; the same `version` looks the same. */
  show(items, key, draw, version = JSON.stringify) {
    const wanted = new Set(items.map((item) => String(key(item))));
    for (const [id, { row }] of this.known) if (!wanted.has(id)) row.remove();
    const shown = new Map();
    let place = this.body.firstChild;
    for (const item of items) {
      const [id, text] = [String(key(item)), version(item)];
      const old = this.known.get(id);
      const row = old?.text === text ? old.row : draw(item);
      if (old && row !== old.row) {
        if (place === old.row) place = row;
        exchange(old.row, row);
      }
      if (row === place) place = place.nextSibling;
      else this.body.insertBefore(row, place);
      shown.set(id, { row, text });
    }
    this.known = shown;
    this.none.hidden = items.length > 0;
  }
}

const CONTROLS = "button, a, input, select";

function exchange(old, row) {
  const at = [...old.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
  old.replaceWith(row);
  if (at >= 0) row.querySelectorAll(CONTROLS)[at]?.focus();
}
