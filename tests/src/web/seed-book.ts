/** A small merchant: two currencies, credit, a bill of each status, a name that tries to be markup. */
import type { Ledger } from "@tallystick/core";

/** Obligation ids by what they are. */
export const seedBook = async (ledger: Ledger) => {
  const lerato = await ledger.createCustomer({
    externalReference: "CUST-40217",
    name: "Lerato Dlamini",
    currency: "ZAR",
    balance: 48_350,
  });
  await ledger.createCustomer({
    externalReference: "CUST-40218",
    name: "<script>alert(1)</script>",
    currency: "ZAR",
    balance: -12_500,
  });
  const tokyo = await ledger.createCustomer({
    externalReference: "CUST-51908",
    name: "Sakura Trading",
    currency: "JPY",
    balance: 1_250_000,
  });
  await ledger.createCustomer({ externalReference: "CUST-60001" });
  const account = await ledger.createAccount({
    customer: lerato.entity.id,
    externalReference: "ACC-7781",
    name: "Fibre line, Rivonia",
    currency: "ZAR",
    balance: 129_900,
  });
  const bill = async (externalReference: string, amountDue: number) =>
    (
      await ledger.createBill({
        account: account.entity.id,
        externalReference,
        currency: "ZAR",
        amountDue,
        dueDate: "2026-03-25",
      })
    ).entity;
  const open = await bill("BILL-2026-0317", 37_650);
  const paid = await bill("BILL-2026-0216", 34_000);
  const voided = await bill("BILL-2026-0115", 34_000);
  const closed = await bill("BILL-2026-0418", 80_000);
  await ledger.applyPayment({ bill: paid.id, amount: 34_000, currency: "ZAR", paymentId: "pay_February" });
  await ledger.applyPayment({ bill: open.id, amount: 12_550, currency: "ZAR", paymentId: "pay_Firstpart" });
  await ledger.voidBill(voided.id);
  await ledger.setPaymentRules({ bill: closed.id, paymentRules: null });
  return {
    open: open.obligationId,
    paid: paid.obligationId,
    voided: voided.obligationId,
    closed: closed.obligationId,
    customer: lerato.entity.obligationId,
    yen: tokyo.entity.obligationId,
    account: account.entity.obligationId,
  };
};
