/** A client against a script: each request gets the next answer, and what was sent is kept. */
import { seededHost } from "../../host/seeded-host.ts";
import { createMomentClient, type MomentClient } from "../client.ts";
import type { MomentClientOptions } from "../options.ts";

/** An answer, an error that `fetch` rejects with, or `silence`: no answer until the time is up. */
export type Step = (() => Response) | Error | typeof silence;

export const silence = "silence";

/** What was sent, as the API sees it. */
interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: string;
  readonly body: string;
}

export interface Scripted {
  readonly client: MomentClient;
  readonly sent: readonly Sent[];
  /** The pauses between attempts, in milliseconds. */
  readonly pauses: readonly number[];
}

export const secretKey = "sk_test_9rZk3Lm0";

/** An object as Moment answers it. */
export type Body = Readonly<Record<string, unknown>> & { readonly id: string };

export const customerBody: Body = {
  id: "bcus_u8jzPde0IgxLd6GncfBAe",
  external_reference: "CUST-40217",
  name: "Lerato Dlamini",
  currency: "ZAR",
  balance: 48350,
};
export const accountBody: Body = {
  id: "bacc_pfJBd0Kh8oOOL8dKLzdoc",
  external_reference: "ACC-7781",
  customer_id: customerBody.id,
  name: "Fibre line, Rivonia",
};
export const billBody: Body & { readonly payment_rules: object } = {
  id: "bill_J2isAjIhKtJ0RlgLKOmxg",
  external_reference: "BILL-0317",
  customer_id: customerBody.id,
  account_id: accountBody.id,
  status: "unpaid",
  currency: "ZAR",
  amount_due: 37650,
  amount_paid: 12550,
  amount_remaining: 25100,
  bill_date: "2026-03-01",
  due_date: "2026-03-25",
  payment_rules: {
    min_amount: 1000,
    max_amount: 37650,
    underpayment_allowed: true,
    overpayment_allowed: false,
  },
  metadata: { period_of: "2026-03" },
};

/** A JSON answer; a text goes out as it is. */
export const answer =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  (): Response =>
    new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });

/** A problem document (spec 2.4). */
export const problem = (
  status: number,
  members: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): (() => Response) => answer(status, { title: `title ${status}`, status, ...members }, headers);

/** The header of a stored answer. */
export const replay: Readonly<Record<string, string>> = { "idempotent-replayed": "true" };

/** Nobody waits: pauses are written down, and only a request that meets `silence` runs out of time. */
export const scripted = (
  steps: readonly Step[],
  options: Partial<MomentClientOptions> = {},
): Scripted => {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  let timeout = new AbortController();
  const { now, randomBytes } = seededHost();
  const client = createMomentClient({
    secretKey,
    fetch: async (request) => {
      const { method, url, headers, redirect } = request;
      sent.push({ method, url, headers, redirect, body: await request.text() });
      const step = steps[sent.length - 1];
      if (step === undefined) throw new Error(`nobody expected request ${sent.length}`);
      if (step instanceof Error) throw step;
      if (step !== silence) return step();
      timeout.abort();
      return new Promise<Response>(() => {});
    },
    host: {
      now,
      randomBytes,
      pause: (ms) => {
        pauses.push(ms);
        return Promise.resolve();
      },
      timeout: () => {
        timeout = new AbortController();
        return timeout.signal;
      },
    },
    ...options,
  });
  return { client, sent, pauses };
};

/** What a promise rejects with; an error of the test's own if it does not. */
export const rejectionOf = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
};
