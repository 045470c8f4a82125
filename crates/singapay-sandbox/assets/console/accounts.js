// Accounts with their balances; of the chosen one the statement, over the sandbox's time.
import { ask, commandButton } from "./api.js";
import { balanceChart } from "./chart.js";
import { cells, cut, element, head, table } from "./dom.js";
import { rupiah, time, words } from "./format.js";
import { now } from "./clockbar.js";

const KEPT = 300;
const COLUMNS = ["Account", "Number", "Credential", "#Available", "#Pending", "#Held", "State"];
const ENTRIES = ["Time", "What", "#Out", "#In", "#Balance", "Transaction"];

export function accounts(main) {
  let chosen;
  let statement;
  const list = table("Accounts", COLUMNS, "There are none.");
  const detail = element("section", { class: "detail", hidden: true, "aria-label": "Statement" });
  main.append(head("Accounts", "Balances as the gateway keeps them, and the rows that moved them.", "/accounts"), element("div", { class: "split" }, list.box, detail));

  function row(account) {
    const open = () => choose(account);
    const button = element("button", { type: "button", class: "plain", "aria-expanded": String(account.chosen), onclick: open }, cut(account.name));
    const name = element("span", {}, button, element("span", { class: "cut muted mono" }, account.id));
    const review = account.kyb_status === "kyb_in_review";
    const state = [account.active ? "active" : "inactive", review ? commandButton("Approve KYB", { path: `/accounts/${account.id}/approve-kyb` }, account.name) : null];
    const values = [name, element("code", {}, account.number), cut(account.credential ?? ""), rupiah(account.available), rupiah(account.pending), rupiah(account.held), element("span", { class: "actions" }, state)];
    return element("tr", { class: account.chosen ? "pick chosen" : "pick", onclick: (event) => event.target.closest("button") ?? open() }, cells(COLUMNS, values));
  }

  function choose(account) {
    chosen = account.id;
    statement = openStatement(detail, account);
    detail.hidden = false;
    detail.querySelector("h2").focus();
    return refresh();
  }

  async function refresh() {
    const told = await ask("/accounts?limit=100");
    if (chosen === undefined && told.length > 0) {
      chosen = told[0].id;
      statement = openStatement(detail, told[0]);
      detail.hidden = false;
    }
    list.rows.show(told.map((account) => ({ ...account, chosen: account.id === chosen })), (account) => account.row, row);
    await statement?.refresh();
  }

  return {
    refresh,
    restart() {
      [chosen, statement] = [undefined, undefined];
      detail.hidden = true;
    },
  };
}

function openStatement(detail, account) {
  let last = 0;
  let known = [];
  let drawnAt = 0;
  const list = table(`Statement of ${account.name}`, ENTRIES, "No row yet.");
  const chart = element("div");
  const path = `/accounts/${account.id}/statement`;
  const source = element("code", { class: "source" }, `curl ${location.origin}/_sandbox${path}`);
  detail.replaceChildren(element("h2", { tabindex: "-1" }, account.name), source, chart, list.box);

  function row(entry) {
    const money = (amount) => (amount > 0 ? rupiah(amount) : "");
    const transaction = element("span", {}, element("span", { class: "cut mono" }, entry.transaction_id), entry.reference && cut(entry.reference));
    return element("tr", {}, cells(ENTRIES, [time(entry.at_millis), words(entry.kind), money(entry.debit), money(entry.credit), rupiah(entry.balance_after), transaction]));
  }

  return {
    async refresh() {
      const told = await ask(`${path}?after=${last}&limit=${KEPT}`);
      last = told.last;
      known = known.concat(told.entries).slice(-KEPT);
      list.rows.show([...known].reverse(), (entry) => entry.row, row, () => "");
      const moved = told.entries.length > 0 || now() - drawnAt > 60_000;
      if (known.length > 0 && moved) {
        drawnAt = now();
        chart.replaceChildren(balanceChart(known, now(), Math.max(280, chart.clientWidth || 640)));
      }
    },
  };
}
