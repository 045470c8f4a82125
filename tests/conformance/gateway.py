"""Access to a running sandbox: token, signature, and what the requests need to know of it."""

import base64
import datetime
import hashlib
import hmac
import itertools
import json
import time
import urllib.parse

import requests

# Jakarta has no daylight saving.
WIB = datetime.timezone(datetime.timedelta(hours=7))
SIGNED = {
    "transfer_disbursement",
    "topup_ewallet",
    "pay_qris",
    "create_cardless_withdrawal",
    "transfer_between_accounts",
    "charge_direct_debit",
}


def sha512(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def canonical(value):
    """Keys sorted, no white space, UTF-8 as it is; the sandbox undoes PHP's other habits."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Gateway:
    """One credential of the sandbox."""

    def __init__(self, base_url, partner_id, client_id, client_secret, account_id):
        self.base_url = base_url
        self.partner_id = partner_id
        self.client_id = client_id
        self.client_secret = client_secret
        self.account_id = account_id
        self.session = requests.Session()
        self.session.trust_env = False
        self.numbers = itertools.count(1)
        self.token = self.login()

    def login(self):
        answer = self.session.post(
            f"{self.base_url}/api/v1.1/access-token/b2b",
            json={"grant_type": "client_credentials"},
            headers=self.token_headers(),
        )
        answer.raise_for_status()
        return answer.json()["data"]["access_token"]

    def token_headers(self):
        day = datetime.datetime.now(WIB).strftime("%Y%m%d")
        signature = sha512(self.client_secret, f"{self.client_id}_{self.client_secret}_{day}")
        return {
            "X-PARTNER-ID": self.partner_id,
            "X-CLIENT-ID": self.client_id,
            "X-Signature": signature,
        }

    def basic_headers(self):
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return {"X-PARTNER-ID": self.partner_id, "Authorization": f"Basic {pair}"}

    def headers(self, name, method, path, body):
        """What proves the caller of an operation; `path` with its query."""
        if name == "create_access_token":
            return self.token_headers()
        if name == "create_access_token_basic":
            return self.basic_headers()
        headers = {"X-PARTNER-ID": self.partner_id, "Authorization": f"Bearer {self.token}"}
        if name in SIGNED:
            headers |= self.signature(method, path, body)
        return headers

    def signature(self, method, path, body):
        stamp = str(int(time.time()))
        digest = hashlib.sha256(body or b"").hexdigest()
        text = f"{method}:{path}:{self.token}:{digest}:{stamp}"
        return {"X-Timestamp": stamp, "X-Signature": sha512(self.client_secret, text)}

    def money(self):
        """What a refused request must not change."""
        answer = self.session.get(
            f"{self.base_url}/api/v1.0/balance-inquiry/{self.account_id}",
            headers=self.headers("get_account_balance", "GET", "", None),
        )
        return answer.json()["data"]

    def reference(self):
        """Never used before."""
        return f"REF-{next(self.numbers):05}"

    def admin(self, method, path, body=None):
        answer = self.session.request(method, f"{self.base_url}/_sandbox{path}", json=body)
        answer.raise_for_status()
        return answer.json()


class Biller(Gateway):
    """The biller host, under the same address."""

    def __init__(self, base_url, partner_id, client_id, client_secret, password):
        self.password = password
        super().__init__(base_url, partner_id, client_id, client_secret, None)

    def login(self):
        answer = self.session.post(
            f"{self.base_url}/api/v1.0/access-token/b2b",
            json={"grant_type": "client_credentials"},
            headers=self.basic_headers(),
        )
        answer.raise_for_status()
        return answer.json()["data"]["access_token"]

    def headers(self, name, method, path, body):
        if name == "create_biller_token":
            return self.basic_headers()
        return {"X-PARTNER-ID": self.partner_id, "Authorization": f"Bearer {self.token}"}

    def money(self):
        answer = self.session.post(
            f"{self.base_url}/api/v1/check-balance",
            json={"command": "check-balance"},
            headers=self.headers("", "", "", None),
        )
        return answer.json()["data"]


class Identity(Gateway):
    """The identity host, under the same address."""

    def __init__(self, base_url, client_id, client_secret):
        super().__init__(base_url, None, client_id, client_secret, None)

    def proof(self):
        """The body of a token request."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        key, text = self.client_secret.encode(), f"{self.client_id}:{now}".encode()
        signature = hmac.new(key, text, hashlib.sha256).hexdigest()
        return {"client_id": self.client_id, "timestamp": now, "signature": signature}

    def login(self):
        url = f"{self.base_url}/api/v1/kyc/auth/get-auth-token"
        answer = self.session.post(url, json=self.proof())
        answer.raise_for_status()
        return answer.json()["access_token"]

    def headers(self, name, method, path, body):
        if name == "create_identity_token":
            return {}
        return {"Authorization": f"Bearer {self.token}"}

    def money(self):
        return self.admin("GET", "/audit")["checked"]


def endpoint(url):
    """Path and query, as they are sent and signed."""
    parts = urllib.parse.urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
