/**
 * A book is its events: folded at once, in two halves, kept live, read from documents or met by a
 * process that has just begun, it comes to the same.
 */
import {
  type Entity,
  entityView,
  evolve,
  initialState,
  type Ledger,
  type RecordedEvent,
  type Store,
  type StreamState,
} from "@tallystick/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs, shares } from "../arbitraries/settings.ts";
import { holds } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();

type States = Map<string, StreamState>;

const fold = (states: States, events: readonly RecordedEvent[]): States => {
  for (const event of events) {
    const state = states.get(event.streamId) ?? initialState(event.streamId);
    evolve(state, event);
    states.set(event.streamId, state);
  }
  return states;
};

/** Through text and back, as a snapshot would go. */
const thawed = (states: States): States =>
  new Map(JSON.parse(JSON.stringify([...states])) as [string, StreamState][]);

const documents = async (store: Store, book: string): Promise<States> => {
  const states: States = new Map();
  for (const kind of ["customer", "account", "bill", "suspense", "acceptance"] as const)
    for (const { streamId, state, revision } of (await store.query(book, { kind, limit: 500 }))
      .documents) {
      expect(revision).toBe((await store.revisions(book, [streamId]))[0]);
      states.set(streamId, state);
    }
  return states;
};

const retrieved = (ledger: Ledger, streamId: string): Promise<Entity> => {
  const [kind, id = ""] = streamId.split("/");
  if (kind === "customer") return ledger.retrieveCustomer(id);
  return kind === "account" ? ledger.retrieveAccount(id) : ledger.retrieveBill(id);
};

const entities = (states: States): [string, Entity][] =>
  [...states].flatMap(([streamId, state]): [string, Entity][] =>
    "entity" in state && state.entity !== undefined ? [[streamId, entityView(state.entity)]] : [],
  );

describe.each(stores)("on the $name store", (store) => {
  it(
    "fold of all = fold of half, then the rest = kept live = documents = a new process",
    { timeout: patienceMs },
    () =>
      holds(store, 80, fc.tuple(histories(), shares), async ({ play, fresh }, [history, share]) => {
        const middle = Math.floor(history.length / 2);
        await play.runAll(history.slice(0, middle));
        // Half-way another process takes over: what it kept live began from the book.
        play.continueOn(await fresh.reopen());
        await play.runAll(history.slice(middle));

        const events = await play.events();
        const whole = fold(new Map(), events);
        const cut = Math.floor(events.length * share);
        expect(fold(thawed(fold(new Map(), events.slice(0, cut))), events.slice(cut))).toEqual(
          whole,
        );
        expect(await documents(fresh.store, play.ledger.book)).toEqual(whole);
        for (const [streamId, entity] of entities(whole))
          expect(await retrieved(play.ledger, streamId)).toEqual(entity);
        const before = { events, head: await play.ledger.head() };

        const store2 = await fresh.reopen();
        play.continueOn(store2);
        expect({ events: await play.events(), head: await play.ledger.head() }).toEqual(before);
        expect(await documents(store2, play.ledger.book)).toEqual(whole);
        for (const [streamId, entity] of entities(whole))
          expect(await retrieved(play.ledger, streamId)).toEqual(entity);
        await tally.add(play);
      }),
  );

  it("positions and revisions have no gaps, and the book verifies", { timeout: patienceMs }, () =>
    holds(store, 60, histories(), async ({ play }, history) => {
      await play.runAll(history);
      const revisions = new Map<string, number>();
      let recordedAt = "";
      for (const [index, event] of (await play.events()).entries()) {
        expect(event.position).toBe(index + 1);
        const revision = (revisions.get(event.streamId) ?? 0) + 1;
        expect(event.revision).toBe(revision);
        revisions.set(event.streamId, revision);
        expect(event.recordedAt >= recordedAt).toBe(true);
        recordedAt = event.recordedAt;
      }
      expect(await play.ledger.verify()).toMatchObject({
        ok: true,
        events: (await play.ledger.head())?.position ?? 0,
      });
      await tally.add(play);
    }),
  );
});

afterAll(() => tally.expect(everyHistory));
