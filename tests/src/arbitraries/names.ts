/**
 * The few customers, accounts and bills that generated histories are about. Each has a slot: its
 * external reference, the id that it is given where one is given, and what the API would say of it.
 * Few of them, so that commands meet.
 */
import fc from "fast-check";

export const kinds = ["customer", "account", "bill"] as const;
export type Kind = (typeof kinds)[number];

export const slots = {
  customer: ["c-1", "c-2"],
  account: ["a-1", "a-2"],
  bill: ["b-1", "b-2", "b-3"],
} as const satisfies Record<Kind, readonly string[]>;

/** Whose account it is. */
export const accountOwner: Readonly<Record<string, string>> = { "a-1": "c-1", "a-2": "c-2" };

/** What the API says of a bill whenever it speaks of it: these never change. */
export const billFacts: Readonly<
  Record<string, { customer: string; account?: string; currency: string; amountDue: number }>
> = {
  "b-1": { customer: "c-1", currency: "ZAR", amountDue: 1000 },
  "b-2": { customer: "c-1", account: "a-1", currency: "ZAR", amountDue: 500 },
  "b-3": { customer: "c-2", account: "a-2", currency: "USD", amountDue: 700 },
};

const prefixes = { customer: "bcus_", account: "bacc_", bill: "bill_" } as const;

/** The id that the object of a slot has where one is given to it. */
export const givenId = (kind: Kind, slot: string): string =>
  prefixes[kind] + slot.replaceAll("-", "");

/** A name whose text is known only when the command runs, because ids may be generated. */
export class Name {
  readonly kind: Kind;
  readonly slot: string;
  /** `id`: that of the object which has the slot's reference; the given one as long as none has. */
  readonly by: "reference" | "id" | "given";

  constructor(kind: Kind, slot: string, by: Name["by"]) {
    this.kind = kind;
    this.slot = slot;
    this.by = by;
  }

  toString(): string {
    return this.by === "reference" ? `"${this.slot}"` : `${this.by}(${this.slot})`;
  }

  [fc.toStringMethod](): string {
    return this.toString();
  }
}

/** The id of an object by its kind and external reference; undefined while there is none. */
export type FindId = (kind: Kind, reference: string) => string | undefined;

/** A value with its names as texts. */
export const withNames = (value: unknown, findId: FindId): unknown => {
  if (value instanceof Name) {
    const { kind, slot, by } = value;
    if (by === "reference") return slot;
    return (by === "id" ? findId(kind, slot) : undefined) ?? givenId(kind, slot);
  }
  if (Array.isArray(value)) return value.map((item) => withNames(item, findId));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withNames(member, findId)]),
  );
};

/** The type of a value in which any text may still be a name. */
export type Symbolic<Value> = Value extends string
  ? Value | Name
  : Value extends object
    ? { readonly [Key in keyof Value]: Symbolic<Value[Key]> }
    : Value;

/** The slot of some object of this kind. */
export const slotOf = (kind: Kind): fc.Arbitrary<string> => fc.constantFrom(...slots[kind]);

/** How somebody may name the object of a slot. */
export const nameOf = (kind: Kind, slot: fc.Arbitrary<string> = slotOf(kind)): fc.Arbitrary<Name> =>
  fc
    .tuple(slot, fc.constantFrom("reference", "id", "reference", "id", "id", "id", "given"))
    .map(([chosen, by]) => new Name(kind, chosen, by as Name["by"]));
