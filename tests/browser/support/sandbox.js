// The sandbox as a process of its own, and the command as its client.
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const PROGRAM = process.env.SINGAPAY_PROGRAM ?? `${root}target/debug/singapay`;

/** Starts `singapay sandbox`, on a free port unless told otherwise; `options` are its own. */
export async function startSandbox(...options) {
  const port = options.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(PROGRAM, ["sandbox", "--print-env", "json", ...port, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const first = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (status) => reject(new Error(`${PROGRAM} ended with ${status}`)));
  });
  const variables = JSON.parse(await first);
  return new Sandbox(child, ended, variables);
}

class Sandbox {
  #child;
  #ended;

  constructor(child, ended, variables) {
    this.#child = child;
    this.#ended = ended;
    this.variables = variables;
    this.url = variables.SINGAPAY_BASE_URL;
    this.console = `${this.url}/_sandbox/console`;
  }

  /** An operation through the SDK; gives the data of its answer. */
  async call(product, verb, ...fields) {
    const env = { PATH: process.env.PATH, ...this.variables };
    const { stdout } = await promisify(execFile)(PROGRAM, ["call", product, verb, "--json", ...fields], { env });
    return JSON.parse(stdout).data;
  }

  /** A payout through the SDK. */
  payOut(product, verb, ...fields) {
    return this.call(product, verb, "--pay-out", "--yes", "--max-amount", "1000000000", ...fields);
  }

  /** The admin side, as curl would ask it. */
  async admin(path, body, method = body === undefined ? "GET" : "POST") {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const answer = await fetch(`${this.url}/_sandbox${path}`, { method, ...sent });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  stop() {
    this.#child.kill("SIGTERM");
    return this.#ended;
  }
}
