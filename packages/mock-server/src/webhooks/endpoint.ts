/** Where a merchant's webhooks go, and what they are signed with. */
import { rotationMs } from "./schedule.ts";

interface SigningSecret {
  readonly secret: string;
  /** Signs until then, in milliseconds since 1970; absent for the one in force. */
  readonly untilMs?: number;
}

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  /** Newest first; at least one. */
  readonly secrets: readonly [SigningSecret, ...SigningSecret[]];
  /** The server was started with it: it belongs to every merchant. */
  readonly shared?: true;
  /** It was deleted, and what was planned for it is being cleared away. */
  readonly leaving?: true;
}

/** Rotated so often within a day, the oldest sign no more. */
const secretsMax = 10;

/** What signs now, the newest first (D-36). */
export const secretsAt = ({ secrets }: Endpoint, nowMs: number): readonly string[] =>
  secrets
    .filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs)
    .map(({ secret }) => secret);

/** With a new secret; the ones before it sign for 24 hours more. */
export const rotated = (endpoint: Endpoint, secret: string, nowMs: number): Endpoint => {
  const before = endpoint.secrets
    .map((each) => ({ ...each, untilMs: each.untilMs ?? nowMs + rotationMs }))
    .filter(({ untilMs }) => untilMs > nowMs)
    .slice(0, secretsMax - 1);
  return { ...endpoint, secrets: [{ secret }, ...before] };
};
