/** Every store answers as the model does: the same refusals, the same events, the same objects. */
import { canonicalJson, type Json, type RecordedEvent } from "@tallystick/core";
import { afterAll, describe, expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { type Fact, Model, type Prediction } from "./model.ts";
import { collect, holds, type Play, type Played } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, everyMatch, Tally } from "./tally.ts";

const tally = new Tally();

/** Bookkeeping that only the stored events need; what it is for is proved elsewhere. */
const bookkeeping = ["obligationId", "awaited", "mirrored", "place", "appliedEventId"];

type Ids = ReadonlyMap<string, string>;

/** A value with generated ids as the model calls them. */
const translated = (value: unknown, ids: Ids): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_, member: unknown) => {
    if (typeof member !== "string") return member;
    const [kind, id] = member.split("/");
    return ids.get(member) ?? (id !== undefined && ids.has(id) ? `${kind}/${ids.get(id)}` : member);
  });

const factOf = ({ type, streamId, effectiveAt, data, personal }: RecordedEvent): Fact => ({
  type,
  on: streamId,
  effectiveAt,
  data: Object.fromEntries(Object.entries(data).filter(([key]) => !bookkeeping.includes(key))),
  ...(personal === undefined ? {} : { personal }),
});

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json;

/** What the ledger told, in the model's words. */
const told = (played: Played, ids: Ids): unknown => {
  if ("refused" in played) {
    const { code, detail } = played.refused;
    return {
      refusal: code,
      ...(code === "IDEMPOTENCY_KEY_REUSED" ? { fields: detail["fields"] } : {}),
    };
  }
  const { entity, events, payment, replayed, outcome } = played.answer;
  const { obligationId: _, ...object } = (entity ?? {}) as Record<string, unknown>;
  const { eventId: __, ...paid } = payment ?? {};
  return translated(
    {
      facts: events.map(factOf),
      entity: entity === undefined ? undefined : object,
      replayed,
      ...(payment === undefined ? {} : { payment: paid }),
      ...(outcome === undefined ? {} : { outcome }),
    },
    ids,
  );
};

/** Learns how the model calls what was generated in a call. */
const learn = (ids: Map<string, string>, played: Played, predicted: Prediction): void => {
  if ("refused" in played || predicted.refusal !== undefined) return;
  for (const [index, { type, streamId }] of played.answer.events.entries()) {
    const on = predicted.facts[index]?.on.split("/")[1];
    const id = streamId.split("/")[1];
    if (type.endsWith(".created") && on !== undefined && id !== undefined) ids.set(id, on);
  }
  const paid = predicted.payment?.["id"];
  if (played.answer.payment !== undefined && typeof paid === "string")
    ids.set(played.answer.payment.id, paid);
};

/** The same call with the ids that the model gave. */
const forModel = (call: Call, ids: Ids): Call => translated(call, ids) as Call;

const suspenseOf = async (play: Play, ids: Ids): Promise<unknown> => {
  const { data } = await play.ledger.listSuspense({ limit: 500 });
  return translated(data, ids);
};

const byText = (values: readonly unknown[]): Json[] =>
  values.map(plain).sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));

describe.each(stores)("on the $name store", (store) => {
  it("every call answers as the model says", { timeout: patienceMs }, () =>
    holds(store, 200, histories(), async ({ play }, history) => {
      const model = new Model();
      const ids = new Map<string, string>();
      for (const command of history) {
        const call = play.asked(command);
        if (call === undefined) continue;
        const played = await play.run(call);
        const predicted = model.call(forModel(call, ids), played.now);
        learn(ids, played, predicted);
        expect(told(played, ids)).toEqual(plain(predicted));
      }
      const entities = await Promise.all(
        (await collect(play.ledger.events()))
          .filter(({ type }) => type.endsWith(".created"))
          .map(({ streamId }) => {
            const [kind, id = ""] = streamId.split("/");
            if (kind === "customer") return play.ledger.retrieveCustomer(id);
            return kind === "account"
              ? play.ledger.retrieveAccount(id)
              : play.ledger.retrieveBill(id);
          }),
      );
      expect(
        byText(entities.map(({ obligationId: _, ...entity }) => translated(entity, ids))),
      ).toEqual(byText(model.entities()));
      expect(byText((await suspenseOf(play, ids)) as unknown[])).toEqual(byText(model.suspense()));
      await tally.add(play);
    }),
  );
});

afterAll(() => tally.expect([...everyHistory, ...everyMatch]));
