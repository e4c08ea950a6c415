/**
 * Routes are data: method, path, the schemas of what comes in and of every answer, and the handler
 * behind them. What validates a request is what the OpenAPI document is written from.
 */
import type { Ledger, RecordedEvent } from "@tallystick/core";
import { z } from "zod";
import type { Merchant } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";

/** A body in two readings: passing unknown members over (D-42), or refusing them (`strict`). */
export interface BodySchema<Body> {
  readonly loose: z.ZodType<Body>;
  readonly strict: z.ZodType<Body>;
}

/** Makes an object schema that treats unknown members as the reading wants it. */
export type ObjectOf = <Shape extends z.core.$ZodShape>(shape: Shape) => z.ZodObject<Shape>;

/** Both readings of the schema that `make` makes, each made when it is first needed. */
export const bodySchema = <Body>(make: (object: ObjectOf) => z.ZodType<Body>): BodySchema<Body> => {
  let loose: z.ZodType<Body> | undefined;
  let strict: z.ZodType<Body> | undefined;
  return {
    get loose() {
      loose ??= make(z.object as ObjectOf);
      return loose;
    },
    get strict() {
      strict ??= make(z.strictObject as unknown as ObjectOf);
      return strict;
    },
  };
};

/** One request on its way to a handler, read and checked. */
export interface Call<Params, Query, Body> {
  readonly merchant: Merchant;
  /** All of them, for what concerns two. */
  readonly merchants: Merchants;
  /** Of the merchant's book. */
  readonly ledger: Ledger;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /**
   * To be handed to the one writing verb of the handler: derived from the `Idempotency-Key`, so that
   * a retry after a crash meets the outcome of the first attempt. Undefined where no key was given.
   */
  readonly idempotencyKey: string | undefined;
  /** For headers, and for a body that no schema reads; its signal is aborted when the caller has gone. */
  readonly request: Request;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; left out for an answer without a body. */
  readonly body?: unknown;
  /** What the request wrote, for the journal. */
  readonly events?: readonly RecordedEvent[];
  /** Sent instead of `body`, as it is: streams and files. Only without an idempotency key. */
  readonly response?: Response;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Route<Params = never, Query = never, Body = never> {
  readonly method: Method;
  /** With parameters in braces: `/billing/bills/{bill}`. */
  readonly path: string;
  /** Names the operation in the OpenAPI document. */
  readonly id: string;
  readonly summary: string;
  readonly tag: "billing" | "mock";
  readonly params?: z.ZodObject & z.ZodType<Params>;
  readonly query?: z.ZodObject & z.ZodType<Query>;
  readonly body?: BodySchema<Body>;
  /** No member is required, and no body at all is read as an object without any. */
  readonly bodyOptional?: true;
  /** Absent: the header is not looked at. `required` yields to the merchant's settings (D-04). */
  readonly idempotencyKey?: "required" | "optional";
  /** Nothing else of the merchant runs meanwhile: for what replaces its ledger. */
  readonly exclusive?: true;
  /** Waits for others, such as webhook endpoints or a caller who sends slowly: nothing that is exclusive waits for it. */
  readonly apart?: true;
  /** Successes by status; undefined for one without a body, or with one that is no JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  /** Statuses of the handler's own refusals. Those of the way to it follow from what it takes. */
  readonly refusals?: readonly number[];
  /** Media types of what is sent and of what is answered, where they are not JSON. */
  readonly media?: { readonly body?: string; readonly answer?: string };
  handle(call: Call<Params, Query, Body>): Promise<Answer>;
}

/** A route whose types were checked where it was written. */
export type AnyRoute = Route<never, never, never>;

/** Checks a route's handler against its schemas. */
export const route = <Params = unknown, Query = unknown, Body = undefined>(
  written: Route<Params, Query, Body>,
): AnyRoute => written as unknown as AnyRoute;
