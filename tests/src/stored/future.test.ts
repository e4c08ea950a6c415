/** What a later version wrote is not guessed at: it is named, with where it stands and what to do. */
import { readFile, writeFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { fileStore } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import {
  bodyHash,
  commitHash,
  type Ledger,
  type LedgerError,
  openLedger,
  type RecordedCommit,
} from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { copyOf, fixtures } from "./fixtures.ts";

const { sha256 } = seededHost();
const book = "customers";

/** A copy of a fixture whose so-many-th commit a later version has written: hashes and checksum hold. */
const written = async (
  number: number,
  change: (commit: RecordedCommit) => object,
): Promise<{ readonly path: string; readonly before: Buffer }> => {
  const fixture = fixtures.find(({ name }) => name === `v1/${book}`);
  if (fixture === undefined) throw new Error(`the fixture of ${book} is gone`);
  const path = await copyOf(fixture);
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, number + 1);
  const { commit } = JSON.parse(lines[number] ?? "") as { readonly commit: RecordedCommit };
  const changed = { ...commit, ...change(commit) } as RecordedCommit;
  const body = { ...changed, bodyHash: bodyHash(sha256, changed) };
  const hash = commitHash(sha256, { ...body, eventCount: body.events.length });
  const text = JSON.stringify({ ...body, hash });
  const checksum = crc32(text).toString(16).padStart(8, "0");
  lines[number] = `{"length":${Buffer.byteLength(text)},"crc32":"${checksum}","commit":${text}}`;
  await writeFile(path, `${lines.join("\n")}\n`);
  return { path, before: await readFile(path) };
};

/** The first event of a commit, otherwise. */
const firstEvent =
  (over: object) =>
  ({ events }: RecordedCommit) => ({
    events: events.map((event, index) => (index === 0 ? { ...event, ...over } : event)),
  });

const calls: readonly (readonly [string, (ledger: Ledger) => Promise<unknown>])[] = [
  ["reads", (ledger) => ledger.retrieveCustomer("bcus_full")],
  ["lists", (ledger) => ledger.listCustomers()],
  ["writes", (ledger) => ledger.charge({ customer: "bcus_full", amount: 1 })],
  ["begins", (ledger) => ledger.createCustomer({ externalReference: "NEW" })],
];

/** What every verb of a ledger over the book is told; fails if one of them gets an answer. */
const errorsOf = async (path: string): Promise<LedgerError[]> => {
  const store = await fileStore(path, { host: seededHost({ now: Date.UTC(2030, 0, 1) }) });
  const errors: LedgerError[] = [];
  for (const [verb, call] of calls) {
    const told = call(openLedger({ store, book })).then(
      () => new Error(`the ledger ${verb} all the same`),
      (error: unknown) => error,
    );
    errors.push((await told) as LedgerError);
  }
  await store.close();
  return errors;
};

const cases = [
  {
    what: "an event of a later schema version",
    change: firstEvent({ schemaVersion: 2 }),
    code: "UNKNOWN_SCHEMA_VERSION",
    says: ["customer.created", "schema version 2", "reads up to 1"],
    detail: { type: "customer.created", schemaVersion: 2, supported: 1 },
  },
  {
    what: "an event of a type that is not known",
    change: firstEvent({ type: "customer.merged" }),
    code: "UNKNOWN_EVENT_TYPE",
    says: ["customer.merged", "update Tallystick"],
    detail: { type: "customer.merged" },
  },
  {
    what: "a commit of a later version",
    change: () => ({ version: 2, evidence: "of a kind that nobody knows yet" }),
    code: "UNKNOWN_SCHEMA_VERSION",
    says: ["version 2", "reads version 1"],
    detail: { version: 2, supported: 1 },
  },
] as const;

describe.each(cases)("$what", ({ change, code, says, detail }) => {
  // The third commit of the book begins where the two before it end.
  const [number, position] = [3, 5] as const;

  it("is refused by every verb, with what it is, where it stands and from where on nothing is read", async () => {
    const { path, before } = await written(number, change);
    for (const error of await errorsOf(path)) {
      expect(error).toMatchObject({ code, retry: "no", detail: { ...detail, position } });
      for (const words of [...says, path, `line ${number + 1}`, `from position ${position} on`])
        expect(error.message).toContain(words);
    }
    expect(await readFile(path)).toEqual(before);
  });

  it("is what verification reports, behind all that it can vouch for", async () => {
    const { path, before } = await written(number, change);
    const store = await fileStore(path, { readOnly: true });
    const found = await openLedger({ store, book }).verify();
    expect(found).toMatchObject({ ok: false, commits: number - 1, brokenAt: position });
    for (const words of says) expect(found.problem).toContain(words);
    await store.close();
    expect(await readFile(path)).toEqual(before);
  });
});

describe("a file of a later version", () => {
  it("is not opened, to be read or written, and stays as it is", async () => {
    const { path } = await written(1, () => ({}));
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"version":1', '"version":2,"compressed":"zstd"'));
    const before = await readFile(path);
    for (const readOnly of [false, true])
      await expect(fileStore(path, { readOnly })).rejects.toMatchObject({
        code: "UNKNOWN_SCHEMA_VERSION",
        retry: "no",
        message: expect.stringContaining(`${path} is a book of format version 2`),
        detail: { path, version: 2, supported: 1 },
      });
    expect(await readFile(path)).toEqual(before);
  });
});
