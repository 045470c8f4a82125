// The books, added up again. Everything is walked through, so this happens only when it is asked for.
import { ask } from "./api.js";
import { element, facts, head } from "./dom.js";
import { rupiah, time } from "./format.js";
import { now } from "./clockbar.js";

const SUMS = [
  ["In all accounts", "in_accounts"],
  ["Opening balances", "opened"],
  ["Collected, less fees and refunds", "collected"],
  ["Paid out, fees included", "paid_out"],
  ["Paid to billers", "billed"],
  ["Identity checks", "checked"],
];

export function audit(main) {
  const result = element("section", { class: "detail", "aria-live": "polite", "aria-label": "Result" });
  const add = async () => {
    const books = await ask("/audit");
    const wrong = books.violations;
    const verdict = wrong.length === 0 ? element("p", { class: "badge good" }, "Everything adds up") : element("p", { class: "badge bad" }, `${wrong.length} things do not add up`);
    result.replaceChildren(
      verdict,
      element("ul", {}, wrong.map((text) => element("li", {}, text))),
      facts([...SUMS.map(([name, member]) => [name, rupiah(books[member])]), ["Added up", time(now(), true)]]),
    );
  };
  main.append(
    head("Audit", "Adds everything up from other records than those that balances are kept in.", "/audit"),
    element("div", { class: "bar" }, element("button", { type: "button", onclick: add }, "Add up again")),
    result,
  );
  let begun = false;
  return {
    async refresh() {
      if (begun) return;
      begun = true;
      await add();
    },
    restart: () => (begun = false),
  };
}
