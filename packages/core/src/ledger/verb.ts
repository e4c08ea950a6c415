/** What the verbs share: the book they work on, and the way from an input to an answer. */

import type { Policy } from "../domain/details.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { EntityState, StreamState } from "../domain/state.ts";
import type { EntityKind, StreamId } from "../domain/target.ts";
import type { Request } from "../execute/draft.ts";
import type { Executed, Executor, Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { LedgerError } from "../kernel/errors.ts";
import { type Instant, instantOfMs } from "../kernel/instant.ts";
import type { Store } from "../store/store.ts";
import { readInput, targetInput, writeOptionsInput } from "./inputs.ts";
import type { Entity, TargetInput, WriteOptions, Written } from "./types.ts";
import { entityOf, entityView } from "./views.ts";

export interface Context {
  readonly store: Store;
  readonly book: string;
  readonly executor: Executor;
  readonly policy: Policy;
  readonly timeZone: string;
}

/** A target as an input names it. */
export interface Named {
  readonly kind: EntityKind;
  /** An id or an external reference. */
  readonly name: string;
}

/** The one target of an input; undefined where it names none. */
export const namedTarget = ({ customer, account, bill }: TargetInput): Named | undefined => {
  if (customer !== undefined) return { kind: "customer", name: customer };
  if (account !== undefined) return { kind: "account", name: account };
  return bill === undefined ? undefined : { kind: "bill", name: bill };
};

export const notFound = ({ kind, name }: Named): ReturnType<typeof refuse> =>
  refuse("NOT_FOUND", `no ${kind} answers to ${name}`, { kind, name });

export type NamedOf<Kind extends EntityKind> = { readonly kind: Kind; readonly name: string };

/** The id or external reference of a path, checked. */
export const readName = <Kind extends EntityKind>(
  verb: string,
  kind: Kind,
  name: unknown,
): NamedOf<Kind> => {
  const read = readInput(verb, targetInput, { [kind]: name });
  return { kind, name: read[kind] ?? "" };
};

interface Verb<View> {
  readonly name: string;
  readonly lane: StreamId | Named;
  readonly input: object;
  readonly options: WriteOptions | undefined;
  readonly decide: (work: Work, effectiveAt: Instant | undefined) => Promise<Decision<Plan>>;
  readonly view: (state: StreamState) => View;
  /** What others report may be dated ahead of our clock; what the merchant does may not. */
  readonly futureAllowed?: boolean;
  /** The verb takes effect when it is recorded, and cannot be dated. */
  readonly undated?: boolean;
}

const badDate = (name: string, effectiveAt: Instant, message: string): LedgerError =>
  new LedgerError("INVALID_INPUT", `${name}: effectiveAt ${effectiveAt} ${message}`, {
    detail: { faults: [{ field: "effectiveAt", message }] },
  });

/** Runs a writing verb: reads its options, queues its command, answers with what was executed. */
export const run = async <View>(
  { executor, store, book }: Context,
  { name, lane, input, options, decide, view, futureAllowed, undated }: Verb<View>,
): Promise<Executed<View>> => {
  const {
    dryRun = false,
    effectiveAt,
    ...envelope
  } = readInput(name, writeOptionsInput, options ?? {});
  if (effectiveAt !== undefined) {
    if (undated === true)
      throw badDate(
        name,
        effectiveAt,
        "is not for this verb, which takes effect when it is recorded",
      );
    if (futureAllowed !== true && effectiveAt > instantOfMs(store.host.now(book)))
      throw badDate(name, effectiveAt, "must not lie in the future");
  }
  return executor.execute({
    lane: typeof lane === "string" ? lane : await executor.names.laneOf(lane.kind, lane.name),
    envelope,
    dryRun,
    request: { verb: name, ...(input as Request), effectiveAt },
    decide: (work) => decide(work, effectiveAt),
    view,
  });
};

export const viewOf = <Result extends Entity>(state: StreamState): Result =>
  entityView(entityOf(state)) as Result;

export const written = <View>({ view, events, replayed }: Executed<View>): Written<View> => ({
  entity: view,
  events,
  replayed,
});

interface Change<Kind extends EntityKind>
  extends Pick<Verb<unknown>, "name" | "input" | "options" | "undated"> {
  readonly target: NamedOf<Kind>;
  readonly decide: (
    entity: Extract<EntityState, { kind: Kind }>,
    effectiveAt: Instant | undefined,
  ) => Decision<PlannedEvent[]>;
}

/** A verb that changes one entity, named by its target; refuses what is not there. */
export const change = async <Kind extends EntityKind, Result extends Entity>(
  context: Context,
  { target, decide, ...verb }: Change<Kind>,
): Promise<Written<Result>> =>
  written(
    await run(context, {
      ...verb,
      lane: target,
      decide: async (work, effectiveAt) => {
        const streamId = await work.resolve(target.kind, target.name);
        const entity = streamId === undefined ? undefined : await work.entity(streamId);
        if (streamId === undefined || entity === undefined) return notFound(target);
        const decision = decide(entity as Extract<EntityState, { kind: Kind }>, effectiveAt);
        if (!decision.ok) return decision;
        return accept({
          events: decision.value.map((event) => ({ streamId, event })),
          subject: streamId,
        });
      },
      view: viewOf<Result>,
    }),
  );
