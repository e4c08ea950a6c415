/** The storage format is for ever: what any released version wrote is read by this one, to the same sums. */
import { readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { fileStore, readBookFile } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import {
  bodyHash,
  encodeCommit,
  openLedger,
  type RecordedCommit,
  verifyCommits,
} from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { all } from "../ledger/open.ts";
import { copyOf, type Fixture, fixtures } from "./fixtures.ts";
import { answerTo, figuresOf } from "./replay.ts";
import type { Call } from "./scenarios.ts";

const { sha256 } = seededHost();

const commitsOf = async ({ path }: Fixture): Promise<RecordedCommit[]> =>
  (await all((await readBookFile(path)).commits)).flat();

const verified = async (fixture: Fixture, commits: readonly RecordedCommit[]) => {
  const { chainId } = await readBookFile(fixture.path);
  const one = async function* () {
    yield commits;
  };
  return verifyCommits(sha256, chainId, one());
};

/** Later than anything that a fixture says. */
const later = { seed: "a later version", now: Date.UTC(2030, 0, 1) };

const opened = async (path: string, book: string, readOnly: boolean) => {
  const store = await fileStore(path, { host: seededHost(later), readOnly });
  return { store, ledger: openLedger({ store, book }) };
};

const isKeyed = ([, ...args]: Call): boolean =>
  args.some((arg) => typeof arg === "object" && "idempotencyKey" in arg);

it("there are fixtures, each of a theme of its own", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(7);
});

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
  "%s",
  (_name, fixture) => {
    const { expected, path } = fixture;
    const { position, commit, hash } = expected.head;

    it("verifies, and ends at the head that was noted when it was written", async () => {
      expect(await verified(fixture, await commitsOf(fixture))).toEqual({
        ok: true,
        events: position,
        commits: commit,
        head: { position, hash },
      });
    });

    it("is decoded and encoded to the very same bytes, framed by hand as the format says", async () => {
      const { book, chainId } = await readBookFile(path);
      const lines = [JSON.stringify({ tallystick: "book", version: 1, book, chainId })];
      for (const each of await commitsOf(fixture)) {
        const text = encodeCommit(each);
        const checksum = crc32(text).toString(16).padStart(8, "0");
        lines.push(`{"length":${Buffer.byteLength(text)},"crc32":"${checksum}","commit":${text}}`);
      }
      expect(`${lines.join("\n")}\n`).toBe(await readFile(path, "utf8"));
    });

    it("says nothing of the machine that wrote it", async () => {
      const texts = [path, path.replace(/jsonl$/, "expected.json")];
      for (const text of texts)
        expect(await readFile(text, "utf8")).not.toMatch(
          /\/(?:home|root|tmp|Users|work)\b|[A-Z]:\\/,
        );
    });

    it("comes to the sums that were noted, read only and without a trace", async () => {
      const before = await readFile(path);
      const { store, ledger } = await opened(path, expected.book, true);
      const { entities, suspense } = expected;
      expect(await figuresOf(ledger)).toEqual({ entities, suspense });
      expect(await ledger.head()).toMatchObject({ commit, position, hash });
      expect(await ledger.verify()).toMatchObject({ ok: true, events: position });
      await store.close();
      expect(await readFile(path)).toEqual(before);
    });

    it("goes on behind what was written, which stays as it is, byte for byte", async () => {
      const copy = await copyOf(fixture);
      const before = await readFile(copy);
      const { store, ledger } = await opened(copy, expected.book, false);
      expect(store.recovery).toBeUndefined();
      await ledger.createCustomer({
        externalReference: "A-LATER-ONE",
        currency: "ZAR",
        balance: 1,
      });
      for (const [name, { balance, currency, status }] of Object.entries(expected.entities)) {
        if (balance === undefined || status === "voided") continue;
        const kind = name.startsWith("bcus_")
          ? "customer"
          : name.startsWith("bacc_")
            ? "account"
            : "bill";
        const { events, entity } = await ledger.recordPayment({
          [kind]: name,
          amount: 1,
          currency: currency ?? "",
          paymentId: "pay_later",
        });
        expect(events).toMatchObject([{ data: { effect: -1, balanceAfter: balance - 1 } }]);
        expect(entity).toMatchObject({ balance: balance - 1 });
      }
      expect(await ledger.verify()).toMatchObject({ ok: true });
      await store.close();
      const after = await readFile(copy);
      expect(after.subarray(0, before.length)).toEqual(before);
      expect(after.length).toBeGreaterThan(before.length);
    });

    it("answers each keyed call as it did when the book was written, and writes nothing", async () => {
      const copy = await copyOf(fixture);
      const { store, ledger } = await opened(copy, expected.book, false);
      const keyed = expected.sent.filter(({ call }) => isKeyed(call));
      for (const { call, answer } of keyed)
        expect(await answerTo(ledger, call), JSON.stringify(call)).toBe(
          answer === "written" ? "replayed" : answer,
        );
      expect(await ledger.head()).toMatchObject({ commit, position, hash });
      await store.close();
      expect(await readFile(copy)).toEqual(await readFile(path));
    });

    it("still verifies once personal data and salts are erased, with the same hashes", async () => {
      const erased = (await commitsOf(fixture)).map(({ outcome, events, ...rest }) => ({
        ...rest,
        events: events.map(({ personal: _, ...event }) => event),
        ...(outcome === undefined ? {} : { outcome: (({ salt: _, ...kept }) => kept)(outcome) }),
      }));
      for (const each of erased) expect(bodyHash(sha256, each)).toBe(each.bodyHash);
      expect(await verified(fixture, erased)).toMatchObject({ ok: true, head: { position, hash } });
    });
  },
);

it("enough of what is noted was sent under a key", () => {
  const keyed = fixtures.flatMap(({ expected }) =>
    expected.sent.filter(({ call }) => isKeyed(call)),
  );
  const answers = new Set(keyed.map(({ answer }) => answer));
  expect(keyed.length).toBeGreaterThan(15);
  expect(answers.size).toBeGreaterThan(5);
});
