/** The problems that an operation can end in, as responses that the document refers to by name. */
import { z } from "zod";
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi";
import { Problem, type ProblemCode, problemCodes } from "../http/problem.ts";
import type { Operation } from "./operation.ts";

const problem = z
  .object({
    type: z.string().meta({ format: "uri" }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    instance: z.string().meta({ description: "The path of the request." }),
    code: z.enum(Object.keys(problemCodes) as [string, ...string[]]),
    reason: z
      .string()
      .meta({ description: "The ledger's own code, finer than `code`." })
      .optional(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .meta({ description: "Every fault of the request." })
      .optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457." });

const seconds = z.string().regex(/^\d+$/).meta({ description: "Seconds to wait." });

interface Described {
  readonly id: string;
  readonly code: ProblemCode;
  readonly description: string;
  readonly detail: string;
  readonly headers?: z.ZodObject;
}

const described: Readonly<Record<number, Described>> = {
  400: {
    id: "InvalidRequest",
    code: "invalid_request",
    description: "Something is missing or malformed; `errors` tells of all of it at once.",
    detail: "amount_due must be a whole number from 1 to 99999999",
  },
  401: {
    id: "Unauthorized",
    code: "unauthorized",
    description: "No key, a malformed key, or one that nobody has.",
    detail: "no key was given; send Authorization: Bearer sk_test_…",
    headers: z.object({ "WWW-Authenticate": z.literal("Bearer") }),
  },
  403: {
    id: "Forbidden",
    code: "forbidden",
    description: "A public key, or one that was deleted.",
    detail: "a public key may not be used here; use the secret key",
  },
  404: {
    id: "NotFound",
    code: "not_found",
    description: "Something that was named does not exist.",
    detail: "no bill has the id or reference BILL-2026-0999",
  },
  409: {
    id: "Conflict",
    code: "conflict",
    description:
      "What is there stands in the way: a reference that is taken, a state that allows no such change, or the first request under the key that still runs.",
    detail: "the first request with the key 5d0b9a52 is still being answered",
  },
  413: {
    id: "PayloadTooLarge",
    code: "payload_too_large",
    description: "The body has more than 1 MiB.",
    detail: "the body has more than 1048576 bytes",
  },
  415: {
    id: "UnsupportedMediaType",
    code: "unsupported_media_type",
    description: "The body is not JSON.",
    detail: "the body is text/plain; send application/json",
  },
  422: {
    id: "Unprocessable",
    code: "unprocessable",
    description:
      "Well formed, and refused: by the rules of what is owed, or because the key was used for another request.",
    detail: "the key 5d0b9a52 was used before, for another request; use a new key",
  },
  429: {
    id: "RateLimited",
    code: "rate_limited",
    description: "More requests than the merchant has settled.",
    detail: "more than 100 requests in 60 seconds; wait 12 seconds",
    headers: z.object({ "Retry-After": seconds }),
  },
  500: {
    id: "InternalError",
    code: "internal_error",
    description: "A failure of the server's own.",
    detail: "Something went wrong here. Repeat the request with its idempotency key.",
  },
  503: {
    id: "ServiceUnavailable",
    code: "service_unavailable",
    description: "The store cannot be used now.",
    detail: "This cannot be served now. Repeat the request with its idempotency key.",
    headers: z.object({ "Retry-After": seconds }),
  },
};

const responses = new Map<number, ZodOpenApiResponseObject>();

/** One object a status: the document names it once and refers to it. */
const responseOf = (status: number): ZodOpenApiResponseObject => {
  const known = responses.get(status);
  if (known !== undefined) return known;
  const found = described[status];
  if (found === undefined) throw new Error(`status ${status} is not described`);
  const { id, code, description, detail, headers } = found;
  const example = new Problem(code, detail).document("/billing/bills");
  const response: ZodOpenApiResponseObject = {
    id,
    description,
    content: { "application/problem+json": { schema: problem, example } },
    ...(headers === undefined ? {} : { headers }),
  };
  responses.set(status, response);
  return response;
};

const faulty: ZodOpenApiResponseObject = {
  id: "Faulty",
  description: "A fault that was entered at `/_mock/faults`, of any status from 400 to 599.",
  content: { "application/problem+json": { schema: problem } },
};

/** Statuses of problems, ascending: those of the way to the handler, and its own refusals. */
const statusesOf = (operation: Operation): readonly number[] => {
  const { body, params, query, idempotencyKey, tag, refusals = [] } = operation;
  const statuses = new Set<number>([...refusals, 500, 503]);
  const add = (...more: readonly number[]): void => {
    for (const status of more) statuses.add(status);
  };
  if ([body, params, query, idempotencyKey].some((each) => each !== undefined)) add(400);
  if (tag !== "pay") add(401, 403);
  if (tag === "billing") add(429);
  if (body !== undefined) add(413, 415);
  if (idempotencyKey !== undefined) add(409, 422);
  return [...statuses].sort((one, other) => one - other);
};

export const problemResponses = (operation: Operation): ZodOpenApiResponsesObject => {
  const found: ZodOpenApiResponsesObject = {};
  for (const status of statusesOf(operation)) found[`${status}` as "400"] = responseOf(status);
  if (operation.tag !== "pay") found.default = faulty;
  return found;
};
