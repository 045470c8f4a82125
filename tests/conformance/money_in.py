"""Examples of virtual accounts, QR codes and wallets, and the customers who pay them."""


class MoneyIn:
    """Part of the examples."""

    # Virtual accounts

    def create_virtual_account(self):
        body = {
            "bank_code": "BRI",
            "kind": "permanent",
            "amount": 50_000,
            "merchant_reff_no": self.reference(),
        }
        return {"path_parameters": self.path(), "body": body}

    def virtual_account(self):
        return self.path(virtual_account_id=self.known["virtual_account"])

    def list_virtual_accounts(self):
        return {"path_parameters": self.path(), "query": {"page": 1}}

    def get_virtual_account(self):
        return {"path_parameters": self.virtual_account()}

    def update_virtual_account(self):
        return {"path_parameters": self.virtual_account(), "body": {"status": "active", "amount": 60_000}}

    def delete_virtual_account(self):
        made = self.fresh("create_virtual_account")
        return {"path_parameters": self.path(virtual_account_id=made)}

    def va_transaction(self):
        """A customer pays, so that there is a transaction."""
        if "va_transaction" not in self.known:
            made = self.send("create_virtual_account", self.create_virtual_account(), learn=False)
            number = made["data"]["number"]
            paid = self.gateway.admin("POST", f"/virtual-accounts/{number}/pay", {})
            self.known["va_number"] = number
            self.known["va_transaction"] = paid["transaction_id"]
        return self.known["va_transaction"]

    def list_va_transactions(self):
        self.va_transaction()
        return {"path_parameters": self.path(), "query": {"status": "paid"}}

    def get_va_transaction(self):
        return {"path_parameters": self.path(transaction_id=self.va_transaction())}

    def list_va_transactions_by_number(self):
        self.va_transaction()
        return {"path_parameters": self.path(va_number=self.known["va_number"])}

    # QR codes of the merchant

    def generate_qris(self):
        body = {"amount": 10_000, "merchant_reff_no": self.reference()}
        return {"path_parameters": self.path(), "body": body}

    def list_qris(self):
        return {"path_parameters": self.path(), "query": {"status": "open"}}

    def get_qris(self):
        # One that a customer paid has every member filled.
        if "paid_qris" not in self.known:
            made = self.send("generate_qris", self.generate_qris(), learn=False)["data"]["id"]
            self.gateway.admin("POST", f"/qris/{made}/pay", {})
            self.known["paid_qris"] = made
        return {"path_parameters": self.path(id=self.known["paid_qris"])}

    # Wallets that customers pay from

    def create_ewallet_order(self):
        body = {
            "account_id": self.known["account"],
            "amount": 50_000,
            "ewallet_vendor": "EWALLET_DANA",
            "merchant_reff_no": self.reference(),
        }
        return {"body": body}

    def create_ewallet_checkout(self):
        body = self.create_ewallet_order()["body"]
        del body["account_id"]
        return {"path_parameters": self.path(), "body": body}

    def list_ewallet_transactions(self):
        return {"path_parameters": self.path(), "query": {"ewallet_vendor": "EWALLET_DANA"}}

    def paid_ewallet(self):
        if "paid_ewallet" not in self.known:
            made = self.send("create_ewallet_order", self.create_ewallet_order(), learn=False)
            self.known["paid_ewallet"] = made["data"]["id"]
            self.gateway.admin("POST", f"/ewallets/{self.known['paid_ewallet']}/pay", {})
        return self.known["paid_ewallet"]

    def get_ewallet_transaction(self):
        return {"path_parameters": self.path(transaction_id=self.paid_ewallet())}

    def get_ewallet_status(self):
        return {"path_parameters": self.path(id=self.paid_ewallet())}
