/**
 * The fields that commands and events are made of, each with its one schema. Numbers that are no
 * whole minor units, texts that no database can keep, keys that JavaScript would swallow: all of it
 * is met here, once.
 */
import { z } from "zod";
import { acceptsOf, quickly } from "../kernel/accepts.ts";
import { idPatterns } from "../kernel/ids.ts";
import { isCalendarDate, isInstant, parseInstant } from "../kernel/instant.ts";
import { isCurrency } from "../money/currency.ts";
import { amountMax, billAmountMax } from "../money/minor-units.ts";

/** A rule over a value: what is wrong with it, or nothing. Cheaper than zod's `superRefine`. */
const rule =
  <Value>(fault: (value: Value) => string | undefined) =>
  ({ value, issues }: z.core.ParsePayload<Value>): void => {
    const message = fault(value);
    if (message !== undefined)
      issues.push({ code: "custom", message, input: value, continue: true });
  };

const unstorable = /[\0\p{Surrogate}]/u;
/** Every unit is a character, and none of them is NUL. */
const plain = /^[^\0\ud800-\udfff]*$/;

/** Text that every store can keep: no NUL, no half of a surrogate pair. Length in characters. */
export const text = (min: number, max: number): z.ZodString =>
  quickly(
    z.string().check(
      rule((value) => {
        const isPlain = plain.test(value);
        // A character has two code units at the most: far beyond the bound, nobody needs the exact count.
        const length = isPlain || value.length > 4 * max ? value.length : Array.from(value).length;
        if (length < min || length > max)
          return length < min && min === 1
            ? "must not be empty"
            : `must have ${min} to ${max} characters, has ${length}`;
        return isPlain || !unstorable.test(value)
          ? undefined
          : "must not contain NUL or half of a surrogate pair";
      }),
    ),
    (value) =>
      typeof value === "string" && value.length >= min && value.length <= max && plain.test(value),
  );

/** The pattern lets nothing through but printable ASCII. */
const matching = (pattern: RegExp, what: string): z.ZodString =>
  quickly(
    text(1, 255).regex(pattern, { error: `must be ${what}` }),
    (value) => typeof value === "string" && value.length <= 255 && pattern.test(value),
  );

const wholeNumber = (min: number, max: number): z.ZodNumber => {
  const fault = (value: number): string | undefined =>
    !Number.isInteger(value)
      ? "must be a whole number of minor units"
      : value < min || value > max
        ? `must be from ${min} to ${max}, is ${value}`
        : Object.is(value, -0)
          ? "must not be minus zero"
          : undefined;
  return quickly(
    z.number({ error: "must be a whole number of minor units" }).check(rule(fault)),
    (value) => typeof value === "number" && fault(value) === undefined,
  );
};

/** A signed sum: |value| ≤ 10^15 (D-14). */
export const signedAmount: z.ZodNumber = wholeNumber(-amountMax, amountMax);
/** The distance between two balances: |value| ≤ 2 × 10^15. */
export const effect: z.ZodNumber = wholeNumber(-2 * amountMax, 2 * amountMax);
/** A sum that moves: from 1 to 10^15. */
export const positiveAmount: z.ZodNumber = wholeNumber(1, amountMax);
/** From 0 to 10^15. */
export const unsignedAmount: z.ZodNumber = wholeNumber(0, amountMax);
/** What a bill asks for: 1 to 99999999 (spec 2.6). */
export const amountDue: z.ZodNumber = wholeNumber(1, billAmountMax);
/** What is put in as paid on a bill: 0 to 99999999 (spec 2.6); sums may pass it. */
export const amountPaid: z.ZodNumber = wholeNumber(0, billAmountMax);

export const currency: z.ZodString = quickly(
  z
    .string()
    .check(
      rule((value) =>
        isCurrency(value) ? undefined : "must be an ISO 4217 code in capitals, such as ZAR",
      ),
    ),
  (value) => typeof value === "string" && isCurrency(value),
);

export const customerId: z.ZodString = matching(idPatterns.customer, "an id such as bcus_1a2B");
export const accountId: z.ZodString = matching(idPatterns.account, "an id such as bacc_1a2B");
export const billId: z.ZodString = matching(idPatterns.bill, "an id such as bill_1a2B");
export const obligationId: z.ZodString = matching(idPatterns.obligation, "an id such as ob_1a2B");
export const paymentId: z.ZodString = matching(idPatterns.payment, "an id such as pay_1a2B");
export const eventId: z.ZodString = matching(idPatterns.event, "an id such as evt_1a2B");

