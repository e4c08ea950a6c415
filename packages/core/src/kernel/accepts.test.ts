import { describe, expect, it } from "vitest";
import { z } from "zod";
import { eventCatalogue, personalSchema } from "../domain/events.ts";
import * as field from "../domain/fields.ts";
import { seededBytes } from "../testing/seeded.ts";
import { acceptsOf, quickly } from "./accepts.ts";

/** Something that fits, for every kind of field that events have. */
const fitting = [
  "bcus_1a2B",
  "bacc_1a2B",
  "bill_1a2B",
  "ob_1a2B",
  "pay_1a2B",
  "evt_1a2B",
  "ZAR",
  "2026-03-01",
  "2026-03-01T00:00:00.000Z",
  "customer",
  "customer_balance",
  "overpayment",
  "unknown_target",
  "unpaid",
  "CUST-40217",
  "",
  0,
  1,
  100,
  -100,
  99_999_999,
  true,
  null,
  ["overpayment"],
  { reference: 0 },
  { reference: 2, id: 1 },
  { kind: "bill", name: "BILL-1" },
  { kind: "bill", id: "bill_1a2B" },
  { status: "paid", amountPaid: 5 },
  { minAmount: 0, maxAmount: 5, underpaymentAllowed: true, overpaymentAllowed: false },
  { region: "gauteng", ["__proto__"]: "data" },
  "payment",
  { amount: -5, cause: "fee" },
  [{ rowId: "row_0f1e2d3c4b5a69788796a5b4c3d2e1f0_2", ordinal: 1, amount: 5 }],
  [{ position: 7, paymentId: "pay_1a2B", ordinal: 2, amount: 5 }],
];
const unfit = [
  undefined,
  -0,
  1.5,
  Number.NaN,
  Number.MAX_VALUE,
  2 * 10 ** 15 + 1,
  "\0",
  "\ud800",
  "a\udc00",
  "x".repeat(256),
  "😀".repeat(255),
  "😀".repeat(256),
  "zar",
  "2026-02-30",
  "2026-03-01T00:00:00Z",
  "bcus_",
  "bcus_ä",
  [],
  ["nothing"],
  {},
  { reference: -1 },
  [{ rowId: "row_0f1e2d3c4b5a69788796a5b4c3d2e1f0_1", ordinal: 1, amount: 5 }],
  { unknown: 1 },
  JSON.parse('{ "__proto__": 1 }'),
  { minAmount: -0, maxAmount: 5, underpaymentAllowed: true, overpaymentAllowed: false },
];

const schemas: readonly (readonly [string, z.ZodObject])[] = [
  ...Object.entries(eventCatalogue).map(([type, { data }]) => [type, data as z.ZodObject] as const),
  ["personal", personalSchema],
];

const bytes = seededBytes(7);
const below = (count: number): number => {
  const [high = 0, low = 0] = bytes(2);
  return (high * 256 + low) % count;
};
const oneOf = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;

/** Members of a schema, most of them there and fitting, sometimes one too many. */
const nearly = ({ shape }: z.ZodObject): object => {
  const members = Object.entries(shape).flatMap(([key, schema]) => {
    const fits = fitting.filter((value) => z.safeParse(schema, value).success);
    if (below(20) === 0) return [];
    return [[key, oneOf(below(20) === 0 ? [...fitting, ...unfit] : fits)] as const];
  });
  const more = oneOf(["more", "__proto__", "constructor"]);
  return Object.fromEntries(below(20) === 0 ? [...members, [more, 1]] : members);
};

describe.each(schemas)("the quick yes for %s", (_name, schema) => {
  it("says yes to nothing that the schema refuses or changes", () => {
    const accepts = acceptsOf(schema);
    let [yes, no] = [0, 0];
    for (let round = 0; round < 1000; round += 1) {
      const value = nearly(schema);
      if (!accepts(value)) {
        no += 1;
        continue;
      }
      yes += 1;
      expect(schema.parse(value)).toEqual(value);
    }
    expect(Math.min(yes, no)).toBeGreaterThan(5);
  });
});

describe("a quick yes", () => {
  it("asks the schema about what it is not told", () => {
    const even = z.number().refine((value) => value % 2 === 0);
    expect(acceptsOf(even)(2)).toBe(true);
    expect(acceptsOf(even)(3)).toBe(false);
  });

  it("is no for what the schema would change", () => {
    expect(acceptsOf(field.anyInstant)("2026-03-01T02:00:00+02:00")).toBe(false);
    expect(acceptsOf(z.object({ a: z.number() }))({ a: 1, b: 2 })).toBe(false);
  });

  it("does not outlive a rule that is added to its field", () => {
    const short = quickly(z.string(), (value) => typeof value === "string");
    expect(acceptsOf(short.max(1))("long")).toBe(false);
  });

  it("looks at the rules of an object and of a list, too", () => {
    const few = z.array(z.number()).max(1);
    expect(acceptsOf(few)([1, 2])).toBe(false);
    const ordered = z.strictObject({ a: z.number(), b: z.number() }).refine(({ a, b }) => a < b);
    expect(acceptsOf(ordered)({ a: 2, b: 1 })).toBe(false);
  });
});
