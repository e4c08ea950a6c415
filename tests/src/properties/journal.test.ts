/**
 * The journal before independent judges: hledger and beancount read it without a word, and arrive at
 * the ledger's balances. Where a judge is not installed its part is left out, and says so.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "@tallystick/core";
import {
  type AsOfPair,
  amountText,
  balancesAsOf,
  beancountAccount,
  beancountJournal,
  hledgerAccount,
  hledgerJournal,
} from "@tallystick/reports";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs, shares } from "../arbitraries/settings.ts";
import { collect, holds } from "./play.ts";
import { stores } from "./stores.ts";
import { Tally } from "./tally.ts";

/** What a journal could get wrong. */
const cases = [
  "obligation.application_reversed",
  "obligation.balance_asserted",
  "bill.voided",
  "out of suspense",
  "change of currency",
  "untracked payment",
  "overpayment",
  "back-dated",
];

const folder = mkdtempSync(join(tmpdir(), "tallystick-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Judge {
  readonly name: string;
  readonly write: (ledger: Ledger, asOf: AsOfPair) => AsyncIterable<string>;
  readonly check: readonly [string, ...string[]];
  readonly query: readonly [string, ...string[]];
  /** Behind the file, where the file comes first. */
  readonly question?: string;
  readonly accountOf: typeof hledgerAccount;
}

const judges: readonly Judge[] = [
  {
    name: "hledger",
    write: hledgerJournal,
    check: ["hledger", "check", "--strict", "-f"],
    query: ["hledger", ..."bal assets:receivable -N --flat -E --layout bare -O csv -f".split(" ")],
    accountOf: hledgerAccount,
  },
  {
    name: "beancount",
    write: beancountJournal,
    check: ["bean-check"],
    query: ["bean-query", "-f", "csv"],
    question:
      "select account, currency, sum(number) where account ~ 'Receivable' group by account, currency",
    accountOf: beancountAccount,
  },
];

const isInstalled = ({ check: [program] }: Judge): boolean =>
  spawnSync(program, ["--version"]).status === 0;

const ran = ([program, ...args]: readonly [string, ...string[]], ...more: string[]) =>
  spawnSync(program, [...args, ...more], { encoding: "utf8", maxBuffer: 1 << 26 });

/** Each account and currency that is not 0, as the judge has it. */
const judged = ({ query, question }: Judge, path: string): string[] => {
  const { stdout, stderr } = ran(query, path, ...(question === undefined ? [] : [question]));
  expect(stderr).toBe("");
  return stdout
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map((cell) => cell.replaceAll('"', "").trim()))
    .filter(([, , sum]) => sum !== undefined && Number(sum) !== 0)
    .map((cells) => cells.join(" "))
    .sort();
};

const kinds = { customer_balance: "customer", account_balance: "account", bill: "bill" } as const;

const ours = async (judge: Judge, ledger: Ledger, asOf: AsOfPair): Promise<string[]> =>
  (await balancesAsOf(ledger, asOf)).data
    .filter(({ balance }) => balance !== 0)
    .map(({ kind, id, currency, balance }) => {
      const obligation = `${kinds[kind]}/${id}` as const;
      const account = judge.accountOf({ account: "receivable", obligation });
      return `${account} ${currency} ${amountText(balance, currency)}`;
    })
    .sort();

const pastMs = fc.integer({ min: Date.UTC(2025, 11, 1), max: Date.UTC(2026, 3, 1) });
const [store] = stores;

describe.each(judges)("before $name", (judge) => {
  it("every journal is accepted, and comes to our balances", { timeout: patienceMs }, async () => {
    if (!isInstalled(judge)) {
      process.stderr.write(`${judge.name} is not installed: apt-get install ${judge.name}\n`);
      return;
    }
    if (store === undefined) throw new Error("there is no store");
    const tally = new Tally();
    const given = fc.tuple(histories(), shares, fc.option(pastMs, { nil: undefined }));
    await holds(store, 25, given, async ({ play }, [history, share, ms]) => {
      await play.runAll(history);
      const { ledger } = play;
      const head = (await ledger.head())?.position ?? 0;
      const effective = ms === undefined ? undefined : new Date(ms).toISOString();
      const asOf = { timeZone: "UTC", known: Math.ceil(head * (0.5 + share / 2)), effective };
      const path = join(folder, `${judge.name}.journal`);
      writeFileSync(path, (await collect(judge.write(ledger, asOf))).join(""));
      expect(ran(judge.check, path)).toMatchObject({ status: 0, stdout: "", stderr: "" });
      expect(judged(judge, path)).toEqual(await ours(judge, ledger, asOf));
      await tally.add(play);
    });
    tally.expect(cases);
  });

  it("a sum beyond 2^53 is asserted to the minor unit", { timeout: patienceMs }, async () => {
    if (store === undefined) throw new Error("there is no store");
    await holds(store, 1, fc.constant([]), async ({ play: { ledger } }) => {
      const most = { currency: "KWD", balance: 999_999_999_999_999 };
      for (const externalReference of "abcdefghij")
        await ledger.createCustomer({ externalReference, ...most });
      const text = (await collect(judge.write(ledger, { timeZone: "UTC" }))).join("");
      expect(text).toContain(" -9999999999999.990 KWD\n");
      if (!isInstalled(judge)) return;
      const path = join(folder, `${judge.name}.large`);
      writeFileSync(path, text);
      expect(ran(judge.check, path)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    });
  });

  it("a cent that is moved is found", { timeout: patienceMs }, async () => {
    if (!isInstalled(judge) || store === undefined) return;
    await holds(store, 1, fc.constant([]), async ({ play: { ledger } }) => {
      await ledger.createCustomer({ externalReference: "a", currency: "ZAR", balance: 4594 });
      const text = (await collect(judge.write(ledger, { timeZone: "UTC" }))).join("");
      const path = join(folder, `${judge.name}.bad`);
      writeFileSync(path, text.replace("45.94 ZAR", "45.95 ZAR"));
      expect(ran(judge.check, path).status).not.toBe(0);
    });
  });
});
