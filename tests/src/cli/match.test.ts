/** `match accept`, `match undo`, `match list`, and what a reconciliation makes of them. */
import { fileStore } from "@tallystick/adapters/file";
import { openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { answer, errorOf, fileOf, newStore, tallystick } from "./support.ts";

const map = ["--map", "date=Date,amount=Amount,reference=Ref,payment_id=Id"];
const inRand = [...map, "--currency", "ZAR"];

/** Payments pay_1, pay_2… of these amounts at noon of these days. */
const paidStore = async (...payments: readonly (readonly [number, string])[]): Promise<string> => {
  const { store, path } = await newStore();
  const opened = await fileStore(path);
  const ledger = openLedger({ store: opened });
  await ledger.createCustomer({ externalReference: "CUST-A", currency: "ZAR", balance: 0 });
  for (const [index, [amount, day]] of payments.entries())
    await ledger.recordPayment(
      { customer: "CUST-A", paymentId: `pay_${index + 1}`, amount, currency: "ZAR" },
      { effectiveAt: `${day}T12:00:00Z` },
    );
  await opened.close();
  return store;
};

const file = (...lines: readonly string[]): Promise<string> =>
  fileOf(["Date,Amount,Ref,Id", ...lines]);

const reconciled = async (
  store: string,
  files: readonly string[],
  { code = 0, more = [] }: { readonly code?: number; readonly more?: readonly string[] } = {},
) => {
  const externals = files.flatMap((path) => ["--external", path]);
  return answer(["reconcile", ...externals, ...inRand, ...more, "--store", store], code);
};

const accepting = (store: string, path: string, ...args: readonly string[]): string[] => {
  const named = ["match", "accept", ...args, "--external", path, ...inRand];
  return [...named, "--reason", "as they say", "--store", store];
};

describe("an accepted match", () => {
  it("is open no more, in this file and in another one that holds the row elsewhere", async () => {
    const store = await paidStore([1000, "2026-03-02"], [500, "2026-03-09"]);
    const theirs = await file("2026-03-02,9.90,x,", "2026-03-09,5.00,CUST-A,");
    const before = await reconciled(store, [theirs], { code: 1 });
    expect(before).toMatchObject({ only_external: [{}], only_ledger: [{ payment_id: "pay_1" }] });
    const { row: rowId, line } = before.only_external[0].external;
    expect(
      await answer(
        accepting(store, theirs, String(line), "--payment", "pay_1", "--difference", "fee"),
      ),
    ).toMatchObject({
      accepted: true,
      rows: [{ row_id: rowId, amount: 990 }],
      movements: [{ payment_id: "pay_1", amount: 1000 }],
      difference: { amount: -10, cause: "fee" },
    });
    const moved = await file("2026-03-01,1.00,y,", "2026-03-09,5.00,CUST-A,", "2026-03-02,9.90,x,");
    for (const files of [[theirs], [theirs, theirs]])
      expect(await reconciled(store, files)).toMatchObject({
        matched: 1,
        only_external: [],
        only_ledger: [],
        matched_with_difference: [
          {
            payment_id: "pay_1",
            rule: "accepted",
            difference: -10,
            external: [{ row: rowId, line }],
            accepted: { reason: "as they say", difference: { amount: -10, cause: "fee" } },
          },
        ],
        holds: true,
      });
    expect(await reconciled(store, [moved], { code: 1 })).toMatchObject({
      only_external: [{ external: { line: 2 } }],
      only_ledger: [],
      matched_with_difference: [{ external: [{ row: rowId, line: 4 }] }],
      holds: true,
    });
  });

  it("may be named by the row's id, and is told once more as it was", async () => {
    const store = await paidStore([1000, "2026-03-02"]);
    const theirs = await file("2026-03-04,10.00,x,");
    const { only_external: open } = await reconciled(store, [theirs], { code: 1 });
    const accept = accepting(store, theirs, open[0].external.row, "--payment", "pay_1");
    expect(await answer([...accept, "--dry-run"])).toMatchObject({ accepted: false });
    expect(await answer([...accept, "--actor", "clerk"])).toMatchObject({ accepted: true });
    expect(await answer(accept)).toMatchObject({ accepted: false, standing: true });
    expect(await reconciled(store, [theirs])).toMatchObject({ only_ledger: [], only_external: [] });
    const { data } = await answer(["match", "list", "--store", store]);
    expect(data).toMatchObject([
      { rows: [{ row_id: open[0].external.row }], actor: "clerk", reason: "as they say" },
    ]);
    const known = ["--as-of", String(data[0].position - 1)];
    expect((await answer(["match", "list", ...known, "--store", store])).data).toEqual([]);
    const past = await reconciled(store, [theirs], { code: 1, more: known });
    expect(past.only_external).toHaveLength(1);
    const early = ["--effective", "2026-03-01"];
    expect((await answer(["match", "list", ...early, "--store", store])).data).toEqual([]);
  });

  it("tells two equal rows apart, whichever of them was meant", async () => {
    const store = await paidStore([1000, "2026-03-02"], [1000, "2026-03-20"]);
    const theirs = await file("2026-03-02,10.00,x,pay_1", "2026-03-02,10.00,x,pay_1");
    const { duplicate } = await reconciled(store, [theirs], {
      code: 1,
      more: ["--to", "2026-03-31"],
    });
    expect(duplicate).toMatchObject([{ external: { line: 3, row: expect.stringMatching(/_2$/) } }]);
    await answer(accepting(store, theirs, "3", "--payment", "pay_2"));
    const report = await reconciled(store, [theirs], { more: ["--to", "2026-03-31"] });
    expect(report).toMatchObject({
      matched: 2,
      below_exact: [{ payment_id: "pay_2", rule: "accepted", external: [{ line: 3 }] }],
      holds: true,
    });
  });

  it("brings its payment along where that lies outside of what the file covers", async () => {
    const store = await paidStore([1000, "2026-02-28"]);
    const theirs = await file("2026-03-02,10.00,x,");
    await answer(accepting(store, theirs, "2", "--payment", "pay_1"));
    expect(await reconciled(store, [theirs])).toMatchObject({
      matched: 1,
      matched_by: { accepted: 1 },
      control: [{ external_total: 1000, ledger_total: 1000, matched: 1000, holds: true }],
    });
  });

  it("is left to the rules by files that hold only a part of it, which say so", async () => {
    const store = await paidStore([1000, "2026-03-02"]);
    const both = await file("2026-03-02,4.00,x,", "2026-03-03,6.00,y,");
    await answer(accepting(store, both, "2", "3", "--payment", "pay_1"));
    expect(await reconciled(store, [both])).toMatchObject({ matched: 1, holds: true });
    const part = await file("2026-03-02,4.00,x,");
    const { data: accepted } = await answer(["match", "list", "--store", store]);
    const [, missing] = accepted[0].rows;
    expect(await reconciled(store, [part], { code: 1 })).toMatchObject({
      only_external: [{ external: { line: 2 } }],
      only_ledger: [{ reason: `accepted with ${missing.row_id}, which these files do not hold` }],
      holds: true,
    });
    const exact = await file("2026-03-02,10.00,CUST-A,pay_1");
    expect(await reconciled(store, [exact])).toMatchObject({
      matched_by: { payment_id: 1 },
      holds: true,
    });
  });

  it("keeps its payment from all others", async () => {
    const store = await paidStore([1000, "2026-03-02"]);
    const theirs = await file("2026-03-02,9.99,x,", "2026-03-02,10.00,CUST-A,pay_1");
    const difference = ["--difference", "rounding"];
    await answer(accepting(store, theirs, "2", "--payment", "pay_1", ...difference));
    expect(await reconciled(store, [theirs], { code: 1 })).toMatchObject({
      matched: 0,
      matched_with_difference: [{ rule: "accepted" }],
      duplicate: [{ payment_id: "pay_1" }],
      holds: true,
    });
  });
});

describe("an accepted match that is undone", () => {
  it("is as if it had never been, but for what the book says of it", async () => {
    const store = await paidStore([1000, "2026-03-02"]);
    const theirs = await file("2026-03-02,9.90,x,");
    const before = await reconciled(store, [theirs], { code: 1 });
    const balances = await answer(["balances", "--store", store]);
    await answer(accepting(store, theirs, "2", "--payment", "pay_1", "--difference", "fee"));
    const { row: rowId } = before.only_external[0].external;
    const undo = ["match", "undo", rowId, "--reason", "no", "--store", store];
    expect(await answer([...undo, "--dry-run"])).toMatchObject({ undone: false });
    expect(await answer([...undo, "--actor", "clerk"])).toMatchObject({
      undone: true,
      standing: false,
    });
    expect(await answer(undo)).toMatchObject({ undone: false, standing: false });
    expect(await reconciled(store, [theirs], { code: 1 })).toEqual(before);
    expect(await answer(["balances", "--store", store])).toEqual(balances);
    const { data } = await answer(["trial-balance", "--store", store]);
    expect(data).toContainEqual(expect.objectContaining({ account: "fees", debit: 0, credit: 0 }));
    expect(await answer(["match", "list", "--store", store])).toEqual({ data: [], totals: [] });
  });
});

describe("a match is refused", () => {
  it.for([
    [["2", "--payment", "pay_1"], "DIFFERENCE_UNEXPLAINED"],
    [["3", "--payment", "pay_1", "--difference", "fee"], "NO_DIFFERENCE"],
    [["3", "--payment", "pay_9"], "PAYMENT_NOT_FOUND"],
    [["3", "--payment", "pay_1@1"], "PAYMENT_NOT_FOUND"],
    [["3", "--payment", "pay_1@x"], "USAGE"],
    [["3", "--payment", "not a payment"], "INVALID_INPUT"],
    [["3", "--payment", "pay_1", "--difference", "luck"], "USAGE"],
    [["9", "--payment", "pay_1"], "USAGE"],
    [["row_1", "--payment", "pay_1"], "USAGE"],
    [["3", "4", "--payment", "pay_1"], "USAGE"],
    [["3"], "USAGE"],
    [["--payment", "pay_1"], "USAGE"],
  ] as const)("%j: %s, and nothing changes", async ([args, code]) => {
    const store = await paidStore([1000, "2026-03-02"]);
    const theirs = await file("2026-03-02,9.90,x,", "2026-03-02,10.00,x,", "2026-03-02,-10.00,x,");
    const before = await answer(["verify", "--store", store]);
    const ran = await tallystick([...accepting(store, theirs, ...args), "--json"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(ran)).toMatchObject({ code });
    expect(await answer(["verify", "--store", store])).toEqual(before);
  });

  it("while one of them stands in another, and an undoing of what never was", async () => {
    const store = await paidStore([1000, "2026-03-02"]);
    const theirs = await file("2026-03-02,10.00,x,", "2026-03-03,10.00,y,");
    await answer(accepting(store, theirs, "2", "--payment", "pay_1"));
    const other = await tallystick([
      ...accepting(store, theirs, "3", "--payment", "pay_1"),
      "--json",
    ]);
    expect(errorOf(other)).toMatchObject({ code: "MATCH_STANDS", detail: { payment_id: "pay_1" } });
    const undo = ["match", "undo", `row_${"0".repeat(32)}`, "--reason", "no", "--store", store];
    expect(errorOf(await tallystick([...undo, "--json"]))).toMatchObject({
      code: "ROW_NOT_ACCEPTED",
    });
  });
});
