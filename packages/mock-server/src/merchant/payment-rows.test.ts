import { seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import { memoryRecords } from "@tallystick/adapters/records";
import { describe, expect, it } from "vitest";
import { bookIndexOf } from "./book-index.ts";
import { Merchant } from "./merchant.ts";
import { statusOf } from "./payment-rows.ts";
import { defaultSettings } from "./settings.ts";

const openMerchant = () => {
  const host = seededHost();
  return Merchant.open({
    name: "test-0123",
    store: memoryStore({ host }),
    records: memoryRecords(),
    machineMs: host.now,
    adoptionMs: () => 1,
    defaults: { settings: defaultSettings, clock: { aheadMs: 0 } },
  });
};

describe("the rows of payments", () => {
  it("tell of money that waits for its obligation, and of where it went then", async () => {
    const merchant = await openMerchant();
    const { ledger } = merchant;
    const all = { after: 0, count: 10 };
    const early = { customer: "C", amount: 700, currency: "ZAR", paymentId: "pay_early" };
    await ledger.recordPayment(early);
    const [waiting] = await bookIndexOf(merchant).payments({ ...all, status: "suspended" });
    expect(waiting).toMatchObject({
      id: "pay_early",
      applied: [],
      suspended: [{ kind: "customer", name: "C", amount: 700, currency: "ZAR" }],
    });
    await ledger.createCustomer({ externalReference: "C", currency: "ZAR", balance: 1000 });
    await ledger.matchSuspense({ paymentId: "pay_early", customer: "C" });
    expect(await bookIndexOf(merchant).payments({ ...all, status: "suspended" })).toEqual([]);
    const [found, ...others] = await bookIndexOf(merchant).payments(all);
    expect(others).toEqual([]);
    if (found === undefined) throw new Error("the payment is not listed");
    expect(statusOf(found)).toBe("succeeded");
    expect(found.applied).toMatchObject([{ amount: 700, currency: "ZAR", reversed: 0 }]);
    expect(found.place).toBe(waiting?.place);
  });

  it("tell of money that lies in suspense again, and of where it went after that", async () => {
    const merchant = await openMerchant();
    const { ledger } = merchant;
    const rows = () => bookIndexOf(merchant).payments({ after: 0, count: 10 });
    for (const externalReference of ["C", "D"])
      await ledger.createCustomer({ externalReference, currency: "ZAR", balance: 1000 });
    await ledger.recordPayment({ bill: "B", amount: 7, currency: "ZAR", paymentId: "pay_1" });
    await ledger.matchSuspense({ paymentId: "pay_1", customer: "C" });
    await ledger.undoMatch({ paymentId: "pay_1", reason: "not theirs" });
    expect(await rows()).toMatchObject([
      { applied: [], suspended: [{ kind: "bill", name: "B", amount: 7 }] },
    ]);
    await ledger.matchSuspense({ paymentId: "pay_1", customer: "C" });
    expect(await rows()).toMatchObject([{ applied: [{ amount: 7 }], suspended: [] }]);
    await ledger.undoMatch({ paymentId: "pay_1", reason: "it is not" });
    await ledger.matchSuspense({ paymentId: "pay_1", customer: "D" });
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row?.applied).toHaveLength(1);
    expect(row && statusOf(row)).toBe("succeeded");
  });

  it("are the same whether they were caught up event by event or at once", async () => {
    const [often, once] = [await openMerchant(), await openMerchant()];
    const rows = (merchant: Merchant) => bookIndexOf(merchant).payments({ after: 0, count: 100 });
    for (const merchant of [often, once]) {
      const { ledger } = merchant;
      const look = async (): Promise<void> => {
        if (merchant === often) await rows(merchant);
      };
      await ledger.createCustomer({ externalReference: "C", currency: "ZAR", balance: 90_000 });
      await look();
      for (const [index, amount] of [100, 250, 900].entries()) {
        await ledger.applyPayment({ customer: "C", amount, paymentId: `pay_${index}` });
        await look();
      }
      await ledger.reversePayment({ paymentId: "pay_1", amount: 50 });
      await look();
      await ledger.reversePayment({ paymentId: "pay_2" });
      await look();
    }
    const told = (await rows(often)).map((row) => [
      row.id,
      statusOf(row),
      row.applied[0]?.reversed,
    ]);
    expect(told).toEqual([
      ["pay_0", "succeeded", 0],
      ["pay_1", "succeeded", 50],
      ["pay_2", "reversed", 900],
    ]);
    const ids = async (merchant: Merchant) =>
      (await rows(merchant)).map(({ place, id }) => [place, id]);
    expect(await ids(often)).toEqual(await ids(once));
  });

  it("are made anew where an older copy of the book stands in its place", async () => {
    const merchant = await openMerchant();
    await merchant.ledger.createCustomer({ externalReference: "C", currency: "ZAR", balance: 900 });
    await merchant.ledger.applyPayment({ customer: "C", amount: 100, paymentId: "pay_1" });
    await bookIndexOf(merchant).payments({ after: 0, count: 10 });
    await merchant.remember(
      { kind: "put", collection: "index", key: "checkpoint", value: { chainId: "x", position: 9 } },
      { kind: "put", collection: "index", key: "all/0000000000000009", value: "pay_gone" },
    );
    const rows = await bookIndexOf(merchant).payments({ after: 0, count: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["pay_1"]);
  });
});
