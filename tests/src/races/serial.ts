/**
 * A race judged by a ledger that is alone: for the order of the log it repeats each call as a dry
 * run on the commits before, and every answer of the race has to be the one that it gives.
 */
import { isDeepStrictEqual } from "node:util";
import { memoryStore } from "@tallystick/adapters/memory";
import { type Acceptance, openLedger, type RecordedCommit, type Store } from "@tallystick/core";
import { expect } from "vitest";
import { type Call, run } from "../arbitraries/calls.ts";
import { type Came, came } from "../properties/play.ts";
import type { Race, Raced } from "./race.ts";

const generatedId = /(?:bcus|bacc|bill|ob|pay|evt)_[0-9A-Za-z]{21}/g;

/** A value in which ids that the book does not hold yet are told apart by nothing. */
const withoutNewIds = (value: unknown, known: ReadonlySet<string>): unknown =>
  JSON.parse(JSON.stringify(value).replace(generatedId, (id) => (known.has(id) ? id : "a new id")));

const one = async function* (commit: RecordedCommit): AsyncGenerator<RecordedCommit[]> {
  yield [commit];
};

/** The book up to some commit, met by a ledger that knows nothing yet. */
class Alone {
  readonly #store: Store;
  readonly #known = new Set<string>();
  readonly #chainId: string;

  constructor(race: Race, chainId: string) {
    this.#store = memoryStore({ host: race.host });
    this.#chainId = chainId;
  }

  async take(commit: RecordedCommit): Promise<void> {
    await this.#store.importCommits("default", this.#chainId, one(commit));
    for (const [id] of JSON.stringify(commit).matchAll(generatedId)) this.#known.add(id);
  }

  /** What the call would come to here. */
  answer(call: Call): Promise<Came> {
    const rehearsed = { ...call, options: { ...call.options, dryRun: true } } as Call;
    return came(run(openLedger({ store: this.#store }), rehearsed));
  }

  plain(value: unknown): unknown {
    return withoutNewIds(value, this.#known);
  }

  async agrees(raced: Raced): Promise<boolean> {
    const expected = this.plain(await this.answer(raced.call));
    return isDeepStrictEqual(this.plain(raced.came), expected);
  }
}

/**
 * The call as it was understood when it was asked: a reversal without a target is one on the target
 * that it found, though the payment may be applied to another one before the reversal is written; and
 * an accepted payment is the movements that were found of it.
 */
const understood = ({ call, came: answered }: Raced): Call => {
  if (call.verb === "acceptMatch" && "answer" in answered) {
    const { movements } = answered.answer.entity as Acceptance;
    const payments = movements.map(({ paymentId, position }) => ({ paymentId, position }));
    return { ...call, input: { ...call.input, payments } };
  }
  if (call.verb !== "reversePayment" || !("answer" in answered)) return call;
  const entity = answered.answer.entity as { readonly object: string; readonly id: string };
  return { ...call, input: { ...call.input, [entity.object]: entity.id } };
};

/** Where each call of a race stands in the order of the log. */
export interface Placed {
  /** The calls that wrote, in the order of their commits. */
  readonly written: readonly Raced[];
  /** The calls that wrote nothing, each at a prefix of the log at which its answer is right. */
  readonly silent: readonly Raced[];
}

/**
 * Fails unless every call was answered as if the calls had run one after the other: who wrote, on
 * what its commit stands on; who wrote nothing, on some state between its asking and its answer.
 */
export const expectSerial = async (race: Race): Promise<Placed> => {
  const commits = await race.commits();
  const alone = new Alone(race, (await race.shared.chainId("default")) ?? "");
  const outcomes = new Map(commits.map(({ number, outcome }) => [outcome?.key, number]));
  const authorOf = ({ events, outcome }: RecordedCommit): readonly Raced[] =>
    race.raced.filter(({ call: { options } }) =>
      events.length > 0
        ? options.correlationId === events[0]?.correlationId
        : options.idempotencyKey === outcome?.key,
    );
  const authors = new Set(
    commits.filter(({ events }) => events.length > 0).flatMap((commit) => authorOf(commit)),
  );
  const written: Raced[] = [];
  const silent: Raced[] = [];
  const isPlaced = (raced: Raced): boolean => written.includes(raced) || silent.includes(raced);

  const placeSilent = async (prefix: number): Promise<void> => {
    for (const raced of race.raced) {
      const { before, after, call } = raced;
      const { idempotencyKey: key } = call.options;
      if (isPlaced(raced) || authors.has(raced) || prefix < before || prefix > after) continue;
      // What was kept under a key was decided before it was kept, and is repeated after; what cannot
      // be read never comes as far as its key.
      const unread = "refused" in raced.came && raced.came.refused.code === "INVALID_INPUT";
      if (key !== undefined && !unread && prefix < (outcomes.get(key) ?? 0)) continue;
      if (await alone.agrees(raced)) silent.push(raced);
    }
  };

  await placeSilent(0);
  for (const commit of commits) {
    const candidates = authorOf(commit).filter((raced) => !isPlaced(raced));
    for (const raced of candidates) {
      if (commit.number <= raced.before || commit.number > raced.after) continue;
      if (commit.events.length === 0 && !(await alone.agrees(raced))) continue;
      expect(alone.plain(raced.came)).toEqual(alone.plain(await alone.answer(understood(raced))));
      if ("answer" in raced.came)
        expect(raced.came.answer.events.map(({ id }) => id)).toEqual(
          commit.events.map(({ id }) => id),
        );
      written.push(raced);
      break;
    }
    await alone.take(commit);
    await placeSilent(commit.number);
  }
  expect(
    race.raced.filter((raced) => !isPlaced(raced)),
    "calls whose answers fit nowhere in the log",
  ).toEqual([]);
  return { written, silent };
};
