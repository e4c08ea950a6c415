/**
 * Yesterday's events as today's. Each released schema version below the current one has an upcaster
 * that makes the next version of it; a stored event passes through them one by one. Stored bytes are
 * never rewritten.
 */
import { type EventType, eventCatalogue, isEventType } from "../domain/events.ts";
import { LedgerError } from "../kernel/errors.ts";

type Upcaster = (data: unknown) => unknown;

/** `upcasters[type][n]` makes version n + 1 out of version n. No type has a second version yet. */
const upcasters: Partial<Record<EventType, Readonly<Record<number, Upcaster>>>> = {};

/** The data of a stored event in its current version. `where` goes into the message. */
export const upcast = (
  type: string,
  schemaVersion: number,
  data: unknown,
  where: string,
  registered: typeof upcasters = upcasters,
): { readonly type: EventType; readonly data: unknown } => {
  if (!isEventType(type))
    throw new LedgerError(
      "UNKNOWN_EVENT_TYPE",
      `${where} has the type ${type.slice(0, 80)}, which this version does not know; update Tallystick`,
      { detail: { type: type.slice(0, 80) } },
    );
  const current: number = eventCatalogue[type].version;
  let upcasted = data;
  for (let version = schemaVersion; version !== current; version += 1) {
    const step = registered[type]?.[version];
    if (step === undefined)
      throw new LedgerError(
        "UNKNOWN_SCHEMA_VERSION",
        `${where} (${type}) has schema version ${schemaVersion}; this version of Tallystick reads up to ${current}; update Tallystick`,
        { detail: { type, schemaVersion, supported: current } },
      );
    upcasted = step(upcasted);
  }
  return { type, data: upcasted };
};
