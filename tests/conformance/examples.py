"""A request that works for every operation, made from what the sandbox answered before.

Customers, phones and numbers are invented. Each maker gives path parameters, query and body; what
it needs from earlier answers it takes from `known`, and what others need it leaves there.
"""

from money_in import MoneyIn

QR = "00020101021126240011ID.CO.DEMO.0105123455204581253033605802ID5908Toko ABC6007Jakarta6304ABCD"
ACCOUNT = "1000000000"  # succeeds at BCA
CUSTOMER = "081200000001"


class Examples(MoneyIn):
    def __init__(self, gateway):
        self.gateway = gateway
        self.known = {"account": gateway.account_id}

    def reference(self):
        return self.gateway.reference()

    def path(self, **more):
        return {"account_id": self.known["account"], **more}

    def make(self, name):
        """The request, as keyword arguments of a case."""
        return getattr(self, name)()

    def learn(self, name, answer):
        """Remembers what a working answer of `name` tells."""
        keep = self.LEARNT.get(name)
        if keep:
            self.known[keep[0]] = answer["data"][keep[1]]
        if name == "list_statements":
            self.known["statement"] = answer["data"][0]["transaction_id"]
        if name == "create_account":
            self.known["other_number"] = answer["data"]["account_number"]

    # operation: name of what is learnt, member of data
    LEARNT = {
        "create_account": ("other", "id"),
        "create_payment_link_v1": ("link_v1", "id"),
        "create_payment_link": ("link", "id"),
        "create_card_payment": ("card", "transaction_id"),
        "create_virtual_account": ("virtual_account", "id"),
        "transfer_disbursement": ("disbursement", "reference_number"),
        "topup_ewallet": ("topup", "reference_number"),
        "pay_qris": ("qris", "reference_number"),
        "create_cardless_withdrawal": ("cash", "reference_number"),
        "transfer_between_accounts": ("transfer", "transaction_id"),
        "get_disbursement_status": ("disbursement_id", "transaction_id"),
        "bind_card": ("binding", "binding_id"),
        "charge_direct_debit": ("debit", "transaction_id"),
        "pay_prepaid": ("bill", "transaction_id"),
        "create_plan": ("plan", "id"),
    }

    def create_access_token(self):
        return {"body": {"grant_type": "client_credentials"}}

    create_access_token_basic = create_access_token

    # Accounts

    def create_account(self):
        return {"body": {"name": f"Shop {self.reference()}"}}

    def list_accounts(self):
        return {"query": {"page": 1}}

    def get_account(self):
        return {"path_parameters": {"id": self.known["account"]}}

    def update_account(self):
        return {"path_parameters": {"id": self.known["other"]}, "body": {"name": "Shop two"}}

    def delete_account(self):
        return {"path_parameters": {"id": self.fresh("create_account")}}

    def get_merchant_balance(self):
        return {}

    def get_account_balance(self):
        return {"path_parameters": self.path()}

    def list_statements(self):
        return {"path_parameters": self.path(), "query": {"page": 1}}

    def get_statement(self):
        return {"path_parameters": self.path(statement_id=self.known["statement"])}

    def transfer_between_accounts(self):
        body = {
            "amount": 15_000,
            "beneficiary_account_number": self.known["other_number"],
            "merchant_ref_no": self.reference(),
        }
        return {"path_parameters": self.path(), "body": body}

    def list_account_transfers(self):
        return {"path_parameters": self.path(), "query": {"status": "success"}}

    def get_account_transfer(self):
        return {"path_parameters": self.path(transaction_id=self.known["transfer"])}

    # Payment links

    def create_payment_link_v1(self):
        body = {
            "reff_no": self.reference(),
            "title": "Order",
            "max_usage": 1,
            "required_customer_detail": False,
            "total_amount": 50_000,
            "items": [{"name": "Coffee", "quantity": 2, "unit_price": 25_000}],
        }
        return {"path_parameters": self.path(), "body": body}

    def create_payment_link(self):
        body = {
            "reff_no": self.reference(),
            "payment_link_type": "total",
            "total_amount": 50_000,
        }
        return {"path_parameters": self.path(), "body": body}

    def list_payment_links(self):
        return {"path_parameters": self.path(), "query": {"page": 1}}

    def list_payment_methods(self):
        return {}

    def get_payment_link_v1(self):
        return {"path_parameters": self.path(payment_link_id=self.known["link_v1"])}

    def update_payment_link_v1(self):
        return self.get_payment_link_v1() | {"body": {"status": "open"}}

    def delete_payment_link(self):
        return {"path_parameters": self.path(payment_link_id=self.fresh("create_payment_link_v1"))}

    def get_payment_link(self):
        return {"path_parameters": {"payment_link_id": self.known["link"]}}

    def update_payment_link(self):
        return self.get_payment_link() | {"body": {"description": "Two cups"}}

    def list_payment_link_histories(self):
        # A customer pays, so that there is a history.
        if "paid" not in self.known:
            reff_no = self.reference()
            request = self.create_payment_link()
            request["body"]["reff_no"] = reff_no
            self.send("create_payment_link", request)
            self.known["paid"] = self.gateway.admin("POST", f"/payment-links/{reff_no}/pay", {})
        return {"path_parameters": self.path(), "query": {"sort_order": "desc"}}

    def get_payment_link_history(self):
        listed = self.send("list_payment_link_histories", self.list_payment_link_histories())
        return {"path_parameters": self.path(history_id=listed["data"][0]["id"])}

    # Cards

    def create_card_payment(self):
        body = {
            "amount": 150_000,
            "goods_name": "Coffee",
            "customer_name": "Sari Demo",
            "customer_email": "sari@example.com",
            "customer_phone": CUSTOMER,
            "customer_address": "Jalan Contoh 1",
            "customer_city": "Jakarta",
            "customer_state": "DKI Jakarta",
            "customer_postal_code": "10110",
            "customer_country": "ID",
            "card_number": "4111111111111111",
            "card_expiry": "3012",
            "card_cvv": "123",
            "card_holder_name": "SARI DEMO",
            "card_holder_email": "sari@example.com",
            "reference_no": self.reference(),
        }
        return {"path_parameters": self.path(), "body": body}

    def get_card_status(self):
        return {"path_parameters": self.path(id=self.known["card"])}

    def cancel_card_payment(self):
        return {"path_parameters": self.path(id=self.fresh("create_card_payment"))}

    # Bank transfers

    def transfer_disbursement(self):
        body = {
            "account_id": self.known["account"],
            "reference_number": self.reference(),
            "bank_code": "014",
            "bank_account_number": ACCOUNT,
            "amount": 10_000,
            "notes": "Invoice 1",
        }
        return {"body": body}

    def transfer_disbursement_v1(self):
        body = {
            "reference_number": self.reference(),
            "bank_swift_code": "CENAIDJA",
            "bank_account_number": ACCOUNT,
            "amount": 10_000,
        }
        return {"path_parameters": self.path(), "body": body}

    def get_disbursement_status(self):
        return {"path_parameters": self.path(), "body": {"reference_number": self.known["disbursement"]}}

    get_disbursement_status_v1 = get_disbursement_status

    def list_disbursements(self):
        return {"path_parameters": self.path(), "query": {"page": 1}}

    def get_disbursement(self):
        return {"path_parameters": self.path(transaction_id=self.known["disbursement_id"])}

    def check_disbursement_fee(self):
        return {"path_parameters": self.path(), "body": {"bank_swift_code": "CENAIDJA", "amount": 50_000}}

    def check_beneficiary(self):
        return {"body": {"bank_swift_code": "CENAIDJA", "bank_account_number": ACCOUNT}}

    def check_beneficiary_v2(self):
        return {"body": {"bank_code": "014", "bank_account_number": ACCOUNT}}

    # Wallets

    def inquire_ewallet_account(self):
        body = {
            "account_id": self.known["account"],
            "ewallet_code": "DANA",
            "customer_number": CUSTOMER,
            "amount": {"value": "10000.00", "currency": "IDR"},
        }
        return {"body": body}

    def topup_ewallet(self):
        request = self.inquire_ewallet_account()
        request["body"]["reference_number"] = self.reference()
        return request

    def get_ewallet_topup_status(self):
        return {"path_parameters": self.path(), "body": {"reference_number": self.known["topup"]}}

    # QRIS

    def inquire_qris_merchant(self):
        return {"body": {"qr_data": QR}}

    def pay_qris(self):
        body = {
            "account_id": self.known["account"],
            "reference_number": self.reference(),
            "amount": 10_000,
            "qr_data": QR,
            "customer_name": "Sari Demo",
        }
        return {"body": body}

    def get_qris_status(self):
        body = {"reference_number": self.known["qris"], "scope": "issuer", "type": "mpm-static"}
        return {"path_parameters": self.path(), "body": body}

    # Cash

    def create_cardless_withdrawal(self):
        body = {
            "account_id": self.known["account"],
            "reference_number": self.reference(),
            "customer_name": "Sari Demo",
            "customer_id": CUSTOMER,
            "amount": 50_000,
            "vendor_code": "CLWD_BRI",
        }
        return {"body": body}

    def list_cardless_withdrawals(self):
        return {"path_parameters": self.path(), "query": {"page": 1}}

    def get_cardless_withdrawal(self):
        return {"path_parameters": self.path(reference_number=self.known["cash"])}

    def cancel_cardless_withdrawal(self):
        body = {
            "account_id": self.known["account"],
            "reference_number": self.fresh("create_cardless_withdrawal"),
            "reason": "Changed my mind",
        }
        return {"body": body}

    # Direct debit

    def bind_card(self):
        body = {
            "customer_ref": f"cust{self.reference()}",
            "phone_no": CUSTOMER,
            "bank_code": "008",
            "payment_otp_mode": "WITH_OTP",
        }
        return {"body": body}

    def bound(self):
        """A binding that its customer has approved."""
        binding = self.fresh("bind_card")
        self.gateway.admin("POST", f"/bindings/{binding}/answer", {"approve": True})
        return binding

    def get_binding(self):
        return {"path_parameters": {"binding_id": self.known["binding"]}}

    def unbind_card(self):
        return {"path_parameters": {"binding_id": self.bound()}}

    def charge_direct_debit(self):
        if "bound" not in self.known:
            self.known["bound"] = self.bound()
        body = {
            "account_id": self.known["account"],
            "binding_id": self.known["bound"],
            "merchant_reference": self.reference(),
            "amount": 150_000,
            "description": "June",
        }
        return {"body": body}

    def verify_direct_debit_otp(self):
        return {"body": {"otp": "123456", "transaction_id": self.fresh("charge_direct_debit")}}

    def get_direct_debit_transaction(self):
        return {"path_parameters": {"transaction_id": self.known["debit"]}}

    # Subscriptions

    def create_plan(self):
        body = {
            "name": "Coffee every month",
            "customer_name": "Sari Demo",
            "customer_email": "sari@example.com",
            "customer_phone": CUSTOMER,
            "account_id": self.known["account"],
            "amount": 150_000,
            "schedule": {
                "interval": 1,
                "interval_unit": "month",
                "total_interval": 12,
                "start_time": "2026-01-01T00:00:00+07:00",
            },
            "subscription_id": self.reference(),
        }
        return {"body": body}

    def active_plan(self):
        """A plan with a card that was charged once."""
        plan = self.fresh("create_plan")
        order = {"card_number": "4111111111111111"}
        self.gateway.admin("POST", f"/plans/{plan}/link-card", order)
        return plan

    def get_plan(self):
        return {"path_parameters": {"id": self.known["plan"]}}

    def update_plan(self):
        return {"path_parameters": {"id": self.active_plan()}, "body": {"amount": 200_000}}

    def cancel_plan(self):
        return {"path_parameters": {"id": self.active_plan()}, "body": {"reason": "customer_request"}}

    # Biller: every customer is used once, and a bill is paid once

    def create_biller_token(self):
        return self.create_access_token()

    def check_biller_balance(self):
        return {"body": {"command": "check-balance"}}

    def reset_customer_id(self):
        return {"body": {"command": "reset-customer-id"}}

    def list_bill_transactions(self):
        return {"body": {"command": "list-bill-transaction", "data": {"page": "1"}}}

    def get_bill_transaction(self):
        data = {"transaction_id": self.known["bill"]}
        return {"body": {"command": "detail-bill-transaction", "data": data}}

    def get_game_topup_parameters(self):
        data = {"category_code": "GMARENA"}
        return {"body": {"command": "get-parameter-game-topup", "data": data}}

    def customer(self):
        return f"0812{self.reference()[4:]}11"

    def inquire_prepaid_v1(self):
        data = {"customer_id": self.customer(), "product_code": "SPPLNTOK"}
        return {"body": {"command": "plntok", "data": data}}

    inquire_prepaid = inquire_prepaid_v1

    def inquire_postpaid_v1(self):
        data = {"customer_id": self.customer(), "product_code": "SPPLNPOS"}
        return {"body": {"command": "plnpos", "data": data}}

    inquire_postpaid = inquire_postpaid_v1

    def paid(self, inquiry):
        """The payment of an inquiry that was made just now."""
        request = self.make(inquiry)
        answer = self.send(inquiry, request, learn=False)
        reference = {"reference_number": answer["data"]["reference_number"]}
        request["body"]["data"] |= reference | {"password": self.gateway.password}
        return request

    def pay_prepaid_v1(self):
        return self.paid("inquire_prepaid_v1")

    def pay_prepaid(self):
        return self.paid("inquire_prepaid")

    def pay_postpaid_v1(self):
        return self.paid("inquire_postpaid_v1")

    def pay_postpaid(self):
        return self.paid("inquire_postpaid")

    # Identity

    def create_identity_token(self):
        return {"body": self.gateway.proof()}

    def verify_bank_account(self):
        body = {
            "request_id": self.reference(),
            "account_number": ACCOUNT,
            "bank_code": "014",
            "name": "Sari Demo",
        }
        return {"body": body}

    def verify_ewallet_account(self):
        body = {
            "request_id": self.reference(),
            "phone_number": CUSTOMER,
            "ewallet_code": "DANA",
            "name": "Sari Demo",
        }
        return {"body": body}

    def fresh(self, name):
        """The identifier of a resource made just now."""
        return self.send(name, self.make(name), learn=False)["data"][self.LEARNT[name][1]]

    def send(self, name, request, learn=True):
        """Set by the run: sends a request and gives its answer, which must be a success."""
        raise NotImplementedError
