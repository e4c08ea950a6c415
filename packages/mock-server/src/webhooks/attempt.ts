/** One attempt to deliver one event to one endpoint, as it is remembered. Times are milliseconds since 1970. */
import type { Json } from "@tallystick/core";

export interface Attempt {
  readonly eventId: string;
  readonly endpointId: string;
  /** Counts the attempts of this event at this endpoint; 1 or more. */
  readonly attempt: number;
  readonly status: "pending" | "succeeded" | "failed";
  /** When it was made; while it is pending, when it is due. */
  readonly atMs: number;
  /** Absent where nothing was answered. */
  readonly responseStatus?: number;
  /** Of a failed one: when the next is due. */
  readonly nextAtMs?: number;
  /** Where the event stands. */
  readonly streamId: string;
  readonly revision: number;
  /** Its place in the schedule; begins again at 1 when somebody asks for another delivery. */
  readonly round: number;
  /** A fault has held it up, and no other one will. */
  readonly spared?: true;
}

/** Attempts are numbered as they are planned; 1 or more. */
export interface NumberedAttempt extends Attempt {
  readonly number: number;
}

const digits = 12;
const instantDigits = 15;

export const attemptKey = (number: number): string => String(number).padStart(digits, "0");
export const attemptId = (number: number): string => `dlv_${attemptKey(number)}`;
/** The number in an id; undefined where it is none. */
export const numberOfId = (id: string): number | undefined =>
  /^dlv_\d{12}$/.test(id) ? Number(id.slice("dlv_".length)) : undefined;

/** By event, then endpoint, then count. */
export const ofEventKey = ({
  eventId,
  endpointId,
  attempt,
}: Pick<Attempt, "eventId" | "endpointId" | "attempt">): string =>
  `${eventId}/${endpointId}/${attemptKey(attempt)}`;

/** By endpoint, then instant, then number: the first of an endpoint is the one that is due next. */
export const dueKey = ({ endpointId, atMs, number }: NumberedAttempt): string =>
  `${endpointId}/${String(atMs).padStart(instantDigits, "0")}/${attemptKey(number)}`;

export interface Due {
  readonly dueMs: number;
  readonly number: number;
}

export const readDueKey = (key: string): Due => {
  const [, due, number] = key.split("/");
  return { dueMs: Number(due), number: Number(number) };
};

export const attemptValue = ({ number: _, ...attempt }: NumberedAttempt): Json =>
  attempt as unknown as Json;

export const readAttempt = (number: number, value: Json): NumberedAttempt => ({
  number,
  ...(value as unknown as Attempt),
});
