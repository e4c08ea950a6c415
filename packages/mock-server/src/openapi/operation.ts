/** What the OpenAPI document says of one operation: a route, or what the pay page asks without a key. */
import type { Route } from "../http/route.ts";

type Whole = Route<unknown, unknown, unknown>;

export interface Operation
  extends Pick<
    Whole,
    | "method"
    | "path"
    | "id"
    | "summary"
    | "params"
    | "query"
    | "idempotencyKey"
    | "answers"
    | "refusals"
    | "media"
  > {
  /** `pay` needs no key. */
  readonly tag: Whole["tag"] | "pay";
  readonly body?: Pick<NonNullable<Whole["body"]>, "loose">;
}
