/**
 * Problem documents (RFC 9457, spec 2.4): what Moment says when it refuses. Members of another type
 * than they should have are passed over: a refusal must not get lost over its own explanation.
 */
import type { Fault } from "@tallystick/core";
import { z } from "zod";

/** The members in Moment's own words, absent where it did not say. */
export interface Problem {
  /** A URI for the kind of problem. */
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  /** What happened this time. */
  readonly detail?: string;
  /** The path of the request. */
  readonly instance?: string;
  /** Such as `not_found` (D-09). */
  readonly code?: string;
  /** The fields at fault, in the API's spelling: `amount_due` (D-11). */
  readonly errors?: readonly Fault[];
}

const text = z.string().optional().catch(undefined);
const schema = z.object({
  type: text,
  title: text,
  status: z.number().optional().catch(undefined),
  detail: text,
  instance: text,
  code: text,
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .catch(undefined),
});

/** The JSON value of a text, each of its texts given to `map`; undefined if it is no JSON. */
export const parseJson = (body: string, map: (text: string) => string): unknown => {
  try {
    return JSON.parse(body, (_, value: unknown) =>
      typeof value === "string" ? map(value) : value,
    );
  } catch {
    return undefined;
  }
};

/** The problem that a body states; undefined if it is no JSON object. `redact` is laid over every text. */
export const readProblem = (
  body: string,
  redact: (text: string) => string,
): Problem | undefined => {
  const read = schema.safeParse(parseJson(body, redact));
  if (!read.success) return undefined;
  const said = Object.entries(read.data).filter(([, member]) => member !== undefined);
  return Object.fromEntries(said) as Problem;
};
