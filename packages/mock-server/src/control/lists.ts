/** What there is in a book: customers, accounts, bills, by the filters of the ledger's own lists. */
import type { Entity } from "@tallystick/core";
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { accountBody, accountSchema } from "../wire/account.ts";
import { billBody, billSchema } from "../wire/bill.ts";
import { customerBody, customerSchema } from "../wire/customer.ts";
import { balance, currency, obligationId } from "../wire/fields.ts";
import { ownerQuery, pageOf, pageQuery, sumQuery } from "../wire/list.ts";

/** What the mock says of an object beyond what `/billing` answers. */
const besides = {
  obligation_id: obligationId.meta({
    description: "The pay page of it is `/pay/{obligation_id}`.",
  }),
  other_balances: z
    .array(z.object({ currency, balance }))
    .meta({ description: "Sums left in currencies that it was kept in before." })
    .optional(),
};

const besidesBody = ({ obligationId: id, otherBalances }: Entity): object => ({
  obligation_id: id,
  ...(otherBalances === undefined ? {} : { other_balances: otherBalances }),
});

const customers = z.strictObject({ ...pageQuery, ...sumQuery });
const accounts = z.strictObject({ ...pageQuery, ...ownerQuery, ...sumQuery });
const bills = z.strictObject({
  ...pageQuery,
  ...ownerQuery,
  ...sumQuery,
  status: z.enum(["unpaid", "paid", "voided"]).optional(),
});

export const listRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/customers",
    id: "listCustomers",
    summary: "List customers, oldest first",
    tag: "mock",
    query: customers,
    answers: { 200: pageOf(customerSchema.extend(besides)) },
    async handle({ ledger, query }) {
      const page = await ledger.listCustomers(query);
      const data = page.data.map((each) => ({ ...customerBody(each), ...besidesBody(each) }));
      return { status: 200, body: { ...page, data } };
    },
  }),
  route({
    method: "GET",
    path: "/_mock/accounts",
    id: "listAccounts",
    summary: "List accounts, oldest first",
    tag: "mock",
    query: accounts,
    answers: { 200: pageOf(accountSchema.extend(besides)) },
    refusals: [404],
    async handle({ ledger, query }) {
      const page = await ledger.listAccounts(query);
      const data = page.data.map((each) => ({ ...accountBody(each), ...besidesBody(each) }));
      return { status: 200, body: { ...page, data } };
    },
  }),
  route({
    method: "GET",
    path: "/_mock/bills",
    id: "listBills",
    summary: "List bills, oldest first",
    tag: "mock",
    query: bills,
    answers: { 200: pageOf(billSchema.extend(besides)) },
    refusals: [404],
    async handle({ ledger, query }) {
      const page = await ledger.listBills(query);
      const data = page.data.map((each) => ({ ...billBody(each), ...besidesBody(each) }));
      return { status: 200, body: { ...page, data } };
    },
  }),
];
