"""Sends the documented operations to a running sandbox and holds every answer to the document.

Usage: run.py PAYMENT BILLER IDENTITY < BANNER, where the documents are what `cargo xtask overlaid`
printed and BANNER what the sandbox printed when it started. Ends non-zero on any violation.
"""

import argparse
import collections
import json
import re
import sys
import time

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks

from examples import Examples
from gateway import SIGNED, Biller, Gateway, Identity, canonical, endpoint

# Answers that every operation can give, whether its description lists them or not.
GENERAL = {401, 403, 404, 405, 422}
CHECKED = ["not_a_server_error", "response_schema_conformance", "content_type_conformance"]
# Objects that PHP writes as a list when they are empty.
PHP_MAPS = {"PlanMetadataExtra"}
# Served and in no document: an older contract deletes QR codes.
BEYOND = {"delete_qris"}
METHODS = {"get", "put", "post", "patch", "delete"}
# Operations that others depend on come first; the rest follows in any order.
FIRST = [
    "create_access_token",
    "create_account",
    "create_payment_link_v1",
    "create_payment_link",
    "create_card_payment",
    "create_virtual_account",
    "transfer_disbursement",
    "get_disbursement_status",
    "topup_ewallet",
    "pay_qris",
    "create_cardless_withdrawal",
    "transfer_between_accounts",
    "list_statements",
    "bind_card",
    "charge_direct_debit",
    "pay_prepaid",
    "create_plan",
]
# Not only 401 to a caller without proof.
TELL_MORE = SIGNED | {"create_biller_token"}
# These answer 500 SP002 to some requests, as was seen live.
FAILS_LIKE_THE_GATEWAY = {"bind_card", "unbind_card"}


