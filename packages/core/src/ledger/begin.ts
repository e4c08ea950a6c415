/** How an entity comes into being: its names are free, and what waited for it is set free with it. */
import { referenceClaim } from "../domain/claims.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import { type EntityKind, type StreamId, streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { awaitedBy, withReleased } from "./waiting.ts";

/** An entity on its way into a commit: its stream, and the events that begin it and those it sets free. */
interface Begun {
  readonly streamId: StreamId;
  readonly id: string;
  readonly events: Plan["events"];
}

interface Naming {
  readonly kind: EntityKind;
  readonly id: string;
  readonly given: boolean;
  readonly externalReference: string;
}

/** Refuses an id or a reference that is taken; else says what waits for them and how the entity begins. */
export const begin = async (
  work: Work,
  { kind, id, given, externalReference }: Naming,
  create: (awaited: {
    readonly id?: number;
    readonly reference: number;
  }) => Decision<PlannedEvent[]>,
): Promise<Decision<Begun>> => {
  const streamId = streamIdOf(kind, id);
  if (given && (await work.stream(streamId)).revision > 0)
    return refuse("ID_TAKEN", `${id} exists already; update it, or leave the id out`, { kind, id });
  const taken = await work.holder(referenceClaim(kind, externalReference));
  if (taken !== undefined)
    return refuse(
      "REFERENCE_TAKEN",
      `${taken.streamId} already has the external reference ${externalReference}`,
      { kind, externalReference, takenBy: taken.streamId.slice(kind.length + 1) },
    );
  const awaited = await awaitedBy(work, kind, given ? id : undefined, externalReference);
  const created = create(awaited);
  if (!created.ok) return created;
  const events = await withReleased(work, streamId, created.value, awaited);
  return events.ok ? accept({ streamId, id, events: events.value }) : events;
};
