/** The pages' own modules, run where they live, against the ledger core that they must agree with. */
import {
  currencyCodes,
  formatMajor,
  judgePayment,
  type PaymentRules,
  toSnakeCase,
} from "@tallystick/core";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromium, launch } from "./browser.ts";
import { openShop, type Shop } from "./shop.ts";

const samplesOf = <Value>(arbitrary: fc.Arbitrary<Value>): Value[] =>
  fc.sample(arbitrary, { seed: 7, numRuns: 500 });

describe.skipIf(chromium === undefined)("the modules of the pages", () => {
  let browser: Browser;
  let page: Page;
  let shop: Shop;
  beforeAll(async () => {
    [browser, shop] = await Promise.all([launch(), openShop()]);
    page = await browser.newPage();
    await page.goto(shop.url);
  });
  afterAll(async () => {
    await browser.close();
    await shop.close();
  });
  /** Calls an exported function once for each list of arguments. */
  const call = <Result>(module: string, name: string, calls: unknown[][]): Promise<Result[]> =>
    page.evaluate(
      `import("/_web/${module}").then((made) => ${JSON.stringify(calls)}.map((given) => made.${name}(...given) ?? null))`,
    );

  it("write an amount as the core does, and read back what they wrote", async () => {
    const amounts = samplesOf(
      fc.tuple(fc.integer({ min: 0, max: 10 ** 15 }), fc.constantFrom(...currencyCodes)),
    );
    const written = await call<string>("lib/money.js", "formatAmount", amounts);
    expect(written.map((text) => text.replaceAll(",", ""))).toEqual(
      amounts.map(([minorUnits, currency]) => formatMajor(minorUnits, currency)),
    );
    const pairs = written.map((text, index) => [text, amounts[index]?.[1]]);
    expect(await call("lib/money.js", "parseAmount", pairs)).toEqual(
      amounts.map(([minorUnits]) => minorUnits),
    );
  });

  it.each([
    ["12,5", "ZAR"],
    ["1.234", "ZAR"],
    ["1.5", "JPY"],
    ["-5", "ZAR"],
    ["1e3", "ZAR"],
    ["", "ZAR"],
    [".5", "ZAR"],
    ["1,23,456", "ZAR"],
  ])("take %j for no amount of %s", async (text, currency) => {
    expect(await call("lib/money.js", "parseAmount", [[text, currency]])).toEqual([null]);
  });

  const rules: fc.Arbitrary<PaymentRules> = fc.record({
    minAmount: fc.integer({ min: 0, max: 50 }),
    maxAmount: fc.integer({ min: 0, max: 100 }),
    underpaymentAllowed: fc.boolean(),
    overpaymentAllowed: fc.boolean(),
  });
  const owed = fc.option(fc.integer({ min: -20, max: 120 }), { nil: undefined });

  it("say the rule that the core refuses by", async () => {
    const cases = samplesOf(fc.tuple(fc.integer({ min: 1, max: 130 }), owed, rules));
    const said = await page.evaluate(
      `import("/_web/pay/rules.js").then(({ breachOf }) => ${JSON.stringify(
        cases.map(([amount, due, given]) => ({ amount, due, given: toSnakeCase(given) })),
      )}.map(({ amount, due, given }) => breachOf(amount, due, given) ?? null))`,
    );
    expect(said).toEqual(
      cases.map(
        ([amount, due, given]) => judgePayment({ amount, owed: due, rules: given })[0] ?? null,
      ),
    );
  });

  it("offer exactly the amounts that the core accepts, and suggest one of them", async () => {
    const cases = samplesOf(fc.tuple(owed, rules));
    const offered = await page.evaluate<
      { from?: number; to?: number; exactly?: number; suggested?: number }[]
    >(
      `import("/_web/pay/rules.js").then((made) => ${JSON.stringify(
        cases.map(([due, given]) => ({ due, given: toSnakeCase(given) })),
      )}.map(({ due, given }) => ({ ...made.payableOf(due, given), suggested: made.suggestedAmount(due, given) })))`,
    );
    for (const [index, [due, given]] of cases.entries()) {
      const { from = 1, to = 0, exactly, suggested } = offered[index] ?? {};
      const accepted = (amount: number): boolean =>
        judgePayment({ amount, owed: due, rules: given }).length === 0;
      for (let amount = 1; amount <= 130; amount += 1)
        expect(
          (amount >= from && amount <= to) || amount === exactly,
          JSON.stringify({ due, given, amount }),
        ).toBe(accepted(amount));
      if (suggested !== undefined) expect(accepted(suggested)).toBe(true);
    }
  });

  it("fold the events to what the server says is owed, of everything", async () => {
    const { data } = await shop.get("/_mock/events?limit=500");
    const rows = await page.evaluate<{ id: string; balance?: number; status?: string }[]>(
      `import("/_web/lib/history.js").then((made) => [...made.rowsAt(${JSON.stringify(data)}.map(made.entryOf), Infinity).values()])`,
    );
    const listed = await Promise.all(
      ["customers", "accounts", "bills"].map((kind) => shop.get(`/_mock/${kind}?limit=500`)),
    );
    const said = new Map(
      listed.flatMap((list) => list.data).map((entity) => [entity["id"], entity]),
    );
    expect(rows).toHaveLength(said.size);
    for (const { id, balance, status } of rows) {
      const entity = said.get(id);
      expect(status).toBe(entity?.["status"]);
      if (status === undefined) expect(balance).toBe(entity?.["balance"]);
      else
        expect(balance).toBe(
          status === "voided"
            ? 0
            : Number(entity?.["amount_due"]) - Number(entity?.["amount_paid"]),
        );
    }
  });

  it("quote a command so that a shell runs nothing of what a request holds", async () => {
    const request = {
      method: "POST",
      path: "/billing/customers",
      request_body: `{"name":"'; $(id) '"}`,
    };
    const [command] = await call<string>("lib/curl.js", "curlOf", [[request, "http://mock.test"]]);
    expect(command).toContain(`'{"name":"'\\''; $(id) '\\''"}'`);
    expect(command).toContain('"Authorization: Bearer $TALLYSTICK_KEY"');
  });
});
