/** A call: attempts until it is clear how it ended, or until no more may be made. */
import type { Fault } from "@tallystick/core";
import { type AnswerKind, readAnswer } from "./answers.ts";
import { type Attempted, attempt, type Call, orAborted } from "./attempt.ts";
import {
  failureCode,
  MomentApiError,
  type MomentErrorCode,
  nextSteps,
} from "./moment-api-error.ts";
import type { Settings } from "./options.ts";
import { parseJson, readProblem } from "./problem.ts";
import { leavesDoubt, pauseBefore } from "./retry-policy.ts";

export interface Answered<Entity> {
  readonly entity: Entity;
  readonly replayed: boolean;
}

const bodyShown = 200;

/** Everything that is known of a call that failed. */
const failed = (
  settings: Settings,
  call: Call,
  attempts: number,
  last: Attempted,
  code: MomentErrorCode,
  faults?: readonly Fault[],
): MomentApiError => {
  const { method, path, idempotencyKey } = call;
  const isAnswer = last.kind === "answer";
  const problem =
    isAnswer && faults === undefined ? readProblem(last.text, settings.redact) : undefined;
  const body =
    isAnswer && problem === undefined && faults === undefined && last.text !== ""
      ? settings.redact(last.text).slice(0, bodyShown)
      : undefined;
  const happened = !isAnswer
    ? last.reason
    : last.redirected
      ? "was answered with a redirect, which is not followed"
      : `was answered ${last.status}`;
  const told = [
    `${method} ${path} ${happened}`,
    problem?.detail?.replace(/\.$/, "") ?? problem?.title,
    ...(faults ?? []).slice(0, 5).map(({ field, message }) => `${field} ${message}`.trim()),
    attempts === 1 ? undefined : `sent ${attempts} times`,
    call.kind === "read" ? undefined : nextSteps[code],
  ].filter((part) => part !== undefined);
  return new MomentApiError(code, told.join("; "), {
    method,
    path,
    ...(isAnswer ? { status: last.status } : {}),
    ...(problem === undefined ? {} : { problem }),
    ...(body === undefined ? {} : { body }),
    ...(faults === undefined ? {} : { faults }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    replayed: isAnswer && last.replayed,
    attempts,
    ...(isAnswer && last.retryAfterMs !== undefined ? { retryAfterMs: last.retryAfterMs } : {}),
  });
};

/** A number from 0 to 1, both included, of four random bytes. */
const fraction = (randomBytes: (count: number) => Uint8Array): number =>
  randomBytes(4).reduce((sum, byte) => sum * 256 + byte, 0) / 0xff_ff_ff_ff;

/** Sends a call, again where that is safe, and reads its answer. Rejects with `MomentApiError`. */
export const send = async <Entity>(
  settings: Settings,
  call: Call,
  kind: AnswerKind<Entity>,
): Promise<Answered<Entity>> => {
  const { host, retry } = settings;
  let inDoubt = false;
  for (let sent = 1; ; sent += 1) {
    const last = await attempt(settings, call);
    if (last.kind === "answer" && last.redirected)
      throw failed(settings, call, sent, last, "MOMENT_ANSWER_UNREADABLE");
    if (last.kind === "answer" && last.status >= 200 && last.status < 300) {
      const read = readAnswer(
        kind,
        parseJson(last.text, (text) => text),
      );
      if (read.ok) return { entity: read.entity, replayed: last.replayed };
      const faults = read.faults.map(({ field, message }) => ({
        field: settings.redact(field),
        message: settings.redact(message),
      }));
      throw failed(settings, call, sent, last, "MOMENT_ANSWER_UNREADABLE", faults);
    }
    const tried = { call: call.kind, outcome: last, keyAtWork: inDoubt || call.keyGiven };
    const random = fraction(host.randomBytes);
    const pauseMs = pauseBefore({ ...tried, attempt: sent, random }, retry);
    if (pauseMs === undefined)
      throw failed(settings, call, sent, last, failureCode(call.kind, last, inDoubt));
    inDoubt ||= leavesDoubt(last);
    const pause = host.pause(pauseMs, call.signal);
    await (call.signal === undefined ? pause : orAborted(pause, call.signal));
  }
};
