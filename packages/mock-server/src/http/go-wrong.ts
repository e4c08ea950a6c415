/** A request that goes wrong on purpose. */
import { setTimeout } from "node:timers/promises";
import type { RequestEffect } from "../merchant/faults.ts";
import { Problem, type ProblemCode, problemCodes } from "./problem.ts";

/** A problem that somebody asked for, of any status from 400 to 599. */
export class AskedProblem extends Problem {
  readonly #status: number;

  constructor(status: number) {
    super(codeOf(status), "this went wrong because a fault was entered at /_mock/faults", {
      headers: status === 429 || status === 503 ? { "retry-after": "1" } : {},
    });
    this.#status = status;
  }

  override get status(): number {
    return this.#status;
  }
}

/** The code of a status, or the plainest of its class. */
const codeOf = (status: number): ProblemCode => {
  const codes = Object.keys(problemCodes) as ProblemCode[];
  const exact = codes.find((code) => problemCodes[code].status === status);
  return exact ?? (status < 500 ? "invalid_request" : "internal_error");
};

/** Before anything is done for the request: waits, or throws what it ends in. */
export const goWrong = async (effect: RequestEffect | undefined): Promise<void> => {
  if (typeof effect !== "object") return;
  if ("status" in effect) throw new AskedProblem(effect.status);
  await setTimeout(effect.delay_ms);
};

export const isCut = (effect: RequestEffect | undefined): boolean =>
  effect === "drop_before" || effect === "commit_then_drop";

/** For the journal. */
export const nameOfEffect = (effect: RequestEffect): string =>
  typeof effect === "string" ? effect : JSON.stringify(effect);
