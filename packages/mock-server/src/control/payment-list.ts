/** The payments of a book, with where they went. */
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { bookIndexOf } from "../merchant/book-index.ts";
import { countedPageQuery, limitDefault, ownerQuery, pageBody, pageOf } from "../wire/list.ts";
import { listedPaymentBody, listedPaymentSchema } from "../wire/listed-payment.ts";

const query = z.strictObject({
  ...countedPageQuery,
  ...ownerQuery,
  status: z.enum(["succeeded", "reversed", "suspended"]).optional(),
});

export const paymentListRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/payments",
    id: "listPayments",
    summary: "List payments with their obligations, oldest first",
    tag: "mock",
    query,
    answers: { 200: pageOf(listedPaymentSchema) },
    refusals: [404],
    async handle({ merchant, ledger, query: { after = 0, limit = limitDefault, ...asked } }) {
      const { status, customer } = asked;
      const rows = await bookIndexOf(merchant).payments({
        status,
        customer: customer === undefined ? undefined : (await ledger.retrieveCustomer(customer)).id,
        after,
        count: limit + 1,
      });
      const page = pageBody(rows, limit, ({ place }) => place);
      return { status: 200, body: { ...page, data: page.data.map(listedPaymentBody) } };
    },
  }),
];
