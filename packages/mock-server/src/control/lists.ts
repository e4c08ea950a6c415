/** Everything of a kind, oldest first, page by page. `/billing` has no lists; these are the mock's own. */
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { accountBody, accountSchema } from "../wire/account.ts";
import { billBody, billSchema } from "../wire/bill.ts";
import { customerBody, customerSchema } from "../wire/customer.ts";
import { idOrReference } from "../wire/fields.ts";

const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const paging = {
  /** 1 to 500. */
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `next` of the page before. */
  after: z.string().optional(),
  owing: flag.optional(),
  credit: flag.optional(),
};

const pageOf = (schema: z.ZodType) =>
  z.object({ data: z.array(schema), next: z.string().optional() });

const page = <Item>(
  { data, next }: { readonly data: readonly Item[]; readonly next?: string },
  body: (item: Item) => unknown,
) => ({ status: 200, body: { data: data.map(body), ...(next === undefined ? {} : { next }) } });

export const listRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/customers",
    id: "listCustomers",
    summary: "Customers, oldest first",
    tag: "mock",
    query: z.object(paging),
    answers: { 200: pageOf(customerSchema) },
    handle: async ({ ledger, query }) => page(await ledger.listCustomers(query), customerBody),
  }),
  route({
    method: "GET",
    path: "/_mock/accounts",
    id: "listAccounts",
    summary: "Accounts, oldest first",
    tag: "mock",
    query: z.object({ ...paging, customer: idOrReference.optional() }),
    answers: { 200: pageOf(accountSchema) },
    handle: async ({ ledger, query }) => page(await ledger.listAccounts(query), accountBody),
  }),
  route({
    method: "GET",
    path: "/_mock/bills",
    id: "listBills",
    summary: "Bills, oldest first",
    tag: "mock",
    query: z.object({
      ...paging,
      customer: idOrReference.optional(),
      status: z.enum(["unpaid", "paid", "voided"]).optional(),
    }),
    answers: { 200: pageOf(billSchema) },
    handle: async ({ ledger, query }) => page(await ledger.listBills(query), billBody),
  }),
];
