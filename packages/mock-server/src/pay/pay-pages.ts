/** What the pay page asks of the server: what is owed, and to pay it. See `pay-contract.ts`. */
import {
  type Entity,
  field,
  type Metadata,
  metadataRefusal,
  parseStreamId,
  toCamelCase,
} from "@tallystick/core";
import type { Page } from "../app.ts";
import { applicationOn } from "../control/payments.ts";
import { type Body, readBody, requireJson } from "../http/body.ts";
import { type Problem, problemOf } from "../http/problem.ts";
import { read, settledFaults } from "../http/read.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";
import { obligationBody, paymentBody } from "../wire/payment.ts";
import { paymentRulesBody } from "../wire/payment-rules.ts";
import { type PayDetails, type PayReceipt, payRequest } from "./pay-contract.ts";
import { entityOf, type PayLink, PayLinks } from "./pay-links.ts";

type Params = Readonly<Record<string, string>>;

const problemResponse = (problem: Problem, path: string): Response =>
  Response.json(problem.document(path), {
    status: problem.status,
    headers: { ...problem.headers, "content-type": "application/problem+json" },
  });

/** A payer knows no keys: the merchant is called by the beginning of its public name. */
const displayName = ({ name, mode }: Merchant): string =>
  `${mode === "test" ? "Test merchant" : "Merchant"} ${name.slice(name.indexOf("-") + 1).slice(0, 6)}`;

/** The link's parameters, without those that are no metadata here (spec 1.3). */
const metadataOf = (parameters: URLSearchParams, merchant: Merchant): Metadata | undefined => {
  const {
    keys,
    key_length: keyLength,
    value_length: valueLength,
  } = merchant.settings.metadata_limits;
  const kept: [string, string][] = [];
  for (const parameter of parameters) {
    if (parameter[0] === "merchant") continue;
    const tried = Object.fromEntries([...kept, parameter]);
    const fits =
      field.metadata.safeParse(tried).success &&
      metadataRefusal(tried, { keys, keyLength, valueLength }) === undefined;
    if (fits) kept.push(parameter);
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

const payerOf = async ({ ledger }: Merchant, entity: Entity): Promise<string | undefined> =>
  entity.object === "customer"
    ? entity.name
    : (await ledger.retrieveCustomer(entity.customerId)).name;

const detailsOf = async ({ merchant, streamId }: PayLink): Promise<PayDetails> => {
  const entity = await entityOf(merchant.ledger, streamId);
  const payer = await payerOf(merchant, entity);
  return {
    merchant: { name: displayName(merchant) },
    obligation: obligationBody(entity),
    reference: entity.externalReference,
    currencies: [...merchant.settings.currencies],
    ...(payer === undefined ? {} : { payer }),
    ...(entity.paymentRules === undefined
      ? {}
      : { payment_rules: paymentRulesBody(entity.paymentRules) }),
    ...(entity.object !== "bill"
      ? {}
      : {
          bill: {
            status: entity.status,
            amount_due: entity.amountDue,
            amount_paid: entity.amountPaid,
            ...(entity.dueDate === undefined ? {} : { due_date: entity.dueDate }),
          },
        }),
  };
};

interface Paid {
  readonly status: 200 | 201;
  readonly body: PayReceipt;
  readonly eventIds: readonly string[];
}

const pay = async ({ merchant, streamId }: PayLink, url: URL, sent: Body): Promise<Paid> => {
  if (sent.value === undefined) throw sent.fault;
  const asked = read(payRequest, sent.value, settledFaults(sent.value, merchant.settings));
  const { kind, id } = parseStreamId(streamId);
  const metadata = metadataOf(url.searchParams, merchant);
  const { ledger, store, book } = merchant;
  const input = { ...(toCamelCase(asked) as typeof asked & { paymentId: string }), [kind]: id };
  const written = await ledger.applyPayment({
    ...input,
    ...(metadata === undefined ? {} : { metadata }),
  });
  const event = await applicationOn(store, book, written.payment.id, streamId);
  const entity = written.entity ?? (await entityOf(ledger, streamId));
  return {
    status: written.replayed ? 200 : 201,
    body: {
      payment: { ...paymentBody(written.payment), paid_at: event.effectiveAt },
      obligation: obligationBody(entity),
    },
    eventIds: written.replayed ? [] : [event.id],
  };
};

export interface PayPagesContext {
  readonly merchants: Merchants;
  readonly listBooks: () => Promise<readonly string[]>;
  /** Told of what went wrong here, and not on the payer's side. */
  readonly onFailure: (error: unknown) => void;
}

/** Pages without a key; whoever holds the link may see what is owed and pay it. */
export const payPages = ({ merchants, listBooks, onFailure }: PayPagesContext): readonly Page[] => {
  const links = new PayLinks(merchants, listBooks);
  const failed = (error: unknown, url: URL): Response => {
    const problem = problemOf(error);
    if (problem.status >= 500) onFailure(problem.cause ?? problem);
    return problemResponse(problem, url.pathname);
  };
  const answer = async (
    request: Request,
    { obligation = "" }: Params,
    work: (link: PayLink, url: URL) => Promise<Response>,
  ): Promise<Response> => {
    const url = new URL(request.url);
    const only = url.searchParams.get("merchant") ?? undefined;
    try {
      return await links.use(obligation, only, (link) => work(link, url));
    } catch (error) {
      return failed(error, url);
    }
  };
  const answerPayment = async (request: Request, params: Params): Promise<Response> => {
    let sent: Body;
    try {
      // Asked for by name, so that no page of another site can send it without leave.
      requireJson(request.headers.get("content-type") ?? "");
      sent = await readBody(request);
    } catch (error) {
      return failed(error, new URL(request.url));
    }
    return answer(request, params, async (link, url) => {
      const outcome = await pay(link, url, sent).then(
        ({ status, body, eventIds }) => ({ response: Response.json(body, { status }), eventIds }),
        (error: unknown) => ({ response: failed(error, url), eventIds: [] }),
      );
      await notePayment(link.merchant, url, sent, outcome);
      return outcome.response;
    });
  };

  return [
    {
      path: "/pay/:obligation/details",
      handle: (request, params) =>
        answer(request, params, async (link) =>
          Response.json(await detailsOf(link), { headers: { "cache-control": "no-store" } }),
        ),
    },
    { method: "POST", path: "/pay/:obligation/payments", handle: answerPayment },
  ];
};

/** Enters what came of a payment into the merchant's journal. */
const notePayment = async (
  { journal, clock }: Merchant,
  url: URL,
  { text }: Body,
  { response, eventIds }: { readonly response: Response; readonly eventIds: readonly string[] },
): Promise<void> => {
  journal.add({
    at: clock.now(),
    method: "POST",
    path: url.pathname + url.search,
    status: response.status,
    request_body: text,
    response_body: await response.clone().text(),
    events: eventIds,
  });
};
