/** Lists: paging gives every object once, in order of creation; filters find what brute force finds. */
import type {
  Account,
  Bill,
  BillQuery,
  Customer,
  Entity,
  Ledger,
  ListQuery,
  Page,
} from "@tallystick/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { fewCurrencies } from "../arbitraries/money.ts";
import { slots } from "../arbitraries/names.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { holds, type Play } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

const queries = fc.record({
  currency: optional(fewCurrencies),
  owing: optional(fc.boolean()),
  credit: optional(fc.boolean()),
  customer: optional(fc.constantFrom(...slots.customer)),
  account: optional(fc.constantFrom(...slots.account)),
  status: optional(fc.constantFrom("unpaid" as const, "paid" as const, "voided" as const)),
});

/** Everything that a list gives, page by page. */
const pages = async <Item>(
  limit: number,
  page: (query: { limit: number; after?: string }) => Promise<Page<Item>>,
): Promise<Item[]> => {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const { data, next } = await page({ limit, ...(after === undefined ? {} : { after }) });
    if (next !== undefined) tally.count("further page");
    items.push(...data);
    after = next;
  } while (after !== undefined);
  return items;
};

/** Every object, each read by itself, in order of creation. */
const all = async (play: Play): Promise<Entity[]> => {
  const entities: Entity[] = [];
  for (const { type, streamId } of await play.events()) {
    const [kind, id = ""] = streamId.split("/");
    if (!type.endsWith(".created")) continue;
    if (kind === "customer") entities.push(await play.ledger.retrieveCustomer(id));
    else
      entities.push(
        await (kind === "account" ? play.ledger.retrieveAccount(id) : play.ledger.retrieveBill(id)),
      );
  }
  return entities;
};

const sums = async (
  ledger: Ledger,
  { object, id }: Entity,
): Promise<{ currency: string; balance: number }[]> => [
  ...(await ledger.balanceOf({ [object]: id })).balances,
];

type Query = BillQuery & ListQuery;

const expected = async (play: Play, object: Entity["object"], query: Query): Promise<Entity[]> => {
  const found: Entity[] = [];
  for (const entity of await all(play)) {
    const balances = await sums(play.ledger, entity);
    const currencies = [entity.currency, ...balances.map(({ currency }) => currency)];
    const fits =
      entity.object === object &&
      (query.currency === undefined || currencies.includes(query.currency)) &&
      (query.owing === undefined || query.owing === balances.some(({ balance }) => balance > 0)) &&
      (query.credit === undefined ||
        query.credit === balances.some(({ balance }) => balance < 0)) &&
      (query.customer === undefined ||
        (entity.object !== "customer" &&
          entity.customerId === play.idOf("customer", query.customer))) &&
      (query.account === undefined ||
        (entity.object === "bill" && entity.accountId === play.idOf("account", query.account))) &&
      (query.status === undefined || (entity.object === "bill" && entity.status === query.status));
    if (fits) found.push(entity);
  }
  return found;
};

const known = (
  { customer, account, ...filters }: Query,
  play: Play,
  kinds: readonly string[],
): Query => ({
  ...Object.fromEntries(
    Object.entries(filters).filter(
      ([key, value]) => value !== undefined && (key !== "status" || kinds.includes("status")),
    ),
  ),
  ...(customer !== undefined &&
  kinds.includes("customer") &&
  play.idOf("customer", customer) !== undefined
    ? { customer }
    : {}),
  ...(account !== undefined &&
  kinds.includes("account") &&
  play.idOf("account", account) !== undefined
    ? { account }
    : {}),
});

describe.each(stores)("on the $name store", (store) => {
  it("pages hold every object once, and filters equal brute force", { timeout: patienceMs }, () =>
    holds(
      store,
      60,
      fc.tuple(histories(), queries, fc.integer({ min: 1, max: 4 })),
      async ({ play }, [history, query, limit]) => {
        await play.runAll(history);
        const { ledger } = play;
        const lists = [
          ["customer", [], (given: Query): Promise<Page<Customer>> => ledger.listCustomers(given)],
          [
            "account",
            ["customer"],
            (given: Query): Promise<Page<Account>> => ledger.listAccounts(given),
          ],
          [
            "bill",
            ["customer", "account", "status"],
            (given: Query): Promise<Page<Bill>> => ledger.listBills(given),
          ],
        ] as const;
        for (const [object, filters, list] of lists) {
          expect((await list({ limit })).data.length).toBeLessThanOrEqual(limit);
          expect(await pages<Entity>(limit, list)).toEqual(await expected(play, object, {}));
          const asked = known(query, play, filters);
          const found = await expected(play, object, asked);
          expect(
            await pages<Entity>(limit, (page) => list({ ...asked, ...page })),
            JSON.stringify(asked),
          ).toEqual(found);
          for (const name of Object.keys(asked))
            tally.count(`${object} by ${name}${found.length > 0 ? "" : ", none"}`);
        }
        // A page of suspense counts payments, and one payment may hold several sums.
        const suspense = await ledger.listSuspense({ limit: 500 });
        expect(await pages(limit, (page) => ledger.listSuspense(page))).toEqual(suspense.data);
        await tally.add(play);
      },
    ),
  );
});

afterAll(() =>
  tally.expect([
    ...everyHistory,
    "further page",
    ...["currency", "owing", "credit"].flatMap((filter) => [
      `customer by ${filter}`,
      `account by ${filter}`,
      `bill by ${filter}`,
    ]),
    "account by customer",
    "bill by customer",
    "bill by account",
    "bill by status",
  ]),
);
