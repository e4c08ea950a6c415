/**
 * Whether the fixtures hold all that the storage format can say. Computed from the catalogue, so an
 * event type, or an optional field of one, that no fixture shows is a failed test.
 */
import { readBookFile } from "@tallystick/adapters/file";
import {
  type EventBody,
  type EventType,
  eventCatalogue,
  type RecordedCommit,
} from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { all } from "../ledger/open.ts";
import { fixtures } from "./fixtures.ts";

/** What is read of a zod schema. */
interface Schema {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly unwrap?: () => Schema;
}

/** An optional field, and how often it was there and was not. */
interface Seen {
  readonly paths: Set<string>;
  present: number;
  absent: number;
}

/** Fields by the object that they belong to: a shape that events share is one thing to show. */
class OptionalFields {
  readonly #byObject = new Map<Schema, Map<string, Seen>>();

  /** Notes every optional field of a schema, and of a value of it if there is one. */
  note(path: string, schema: Schema, value: unknown): void {
    if (schema.type === "optional" || schema.type === "nullable") {
      if (schema.unwrap !== undefined) this.note(path, schema.unwrap(), value ?? undefined);
      return;
    }
    for (const [name, member] of Object.entries(schema.shape ?? {})) {
      const held = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
      if (member.type === "optional") this.#count(schema, name, path, value, held);
      this.note(`${path}.${name}`, member, held);
    }
  }

  /** Paths of fields by whether they were seen present, and absent; each once, by its first path. */
  missing(): { readonly neverPresent: string[]; readonly neverAbsent: string[] } {
    const seen = [...this.#byObject.values()].flatMap((fields) => [...fields.values()]);
    const pathsOf = (chosen: readonly Seen[]): string[] =>
      chosen.map(({ paths }) => [...paths][0] ?? "").sort();
    return {
      neverPresent: pathsOf(seen.filter(({ present }) => present === 0)),
      neverAbsent: pathsOf(seen.filter(({ absent }) => absent === 0)),
    };
  }

  get count(): number {
    return [...this.#byObject.values()].reduce((sum, fields) => sum + fields.size, 0);
  }

  #count(object: Schema, name: string, path: string, value: unknown, held: unknown): void {
    const fields = this.#byObject.get(object) ?? new Map<string, Seen>();
    this.#byObject.set(object, fields);
    const seen = fields.get(name) ?? { paths: new Set(), present: 0, absent: 0 };
    fields.set(name, seen);
    seen.paths.add(`${path}.${name}`);
    if (value === undefined) return;
    if (held === undefined) seen.absent += 1;
    else seen.present += 1;
  }
}

const commits: readonly RecordedCommit[] = (
  await Promise.all(
    fixtures.map(async ({ path }) => (await all((await readBookFile(path)).commits)).flat()),
  )
).flat();
const events: readonly EventBody[] = commits.flatMap((commit) => commit.events);
const types = Object.keys(eventCatalogue) as readonly EventType[];
const currentOf = (type: EventType): readonly EventBody[] =>
  events.filter(
    (event) => event.type === type && event.schemaVersion === eventCatalogue[type].version,
  );

/** What the shape shared by obligation events allows and no decider writes: bills are not adjusted, and voiding is theirs alone. */
const neverWritten = {
  neverPresent: [
    "obligation.amount_charged.amountPaidAfter",
    "obligation.amount_credited.amountPaidAfter",
  ],
  neverAbsent: ["bill.voided.amountPaidAfter"],
};

describe("the fixtures together", () => {
  it.each(types)("hold %s in its current schema version", (type) => {
    expect(currentOf(type).length).toBeGreaterThan(0);
  });

  it("hold every schema version that was ever current", () => {
    const expected = types.flatMap((type) =>
      Array.from({ length: eventCatalogue[type].version }, (_, index) => `${type} ${index + 1}`),
    );
    const held = new Set(events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`));
    expect([...held].sort()).toEqual(expected.sort());
  });

  it("hold every optional field of every event, once with a value and once without", () => {
    const fields = new OptionalFields();
    for (const type of types) {
      const schema = eventCatalogue[type].data as unknown as Schema;
      fields.note(type, schema, undefined);
      for (const { data } of currentOf(type)) fields.note(type, schema, data);
    }
    expect(fields.count).toBeGreaterThan(40);
    expect(fields.missing()).toEqual(neverWritten);
  });

  it("hold every value of every choice that an event makes", () => {
    const choices = new Map<string, Set<unknown>>();
    const held = new Set<string>();
    const walk = (path: string, schema: Schema, value: unknown): void => {
      if (schema.element !== undefined)
        for (const each of [undefined, ...((value as readonly unknown[] | undefined) ?? [])])
          walk(path, schema.element, each);
      else if (schema.unwrap !== undefined) walk(path, schema.unwrap(), value);
      if (schema.type === "enum") {
        const name = path.replace(/^.*\./, "");
        const options = (schema as unknown as { readonly options: readonly unknown[] }).options;
        choices.set(name, new Set([...(choices.get(name) ?? []), ...options]));
        if (typeof value === "string") held.add(`${name} ${value}`);
      }
      for (const [name, member] of Object.entries(schema.shape ?? {}))
        walk(`${path}.${name}`, member, (value as Record<string, unknown> | undefined)?.[name]);
    };
    for (const type of types)
      for (const data of [undefined, ...currentOf(type).map((event) => event.data)])
        walk(type, eventCatalogue[type].data as unknown as Schema, data);
    // Only a payment that waited for its target is ever looked at again.
    choices.set("reasonBefore", new Set(["unknown_target"]));
    const expected = [...choices].flatMap(([name, options]) =>
      [...options].map((option) => `${name} ${String(option)}`),
    );
    expect(expected.length).toBeGreaterThan(10);
    expect([...held].sort()).toEqual(expected.sort());
  });

  it("hold every part of an envelope, once with a value and once without", () => {
    const both = new Set([false, true]);
    const part = (name: keyof EventBody) => new Set(events.map((event) => name in event));
    for (const name of [
      "effectiveAt",
      "correlationId",
      "causationId",
      "actor",
      "idempotencyKey",
      "personal",
      "personalHash",
    ] as const)
      expect(part(name), name).toEqual(both);
    const personal = events.flatMap((event) => event.personal?.data ?? []);
    for (const name of ["name", "email", "phone", "metadata"] as const)
      expect(new Set(personal.map((data) => name in data)), name).toEqual(both);
  });

  it("hold commits with and without an outcome, a subject, a refusal and events", () => {
    const kinds = commits.map(
      ({ events: { length }, outcome }) =>
        `${length === 0 ? "no events" : "events"}, ${
          outcome === undefined
            ? "no outcome"
            : `${outcome.subject === undefined ? "no subject" : "subject"}, ${
                outcome.refusal === undefined ? "no refusal" : "refusal"
              }`
        }`,
    );
    expect([...new Set(kinds)].sort()).toEqual([
      "events, no outcome",
      "events, subject, no refusal",
      "no events, no subject, refusal",
      "no events, subject, no refusal",
    ]);
    const streams = commits.map((commit) => new Set(commit.events.map((e) => e.streamId)).size);
    expect(Math.max(...streams)).toBeGreaterThan(2);
  });
});
