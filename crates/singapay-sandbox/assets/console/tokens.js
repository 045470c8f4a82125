// Tokens that were given out; only their last characters are told.
import { ask } from "./api.js";
import { cells, cut, element, head, table } from "./dom.js";
import { span, time } from "./format.js";
import { now } from "./clockbar.js";

const COLUMNS = ["Token", "Host", "Credential", "State", "Ends"];

export function tokens(main) {
  const list = table("Tokens, newest first", COLUMNS, "No token was given out yet.");
  main.append(head("Tokens", "Bearer tokens, newest first. The sandbox shows their last six characters only.", "/tokens"), list.box);

  function row(token) {
    const state = token.live ? element("span", { class: "badge good" }, `live, ${token.left} left`) : element("span", { class: "badge muted" }, "ended");
    const name = element("code", {}, token.token);
    return element("tr", {}, cells(COLUMNS, [name, token.host, cut(token.credential ?? ""), state, time(token.expires_at_millis)]));
  }

  return {
    async refresh() {
      const told = await ask("/tokens?limit=100");
      const left = (token) => span(Math.ceil((token.expires_at_millis - now()) / 60_000) * 60_000);
      list.rows.show(told.map((token) => ({ ...token, left: left(token) })), (token) => token.row, row);
    },
  };
}
