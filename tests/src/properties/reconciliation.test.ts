/**
 * Reconciling generated books: the file that is written of a book is read back without a break, and
 * breaks that are planted in it come back exactly, each under its payment id.
 */
import { type Ledger, openLedger } from "@tallystick/core";
import {
  acceptances,
  coveredPeriod,
  csvFileRows,
  type ExternalFile,
  type ExternalRow,
  type Reconciliation,
  reconcile,
  reconFile,
  trialBalance,
} from "@tallystick/reports";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { collect, holds, holdsAfter } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();
const timeZone = "UTC";
const period = { from: "2000-01-01", to: "2099-12-31" };
const bounds = { windowDays: 3, toleranceAmount: 0, toleranceDays: 0 };

/** The reconciliation file of a book as rows of cells; none of its values needs a quote. */
const cellsOf = async (ledger: Pick<Ledger, "events">) => {
  const text = (await collect(reconFile(ledger, { timeZone }, { period, merchant: "m" }))).join("");
  return text
    .split("\r\n")
    .map((line, at) => ({ line: at + 1, cells: line.split(",") }))
    .filter(({ cells }) => cells.length > 1);
};

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

const rowsOf = async (ledger: Pick<Ledger, "events">): Promise<ExternalRow[]> =>
  collect(csvFileRows(each(await cellsOf(ledger)), { file: 0, timeZone }));

const fileOf = (rows: readonly ExternalRow[]): ExternalFile => ({
  name: "theirs.csv",
  period,
  rows: () => each(rows),
});

const reconciled = (ledger: Pick<Ledger, "events" | "store">, ...files: readonly ExternalFile[]) =>
  reconcile(ledger, { timeZone }, files, bounds);

const clean = { matchedWithDifference: [], onlyExternal: [], onlyLedger: [], duplicate: [] };

const idsOf = (items: readonly { readonly paymentId?: string }[]): string[] =>
  items.map(({ paymentId }) => paymentId ?? "").sort();

type Break = "missing" | "differing" | "twice" | "strange" | "none";
const breaks: readonly Break[] = ["missing", "differing", "twice", "strange", "none", "none"];

/** Breaks of which some can be set against each other. */
const mixed: readonly (readonly Break[])[] = [
  ["missing", "strange"],
  ["strange", "missing", "differing"],
  ["twice", "missing", "strange", "differing", "none"],
];

interface Planted {
  readonly rows: readonly ExternalRow[];
  readonly ids: Readonly<Record<Break, string[]>>;
}

const keyOf = ({ kind, paymentId }: ExternalRow): string => `${kind} ${paymentId}`;

/** One break after another, in rows whose payment stands there once: what it leads to is then certain. */
const plant = (rows: readonly ExternalRow[], chosen: readonly Break[]): Planted => {
  const ids: Record<Break, string[]> = {
    missing: [],
    differing: [],
    twice: [],
    strange: [],
    none: [],
  };
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  const planted = rows.flatMap((row, at): ExternalRow[] => {
    const kind = counts.get(keyOf(row)) === 1 ? (chosen[at % chosen.length] ?? "none") : "none";
    const paymentId = kind === "strange" ? `pay_strange${at}` : (row.paymentId ?? "");
    ids[kind].push(paymentId);
    if (kind === "missing") return [];
    if (kind === "differing") return [{ ...row, amount: row.amount + 1 }];
    if (kind === "twice") return [row, row];
    return kind === "strange" ? [row, { ...row, paymentId }] : [row];
  });
  return { rows: planted, ids };
};

const expectExactly = (report: Reconciliation, ids: Planted["ids"]): void => {
  expect(idsOf(report.onlyLedger)).toEqual(ids.missing.sort());
  expect(idsOf(report.matchedWithDifference)).toEqual(ids.differing.sort());
  expect(idsOf(report.duplicate)).toEqual(ids.twice.sort());
  expect(idsOf(report.onlyExternal)).toEqual(ids.strange.sort());
  expect(report.matchedWithDifference.every(({ difference }) => difference === 1)).toBe(true);
  expect(report.holds).toBe(true);
};

type Told = Pick<Reconciliation["belowExact"][number], "external" | "ledger">;

const signedSum = (members: Told["external"] | Told["ledger"]): number =>
  members.reduce((sum, { kind, amount }) => sum + (kind === "refund" ? -amount : amount), 0);

/** What is differing, and what is on one side only in as many pairs as there are of one kind and currency. */
const acceptable = ({
  matchedWithDifference,
  onlyExternal,
  onlyLedger,
}: Reconciliation): readonly Told[] => {
  const theirs = onlyExternal.map(({ external }) => external);
  const pairs = onlyLedger.flatMap(({ ledger }): Told[] => {
    const at = theirs.findIndex(
      ({ kind, currency }) => kind === ledger.kind && currency === ledger.currency,
    );
    return at < 0 ? [] : [{ external: theirs.splice(at, 1), ledger: [ledger] }];
  });
  return [...matchedWithDifference, ...pairs];
};

const acceptAll = async (ledger: Ledger, matches: readonly Told[]): Promise<void> => {
  for (const { external, ledger: items } of matches) {
    const [{ kind, currency } = { kind: "payment" as const, currency: "" }] = external;
    const isEqual = signedSum(external) === signedSum(items);
    await ledger.acceptMatch({
      kind,
      currency,
      rows: external.map(({ row: rowId, amount }) => ({ rowId, amount })),
      payments: items.map(({ paymentId, position }) => ({ paymentId, position })),
      ...(isEqual ? {} : { difference: "fee" }),
      reason: "their file is right",
    });
  }
};

