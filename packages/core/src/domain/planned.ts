/** What deciders answer with: events for streams, in order. */
import type { Instant } from "../kernel/instant.ts";
import type { DomainEvent } from "./events.ts";

/** An event that is yet to be written; without `effectiveAt` it is true from when it is recorded. */
export type PlannedEvent = DomainEvent & { readonly effectiveAt?: Instant | undefined };

/** The value without its undefined members: absent is left out of what is stored (D-22). */
export const compact = <const Value extends object>(value: Value): Compact<Value> => {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = value[key as keyof Value];
    if (member !== undefined) kept[key] = member;
  }
  return kept as Compact<Value>;
};

export type Compact<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & {
  [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<
    Value[Key],
    undefined
  >;
};
