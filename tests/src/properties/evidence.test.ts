/**
 * Tampering shows: any one change, deletion, insertion, duplicate or swap in a stored book is found
 * by the verifier, which names a position at or before it. Who also recomputes the hashes of the one
 * commit is given away by the next; of the last commit, by a head that is not the one that was noted.
 * Erasing personal data, and the salts of outcomes, is no tampering.
 */
import { seededHost } from "@tallystick/adapters/host";
import {
  bodyHash,
  canonicalJson,
  commitHash,
  decodeCommit,
  type Head,
  type Json,
  personalHash,
  type RecordedCommit,
  saltHash,
  type Verification,
  verifyCommits,
} from "@tallystick/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs, shares } from "../arbitraries/settings.ts";
import { holds } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();
const { sha256 } = seededHost();

type Tree = { [key: string]: Tree } | Tree[] | string | number | boolean | null;

/** Stored commits as the texts they are, read back as a store reads them. */
const verified = (texts: readonly string[], chainId: string): Promise<Verification> => {
  async function* batches(): AsyncGenerator<RecordedCommit[]> {
    for (const [index, text] of texts.entries()) yield [decodeCommit(text, `commit ${index + 1}`)];
  }
  return verifyCommits(sha256, chainId, batches());
};

/** Every place in a value: the path to it, whole objects and their members alike. */
const places = (
  value: Tree,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] => [
  ...(path.length === 0 ? [] : [path]),
  ...(Array.isArray(value)
    ? value.flatMap((item, index) => places(item, [...path, index]))
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, member]) => places(member, [...path, key]))
      : []),
];

/** The field of a commit, or of its events or outcome, that a path leads to. */
const fieldOf = (path: readonly (string | number)[]): string =>
  path
    .filter((step) => typeof step === "string")
    .slice(0, 2)
    .join(".");

/** Whether two texts stand for the same value, whatever the order of their keys. */
const isSame = (one: string, other: string | undefined): boolean =>
  one === other ||
  (other !== undefined &&
    canonicalJson(JSON.parse(one) as Json) === canonicalJson(JSON.parse(other) as Json));

/** Another value in the place of one; undefined takes it away. */
const altered = (value: Tree, how: number): Tree | undefined => {
  if (how % 5 === 0) return undefined;
  if (typeof value === "number") return value + (how % 2 === 0 ? 1 : -1);
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") {
    const at = how % Math.max(1, value.length);
    const other = value[at] === "1" ? "2" : "1";
    return value.slice(0, at) + other + value.slice(at + 1);
  }
  if (Array.isArray(value))
    return how % 2 === 0 || value.length < 2 ? [...value, value[0] ?? 1] : value.toReversed();
  return value === null ? 0 : { ...value, added: "something" };
};

const replaced = (value: Tree, [key, ...rest]: readonly (string | number)[], how: number): Tree => {
  if (key === undefined) return value;
  const copy = structuredClone(value) as Record<string | number, Tree>;
  const changed =
    rest.length === 0 ? altered(copy[key] ?? null, how) : replaced(copy[key] ?? null, rest, how);
  if (changed !== undefined) copy[key] = changed;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy as Tree;
};

/** What the law may ask for: personal data with its salt, or the salt of an outcome. */
const isErasure = (path: readonly (string | number)[], how: number): boolean =>
  how % 5 === 0 &&
  ((path.length === 3 && path[2] === "personal") || (path[0] === "outcome" && path[1] === "salt"));

/** Someone who knows how the hashes are made covers up one commit, as well as it goes. */
const rehashed = (text: string): string => {
  try {
    const commit = JSON.parse(text) as RecordedCommit;
    const events = commit.events.map((event) =>
      event.personal === undefined
        ? event
        : { ...event, personalHash: personalHash(sha256, event.personal) },
    );
    const { outcome } = commit;
    const covered = {
      ...commit,
      events,
      ...(outcome?.salt === undefined
        ? {}
        : { outcome: { ...outcome, saltHash: saltHash(sha256, outcome.salt) } }),
    };
    const body = bodyHash(sha256, covered);
    const hash = commitHash(sha256, { ...covered, bodyHash: body, eventCount: events.length });
    return JSON.stringify({ ...covered, bodyHash: body, hash });
  } catch {
    // What is no commit any more has no hashes to make anew.
    return text;
  }
};

const changes = [
  "field",
  "field",
  "field",
  "field",
  "delete",
  "duplicate",
  "insert",
  "swap",
  "cut",
] as const;

const tampering = fc.record({
  change: fc.constantFrom(...changes),
  share: shares,
  place: fc.nat(),
  how: fc.nat({ max: 1000 }),
  cover: fc.boolean(),
});

type Tampering = typeof tampering extends fc.Arbitrary<infer Given> ? Given : never;

