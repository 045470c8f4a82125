// A merchant in the middle of a day: something of every kind, so that no view is empty.
import { Merchant } from "./merchant.js";

const LINK = ["payment_link_type=total"];

export async function busyDay(sandbox) {
  await sandbox.call("payment_links", "create", "reff_no=ORDER-1", "total_amount=1250000", ...LINK);
  await sandbox.call("payment_links", "create", "reff_no=ORDER-2", "total_amount=80000", ...LINK);
  await sandbox.admin("/payment-links/ORDER-1/pay", { method: "QRIS", name: "Sari Demo" });
  await sandbox.admin("/payment-links/ORDER-2/open", { method: "VA_BCA", name: "Budi Demo" });
  await sandbox.call("virtual_accounts", "create", "merchant_reff_no=VA-1", "bank_code=BRI", "kind=permanent", "amount=150000");
  await sandbox.call("qris", "generate", "merchant_reff_no=QR-1", "amount=45000");
  await sandbox.call("ewallets", "create", "merchant_reff_no=WALLET-1", "amount=50000", "ewallet_vendor=EWALLET_DANA");
  await sandbox.payOut("disbursements", "transfer_disbursement", "reference_number=PAY-1", "bank_code=014", "bank_account_number=1000000000", "amount=250000");
  await sandbox.payOut("disbursements", "transfer_disbursement", "reference_number=PAY-2", "bank_code=014", "bank_account_number=9000000000", "amount=75000");
  await sandbox.admin("/faults", { operation: "list_accounts", point: "after_commit", action: { status: 503 }, times: 3 });
  const merchant = await new Merchant(sandbox).login();
  await merchant.post("/api/v1.0/nowhere", {});
  await merchant.signed(TOPUP, topup(merchant, "TOP-1"), { secret: "wrong" });
  await merchant.signed(TOPUP, topup(merchant, "TOP-2"));
}

export const TOPUP = "/api/v2.0/ewallet/trigger-topup";

export const topup = (merchant, reference) => ({
  account_id: merchant.account,
  reference_number: reference,
  ewallet_code: "DANA",
  customer_number: "085700000001",
  amount: { value: "10000.00", currency: "IDR" },
});