class Run:
    def __init__(self, gateway, document, examples_per_operation, budget):
        self.gateway = gateway
        self.per_operation = examples_per_operation
        self.ends = time.monotonic() + budget
        self.examples = Examples(gateway)
        self.examples.send = self.succeed
        self.statuses = collections.defaultdict(collections.Counter)
        self.violations = {}
        self.skipped = set()
        schema = schemathesis.openapi.from_dict(document)
        load_all_checks()
        self.checks = CHECKS.get_by_names(CHECKED)
        self.operations = {}
        for result in schema.get_all_operations():
            operation = result.ok()
            self.operations[operation.definition.raw["operationId"]] = operation

    def violate(self, name, what, detail):
        """Keeps the first of a kind."""
        self.violations.setdefault((name, what), detail)

    def case(self, name, path_parameters=None, query=None, body=None):
        more = {} if body is None else {"body": body, "media_type": "application/json"}
        path = {key: str(value) for key, value in (path_parameters or {}).items()}
        return self.operations[name].Case(path_parameters=path, query=query or {}, **more)

    def send(self, name, case, spoil=None):
        """Sends a case with proof of the caller; `spoil` changes the proof."""
        arguments = case.as_transport_kwargs(base_url=self.gateway.base_url)
        arguments.pop("timeout", None)
        request = requests.Request(
            **{key: value for key, value in arguments.items() if key in REQUEST_ARGUMENTS}
        ).prepare()
        body = request.body.encode() if isinstance(request.body, str) else request.body
        try:
            signed = canonical(json.loads(body)).encode() if body else b""
        except (ValueError, UnicodeEncodeError):
            signed = body
        proof = self.gateway.headers(name, request.method, endpoint(request.url), signed)
        if spoil:
            spoil(proof)
        request.headers.update(proof)
        answer = self.gateway.session.send(request, timeout=20)
        self.statuses[name][answer.status_code] += 1
        self.judge(name, case, answer)
        return answer

    def judge(self, name, case, answer):
        documented = self.operations[name].definition.raw["responses"]
        status = answer.status_code
        if is_business_refusal(answer):
            return
        if str(status) in documented and not has_no_route(answer):
            checks = self.checks
            if status == 500 and name in FAILS_LIKE_THE_GATEWAY:
                checks = [check for check in checks if check.__name__ != "not_a_server_error"]
            try:
                case.validate_response(answer, checks=checks)
            except schemathesis.core.failures.FailureGroup as group:
                for failure in group.exceptions:
                    detail = f"{failure.title}: {failure.message}\n{answer.text[:2000]}"
                    self.violate(name, f"{status} {short(detail)}", detail)
            if answer.ok:
                self.judge_essentials(name, answer)
            return
        if status >= 500 or status < 400 or (status not in GENERAL and status != 400):
            self.violate(name, f"undocumented status {status}", answer.text[:300])
        elif not is_refusal(answer):
            self.violate(name, f"{status} is no refusal of the API", answer.text[:300])

    def judge_essentials(self, name, answer):
        """What a success is useless without must be there, in every row of a list."""
        essential = self.operations[name].definition.raw["x-singapay"].get("essential", [])
        body = answer.json()
        data = body.get("data") if "data" in body else body
        for row in data if isinstance(data, list) else [data]:
            for member in essential:
                if at(row, member) is None:
                    self.violate(name, f"a success without {member}", answer.text[:300])

    def succeed(self, name, request, learn=True):
        """Sends an example, which must succeed."""
        answer = self.send(name, self.case(name, **request))
        if not answer.ok or is_business_refusal(answer):
            raise Failed(f"{answer.status_code} {answer.text[:300]}")
        answer = answer.json()
        if learn:
            self.examples.learn(name, answer)
        return answer

    def examples_work(self):
        rest = sorted(set(self.operations) - set(FIRST))
        for name in [name for name in FIRST if name in self.operations] + rest:
            try:
                self.succeed(name, self.examples.make(name))
            except (Failed, KeyError, AttributeError, IndexError) as error:
                self.violate(name, "its example does not succeed", repr(error))

    def refuses_strangers(self):
        """The examples again, with every way to lack proof; nothing may come of them."""
        count = 0
        for name in sorted(self.operations):
            request = self.example_again(name)
            if request is None:
                continue
            # What was accepted before goes on with time: it stands still meanwhile.
            self.gateway.admin("POST", "/clock", {"frozen": True})
            before = self.gateway.money()
            for what, spoil in spoilers(name):
                answer = self.send(name, self.case(name, **request), spoil)
                count += 1
                if not 400 <= answer.status_code < 500 or (
                    name not in TELL_MORE and answer.status_code != 401
                ):
                    detail = f"{answer.status_code} {answer.text[:300]}"
                    self.violate(name, f"{what} is not refused", detail)
            if self.gateway.money() != before:
                self.violate(name, "money moved on a refused request", "")
            self.gateway.admin("POST", "/clock", {"frozen": False})
        return count

    def example_again(self, name):
        try:
            return self.examples.make(name)
        except (Failed, KeyError, AttributeError, IndexError) as error:
            self.violate(name, "no example", repr(error))

    def holds_for_anything(self):
        """Generated requests, valid and not, most of them near an example."""
        for number, name in enumerate(sorted(self.operations)):
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                if time.monotonic() > self.ends:
                    self.skipped.add(name)
                    continue
                self.explore(name, mode, number)

    def explore(self, name, mode, number):
        operation = self.operations[name]
        can_be_wrong = operation.body or operation.query or operation.path_parameters
        if mode == schemathesis.GenerationMode.NEGATIVE and not can_be_wrong:
            return
        strategy = operation.as_strategy(generation_mode=mode)

        @seed(number)
        @settings(
            max_examples=self.per_operation,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy, near=st.integers(0, 3), pick=st.randoms(use_true_random=False))
        def hold(case, near, pick):
            if near and (example := self.example_again(name)) is not None:
                case = self.mix(name, case, example, pick)
            self.send(name, case)

        try:
            hold()
        except Unsatisfiable:
            # Where any text is allowed, as in a path, there is nothing wrong to send.
            if mode == schemathesis.GenerationMode.POSITIVE:
                self.violate(name, "no request can be generated", "")

    def mix(self, name, case, example, pick):
        """The example with some members of the generated case in their place."""
        path = {key: str(value) for key, value in example.get("path_parameters", {}).items()}
        for key in path:
            if pick.random() < 0.1 and key in (case.path_parameters or {}):
                path[key] = case.path_parameters[key]
        body = example.get("body")
        if isinstance(body, dict) and isinstance(case.body, dict):
            body = dict(body)
            for key in list(case.body):
                if pick.random() < 0.25:
                    body[key] = case.body[key]
            for key in list(body):
                if pick.random() < 0.03:
                    del body[key]
        query = case.query if pick.random() < 0.5 else example.get("query", {})
        return self.case(name, path, query, body)


# What `requests` puts into a request, as opposed to how it sends it.
REQUEST_ARGUMENTS = {"method", "url", "headers", "files", "data", "params", "auth", "cookies", "json"}


class Failed(Exception):
    """An example that did not succeed."""


def short(detail):
    """One line, without values, so that a kind of failure shows once."""
    return re.sub(r"\d+", "N", " ".join(detail.split()))[:110]


