/** What a schema finds wrong with an input, as faults: each by its path, and in sentences of ours. */
import type { z } from "zod";
import type { Fault } from "../kernel/errors.ts";

type Issue = z.core.$ZodIssue;

/** What zod calls a type, as a reader calls it. */
const nouns: Readonly<Record<string, string>> = {
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const shown = (values: readonly unknown[]): string => {
  const texts = values.map(String);
  const last = texts.pop() ?? "";
  return texts.length === 0 ? last : `${texts.join(", ")} or ${last}`;
};

const bound = (origin: string, limit: unknown, side: "more" | "less"): string => {
  const many = side === "more" ? "at least" : "at most";
  if (origin === "string") return `must have ${many} ${String(limit)} characters`;
  if (origin === "array" || origin === "object" || origin === "record")
    return `must have ${many} ${String(limit)} members`;
  return `must be ${String(limit)} or ${side}`;
};

/** A sentence of ours goes on where the field's name ends; zod's own begin with a capital. */
const isOurs = ({ message }: Issue): boolean => /^[a-z]/.test(message);

const message = (issue: Issue): string => {
  const isMissing = issue.code === "invalid_type" || issue.code === "invalid_value";
  if (isMissing && issue.input === undefined) return "is required";
  if (isOurs(issue)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${nouns[issue.expected] ?? `a ${issue.expected}`}`;
    case "invalid_value":
      return `must be ${shown(issue.values)}`;
    case "too_small":
      return bound(issue.origin, issue.minimum, "more");
    case "too_big":
      return bound(issue.origin, issue.maximum, "less");
    default:
      return "is not what is meant here";
  }
};

/** Every fault behind these issues; `prefix` is where their paths begin. */
export const faultsOf = (issues: readonly Issue[], prefix: readonly PropertyKey[]): Fault[] =>
  issues.flatMap((issue): Fault[] => {
    const path = [...prefix, ...issue.path];
    const at = (tail: readonly PropertyKey[]): string => tail.map(String).join(".");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        field: at([...path, key.slice(0, 60)]),
        message: "is not known here",
      }));
    // Of a union that has no sentence, the branch that got furthest says what is wrong.
    if (issue.code === "invalid_union" && issue.errors.length > 0 && !isOurs(issue)) {
      const branch = issue.errors.find((errors) =>
        errors.some(({ path: deep }) => deep.length > 0),
      );
      return faultsOf(branch ?? issue.errors[0] ?? [], path);
    }
    return [{ field: at(path), message: message(issue) }];
  });