const tampered = (
  commits: readonly string[],
  { change, share, place, how, cover }: Tampering,
): readonly string[] => {
  const index = Math.floor(share * commits.length);
  const before = commits.slice(0, index);
  const text = commits[index] ?? "";
  const after = commits.slice(index + 1);
  const covered = (changed: string): string => (cover ? rehashed(changed) : changed);
  switch (change) {
    case "field": {
      const tree = JSON.parse(text) as Tree;
      const groups = Map.groupBy(
        places(tree).filter((path) => !isErasure(path, how)),
        fieldOf,
      );
      // First which field, then which part of it: else large fields would be all that is changed.
      const field = [...groups.keys()][place % groups.size] ?? "";
      const paths = groups.get(field) ?? [];
      const path = paths[how % paths.length] ?? [];
      tally.count(`changed ${field}`);
      return [...before, covered(JSON.stringify(replaced(tree, path, how))), ...after];
    }
    case "delete":
      return [...before, ...after];
    case "duplicate":
      return [...before, text, text, ...after];
    case "insert":
      return [...before, covered(commits[place % commits.length] ?? ""), text, ...after];
    case "swap":
      return [...before, ...after.slice(0, 1), text, ...after.slice(1)];
    case "cut":
      return before;
  }
};

describe.each(stores)("on the $name store", (store) => {
  it(
    "any change of a stored book is found, at or before its position",
    { timeout: patienceMs },
    () =>
      holds(
        store,
        60,
        fc.tuple(
          histories({ maxLength: 25 }),
          fc.array(tampering, { minLength: 1, maxLength: 40, size: "max" }),
        ),
        async ({ play }, [history, tries]) => {
          await play.runAll(history);
          const commits = await play.commits();
          if (commits.length === 0) return;
          const texts = commits.map((commit) => JSON.stringify(commit));
          const chainId = (await play.ledger.store.chainId(play.ledger.book)) ?? "";
          const head = (await play.ledger.head()) as Head;
          expect(await verified(texts, chainId)).toMatchObject({
            ok: true,
            head: { hash: head.hash },
          });
          expect(await verified(texts, `${chainId.slice(1)}0`)).toMatchObject({
            ok: false,
            brokenAt: 1,
          });
          for (const each of tries) {
            const after = tampered(texts, each);
            /** The first commit that is not as it was. */
            const index = texts.findIndex((text, place) => !isSame(text, after[place]));
            if (index === -1 && after.length === texts.length) continue;
            const at = index === -1 ? texts.length : index;
            const found = await verified(after, chainId);
            if (found.ok) {
              // Only at the end of the chain is there nobody behind it: the head that was noted tells.
              expect(found.head.hash).not.toBe(head.hash);
              expect(at).toBeGreaterThanOrEqual(after.length - 1);
              tally.count(`only the head tells: ${each.change}`);
              continue;
            }
            // A commit whose own hashes were made anew is given away by the next one.
            const first = commits[each.cover ? at + 1 : at]?.firstPosition;
            expect(found.brokenAt).toBeLessThanOrEqual(first ?? head.position + 1);
            expect(found.problem).toBeTypeOf("string");
            tally.count(`found ${each.change}${each.cover ? ", covered up" : ""}`);
          }
          await tally.add(play);
        },
      ),
  );

  it(
    "erasing personal data and the salts of outcomes leaves the book valid",
    { timeout: patienceMs },
    () =>
      holds(
        store,
        40,
        fc.tuple(
          histories({ maxLength: 25 }),
          fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        ),
        async ({ play }, [history, chosen]) => {
          await play.runAll(history);
          const commits = await play.commits();
          const erased = commits.map(({ events, outcome, ...rest }, index) => {
            if (chosen[index % chosen.length] !== true)
              return { ...rest, events, ...(outcome === undefined ? {} : { outcome }) };
            tally.count(
              "erased personal",
              events.filter(({ personal }) => personal !== undefined).length,
            );
            tally.count("erased salt", outcome === undefined ? 0 : 1);
            const { salt: _, ...unsalted } = outcome ?? {};
            return {
              ...rest,
              events: events.map(({ personal: __, ...event }) => event),
              ...(outcome === undefined ? {} : { outcome: unsalted }),
            };
          });
          const chainId = (await play.ledger.store.chainId(play.ledger.book)) ?? "";
          expect(
            await verified(
              erased.map((commit) => JSON.stringify(commit)),
              chainId,
            ),
          ).toMatchObject({
            ok: true,
            commits: commits.length,
          });
          await tally.add(play);
        },
      ),
  );
});

afterAll(() =>
  tally.expect([
    ...everyHistory,
    ...["field", "delete", "duplicate", "insert", "swap"].flatMap((change) => [
      `found ${change}`,
      `found ${change}, covered up`,
    ]),
    ...["field", "delete", "cut"].map((change) => `only the head tells: ${change}`),
    ...["version", "number", "firstPosition", "recordedAt", "previousHash", "bodyHash", "hash"].map(
      (field) => `changed ${field}`,
    ),
    ...[
      "events",
      "events.id",
      "events.type",
      "events.schemaVersion",
      "events.streamId",
      "events.revision",
    ].map((field) => `changed ${field}`),
    ...["events.data", "events.personal", "events.personalHash", "events.effectiveAt"].map(
      (field) => `changed ${field}`,
    ),
    ...[
      "outcome",
      "outcome.key",
      "outcome.salt",
      "outcome.saltHash",
      "outcome.request",
      "outcome.subject",
      "outcome.refusal",
    ].map((field) => `changed ${field}`),
    "erased personal",
    "erased salt",
  ]),
);