def at(value, path):
    """The member at a path with dots."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def is_business_refusal(answer):
    """The biller refuses with HTTP 200 and a code; `01` is accepted and in progress."""
    if answer.status_code != 200:
        return False
    body = answer.json()
    return "command" in body and body.get("response_code") not in ("00", "01") and is_refusal(answer)


def is_refusal(answer):
    """One of the shapes in which the API says no."""
    try:
        body = answer.json()
    except ValueError:
        return False
    if not isinstance(body, dict):
        return False
    if body.get("success") is False:
        error = body.get("error")
        return body.get("status") == answer.status_code and isinstance(error, dict) and "message" in error
    shapes = [
        ("response_code", "response_message"),
        ("command", "response_code", "response_text"),
        ("code", "message"),
    ]
    return any(all(isinstance(body.get(key), str) for key in shape) for shape in shapes)


def has_no_route(answer):
    """What every malformed path is answered with, whichever operation it was meant for."""
    return answer.status_code == 404 and '"The route ' in answer.text and is_refusal(answer)


def spoilers(name):
    def without(*headers):
        return lambda proof: [proof.pop(header, None) for header in headers]

    def replaced(header, value):
        return lambda proof: proof.update({header: value(proof[header])})

    other_end = lambda text: text[:-1] + ("0" if text[-1] != "0" else "1")
    if name == "create_identity_token":
        return  # its proof is its body
    yield "a request without any proof", lambda proof: proof.clear()
    if name not in ("verify_bank_account", "verify_ewallet_account"):
        other = "00000000-0000-4000-8000-000000000000"
        yield "another partner", replaced("X-PARTNER-ID", lambda _: other)
    if name == "create_access_token":
        yield "a wrong signature", replaced("X-Signature", other_end)
        return
    yield "a request without credentials", without("Authorization")
    yield "wrong credentials", replaced("Authorization", lambda text: text[:-2])
    if name in SIGNED:
        yield "an unsigned request", without("X-Signature")
        yield "a signature without its time", without("X-Timestamp")
        yield "a wrong signature", replaced("X-Signature", other_end)
        yield "a signature in upper case", replaced("X-Signature", str.upper)
        yield "another time than was signed", replaced("X-Timestamp", lambda text: str(int(text) - 1))


def read_banner(text):
    """The three hosts, with base URL and credentials."""

    def of(*names):
        values = [re.search(rf"^\s*{name}\s+(\S+)$", text, re.MULTILINE) for name in names]
        if not all(values):
            sys.exit("the sandbox printed no banner")
        return [value.group(1) for value in values]

    (base,) = of("base URL")
    keys = ("partner id", "client id", "client secret")
    return [
        Gateway(base, *of(*keys, "account id")),
        Biller(base, *of(*(f"biller {key}" for key in keys), "biller password")),
        Identity(base, *of("identity client id", "identity client secret")),
    ]


def on_the_wire(schema):
    """The document as the gateway writes it: some values are described by how they are read."""
    if isinstance(schema, list):
        return [on_the_wire(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: on_the_wire(part) for key, part in schema.items()}
    if isinstance(wire := schema.get("x-singapay-wire"), str):
        nullable = ["null"] if "null" in schema.get("type", []) else []
        schema["type"] = wire.split(" or ") + nullable
    if schema.get("x-singapay-type") in PHP_MAPS:
        schema["type"] = [*schema["type"], "array"]
    return schema


def plain(path):
    """Without the names of parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def keep_served(served, document):
    """Leaves in the document what the sandbox serves; gives what that is, by method and path."""
    paths, described = {}, set()
    for path, item in document["paths"].items():
        kept = {
            key: value
            for key, value in item.items()
            if key not in METHODS or (key.upper(), plain(path)) in served
        }
        if METHODS & kept.keys():
            paths[path] = kept
            described |= {(key.upper(), plain(path)) for key in METHODS & kept.keys()}
    document["paths"] = paths
    return described


def main():
    options = argparse.ArgumentParser()
    options.add_argument("documents", nargs=3, help="of the payment, biller and identity host")
    options.add_argument("--examples", type=int, default=40, help="per operation, and twice")
    options.add_argument("--budget", type=float, default=300, help="seconds for generated requests")
    options = options.parse_args()
    started = time.monotonic()
    gateways = read_banner(sys.stdin.read())
    admin = gateways[0].admin
    # What is answered by the document's own examples is no proof of anything.
    rows = [row for row in admin("GET", "")["operations"] if not row["documented_only"]]
    served = {(row["method"], plain(row["path"])): row["id"] for row in rows}
    undescribed, runs, strangers = dict(served), [], 0
    for gateway, name in zip(gateways, options.documents):
        with open(name, encoding="utf-8") as file:
            document = on_the_wire(json.load(file))
        for described in keep_served(served, document):
            undescribed.pop(described, None)
        left = options.budget - (time.monotonic() - started)
        run = Run(gateway, document, options.examples, left)
        runs.append(run)
        run.examples_work()
        strangers += run.refuses_strangers()
        run.holds_for_anything()
        for name in run.operations:
            if not any(200 <= status < 300 for status in run.statuses[name]):
                run.violate(name, "never succeeded", dict(run.statuses[name]))
        if run.skipped:
            run.violate("run", "time was up before", sorted(run.skipped))
        if not run.operations:
            run.violate("run", "nothing of this document is served", "")
    for name in set(undescribed.values()) - BEYOND:
        runs[0].violate(name, "is served and not described", "")
    books = admin("GET", "/audit")
    if books["violations"]:
        runs[0].violate("audit", "the books do not balance", json.dumps(books["violations"][:3]))
    violations = [violation for run in runs for violation in sorted(run.violations.items())]
    for (name, what), detail in violations:
        print(f"VIOLATION {name}: {what}\n    {detail}", file=sys.stderr)
    counters = [counter for run in runs for counter in run.statuses.values()]
    total = sum(counters, collections.Counter())
    print(
        f"conformance: {sum(len(run.operations) for run in runs)} operations, "
        f"{sum(total.values())} requests ({strangers} without proof), "
        f"answers {dict(sorted(total.items()))}, {len(violations)} violations, "
        f"{time.monotonic() - started:.0f} s"
    )
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