/** What the book says of its fees, by currency. */
const feesOf = async (ledger: Ledger): Promise<Map<string, bigint>> => {
  const { data, totals } = await trialBalance(ledger, { timeZone });
  expect(totals.every(({ balanced }) => balanced)).toBe(true);
  return new Map(
    data.flatMap(({ account, currency, debit, credit }) =>
      account === "fees" && debit !== credit ? [[currency, debit - credit] as const] : [],
    ),
  );
};

describe.each(stores)("on the $name store", (store) => {
  it("the file of a book is read back without a break", { timeout: patienceMs }, () =>
    holdsAfter(store, 60, histories(), async ({ play }) => {
      const { ledger } = play;
      const lines = await cellsOf(ledger);
      const rows = await rowsOf(ledger);
      const report = await reconciled(ledger, fileOf(rows));
      expect(report).toMatchObject({ ...clean, matched: rows.length, holds: true });
      const covered = await coveredPeriod((onPeriod) =>
        csvFileRows(each(lines), { file: 0, timeZone }, onPeriod),
      );
      if (rows.length > 0) expect(covered).toEqual(period);
      if (rows.some(({ kind }) => kind === "refund")) tally.count("refunds read back");
      await tally.add(play);
    }),
  );

  it("planted breaks come back, and nothing else", { timeout: patienceMs }, () =>
    holds(
      store,
      80,
      fc.tuple(histories(), fc.array(fc.constantFrom(...breaks), { minLength: 1, maxLength: 7 })),
      async ({ play }, [history, chosen]) => {
        await play.runAll(history);
        const { ledger } = play;
        const { rows, ids } = plant(await rowsOf(ledger), chosen);
        expectExactly(await reconciled(ledger, fileOf(rows)), ids);
        for (const [kind, planted] of Object.entries(ids))
          if (planted.length > 0) tally.count(kind);
        await tally.add(play);
      },
    ),
  );

  it("what is accepted is open no more, until it is undone", { timeout: patienceMs }, () =>
    holds(
      store,
      60,
      fc.tuple(histories({ minLength: 20 }), fc.constantFrom(...mixed)),
      async ({ play }, [history, chosen]) => {
        await play.runAll(history);
        const { ledger } = play;
        // What the history accepted, of rows of no file, would stand in the way.
        for (const { rows: its } of (await acceptances(ledger, { timeZone })).data)
          await ledger.undoAcceptance({ rowId: its[0]?.rowId ?? "", reason: "of no file" });
        const { rows } = plant(await rowsOf(ledger), chosen);
        const before = await reconciled(ledger, fileOf(rows));
        const matches = acceptable(before);
        await acceptAll(ledger, matches);

        const position = (await ledger.head())?.position;
        await acceptAll(ledger, matches);
        expect((await ledger.head())?.position, "accepted again").toBe(position);

        const half = rows.slice(0, Math.ceil(rows.length / 2));
        const second = rows.map((row) => ({ ...row, file: 1 }));
        for (const files of [[fileOf(rows)], [fileOf(half), fileOf(second)]]) {
          const after = await reconciled(ledger, ...files);
          const accepted = [...after.matchedWithDifference, ...after.belowExact].filter(
            (match) => match.accepted !== undefined,
          );
          expect(accepted.length).toBe(matches.length);
          expect(after.matchedWithDifference.every(({ rule }) => rule === "accepted")).toBe(true);
          const gone = new Set(
            matches.flatMap(({ ledger: items }) => items).map((i) => i.position),
          );
          expect(after.onlyLedger).toEqual(
            before.onlyLedger
              .filter(({ ledger: { position: at } }) => !gone.has(at))
              .map((item) => ({ ...item, candidates: expect.anything() })),
          );
          const open =
            before.onlyExternal.length - (before.onlyLedger.length - after.onlyLedger.length);
          expect(after.onlyExternal.length).toBe(open);
          expect(after.duplicate.length).toBe(before.duplicate.length);
          expect(after.holds).toBe(true);
        }

        const fees = new Map<string, bigint>();
        for (const { external, ledger: items } of matches) {
          const more = BigInt(signedSum(external) - signedSum(items));
          const currency = external[0]?.currency ?? "";
          fees.set(currency, (fees.get(currency) ?? 0n) - more);
        }
        expect(await feesOf(ledger)).toEqual(new Map([...fees].filter(([, sum]) => sum !== 0n)));
        for (const { external } of matches)
          await ledger.undoAcceptance({ rowId: external[0]?.row ?? "", reason: "it is not" });
        expect(await reconciled(ledger, fileOf(rows))).toEqual(before);
        expect(await feesOf(ledger)).toEqual(new Map());
        expect(await ledger.verify()).toMatchObject({ ok: true });
        if (matches.length > 0) tally.count("accepted");
        if (matches.some((match) => !("rule" in match))) tally.count("accepted of one side each");
      },
    ),
  );

  it("two files that overlap say no more than one", { timeout: patienceMs }, () =>
    holds(
      store,
      40,
      fc.tuple(histories(), fc.nat(20), fc.nat(20)),
      async ({ play }, [history, a, b]) => {
        await play.runAll(history);
        const ledger = openLedger({ store: play.ledger.store });
        const rows = await rowsOf(ledger);
        const [first, second] = [rows.slice(0, Math.max(a, b)), rows.slice(Math.min(a, b))];
        const files = [fileOf(first), fileOf(second.map((row) => ({ ...row, file: 1 })))];
        const report = await reconciled(ledger, ...files);
        expect(report).toMatchObject({ ...clean, matched: rows.length, holds: true });
      },
    ),
  );
});

afterAll(() =>
  tally.expect([
    ...everyHistory,
    "missing",
    "differing",
    "twice",
    "strange",
    "refunds read back",
    "accepted",
    "accepted of one side each",
  ]),
);