/**
 * A row of somebody else's file, known by its content, and from the second of that content on by the
 * how manieth it is.
 */
export const rowId: z.ZodString = matching(
  /^row_[0-9a-f]{32}(_([2-9]|[1-9][0-9]{1,8}))?$/,
  "the id of a row, such as row_0f1e2d3c4b5a69788796a5b4c3d2e1f0",
);

/** A merchant's own reference; prefixes that would read as an id are reserved (D-18). */
export const externalReference = (...reserved: readonly string[]): z.ZodString =>
  matching(/^[a-zA-Z0-9_-]+$/, "letters, digits, _ and - only").check(
    rule((value) => {
      const prefix = reserved.find((start) => value.startsWith(start));
      return prefix === undefined ? undefined : `must not begin with the reserved ${prefix}`;
    }),
  );

/** An id, or an external reference: what spec 2.8 takes in every path. */
export const idOrReference: z.ZodString = matching(
  /^[a-zA-Z0-9_-]+$/,
  "an id or an external reference",
);

export const name: z.ZodString = text(0, 255);
export const emailAddress: z.ZodString = text(1, 255).regex(z.regexes.unicodeEmail, {
  error: "must be an e-mail address",
});
export const phone: z.ZodString = matching(
  /^\+[1-9]\d{1,14}$/,
  "a number in E.164 form such as +27825550142",
);
export const calendarDate: z.ZodString = quickly(
  z
    .string()
    .check(
      rule((value) =>
        isCalendarDate(value) ? undefined : "must be a date that exists, as YYYY-MM-DD",
      ),
    ),
  (value) => typeof value === "string" && isCalendarDate(value),
);
/** Canonical form, as stored. */
export const storedInstant: z.ZodString = quickly(
  z
    .string()
    .check(
      rule((value) =>
        isInstant(value) ? undefined : "must be an instant such as 2026-03-01T00:00:00.000Z",
      ),
    ),
  (value) => typeof value === "string" && isInstant(value),
);
/** Any ISO 8601 date-time with a zone; read into canonical form. */
export const anyInstant: z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> = z
  .string()
  .transform((value, context) => {
    const instant = parseInstant(value);
    if (instant !== undefined) return instant;
    context.addIssue({
      code: "custom",
      message: "must be an ISO 8601 date-time with a zone, such as 2026-03-01T00:00:00Z",
    });
    return z.NEVER;
  });

/** One of them, or more. */
export const someOf = <Item extends z.ZodType>(item: Item): z.ZodArray<Item> => {
  const accepts = acceptsOf(item);
  return quickly(
    z.array(item).min(1),
    (value) => Array.isArray(value) && value.length > 0 && value.every(accepts),
  );
};

/** A map of text to text. Any key is data, `__proto__` and `constructor` too. */
export type Metadata = Readonly<Record<string, string>>;

const metadataBounds = { keys: 100, key: text(1, 255), value: text(1, 5000) };
const faultsIn = (schema: z.ZodString, value: string): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map(({ message }) => message);
const isKey = acceptsOf(metadataBounds.key);
const isValue = acceptsOf(metadataBounds.value);

/**
 * Metadata as its own plain object. zod's record would drop the key `__proto__`, so the members are
 * walked here; `Object.fromEntries` defines keys instead of assigning them.
 */
export const metadata: z.ZodType<Metadata, Metadata> = quickly(
  z
    .custom<Metadata>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      { error: "must be an object of texts" },
    )
    .transform((value, context) => {
      const entries = Object.entries(value as Readonly<Record<string, unknown>>);
      if (entries.length > metadataBounds.keys)
        context.addIssue({
          code: "custom",
          message: `must have at most ${metadataBounds.keys} keys`,
        });
      for (const [key, member] of entries.slice(0, metadataBounds.keys)) {
        const messages =
          typeof member === "string"
            ? [...faultsIn(metadataBounds.key, key), ...faultsIn(metadataBounds.value, member)]
            : ["must be a string"];
        for (const message of messages)
          context.addIssue({ code: "custom", path: [key.slice(0, 60)], message });
      }
      return Object.fromEntries(entries) as Metadata;
    }),
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return (
      entries.length <= metadataBounds.keys &&
      entries.every(([key, member]) => isKey(key) && isValue(member))
    );
  },
);

/** Members laid over others; a key is replaced or added, never removed (META-06, D-17). */
export const mergeMetadata = (base: Metadata | undefined, patch: Metadata): Metadata =>
  Object.fromEntries(new Map([...Object.entries(base ?? {}), ...Object.entries(patch)]));
