/** Accepting matches that no rule of a reconciliation finds, booking differences, and undoing it. */
import type { z } from "zod";
import { acceptMatch, undoAcceptance } from "../domain/acceptance.ts";
import { acceptedClaim } from "../domain/claims.ts";
import type { AcceptanceState } from "../domain/state.ts";
import { streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { ClaimHolder } from "../store/store.ts";
import { acceptMatchInput, readInput, undoAcceptanceInput } from "./inputs.ts";
import { type Movement, movementsOf } from "./movements.ts";
import type { Acceptance, WriteOptions, Written } from "./types.ts";
import { type Context, run, written } from "./verb.ts";
import { acceptanceView } from "./views.ts";

export type AcceptMatchInput = z.input<typeof acceptMatchInput>;
export type UndoAcceptanceInput = z.input<typeof undoAcceptanceInput>;

type Asked = z.output<typeof acceptMatchInput>;

/** How often a row or a movement was accepted, and by what last. */
interface Past {
  readonly count: number;
  readonly last?: ClaimHolder;
  /** What it stands in, if it does. */
  readonly standing?: AcceptanceState;
}

const pastOf = async (work: Work, member: string | number): Promise<Past> => {
  let last: ClaimHolder | undefined;
  for (let count = 0; ; count += 1) {
    const [holder] = await work.certainHolders([acceptedClaim(member, count + 1)]);
    if (holder !== undefined) {
      last = holder;
      continue;
    }
    if (last === undefined) return { count };
    const acceptance = await work.acceptance(last);
    const isIn =
      acceptance?.standing === true &&
      (acceptance.accepted.rows.some((row) => row.rowId === member && row.ordinal === count) ||
        acceptance.accepted.movements.some(
          ({ position, ordinal }) => position === member && ordinal === count,
        ));
    return { count, last, ...(isIn ? { standing: acceptance } : {}) };
  }
};

/** The movements that are meant, by position; each once. */
const movementsFor = async (
  work: Work,
  { kind, payments }: Asked,
): Promise<Decision<readonly Movement[]>> => {
  const chosen = new Map<number, Movement>();
  for (const { paymentId, position } of payments) {
    const found = (await movementsOf(work, paymentId)).filter(
      (each) => each.kind === kind && each.position === (position ?? each.position),
    );
    if (found.length === 0)
      return refuse(
        "PAYMENT_NOT_FOUND",
        `the ledger knows no ${kind} of ${paymentId}${position === undefined ? "" : ` at position ${position}`}`,
        { paymentId, kind, ...(position === undefined ? {} : { position }) },
      );
    for (const movement of found) chosen.set(movement.position, movement);
  }
  return accept([...chosen.values()].sort((a, b) => a.position - b.position));
};

const isSame = (
  asked: Asked,
  movements: readonly Movement[],
  standing: AcceptanceState,
): boolean => {
  const { kind, currency, rows, difference, movements: theirs } = standing.accepted;
  return (
    kind === asked.kind &&
    currency === asked.currency &&
    difference?.cause === asked.difference &&
    rows.length === asked.rows.length &&
    rows.every((row) =>
      asked.rows.some(({ rowId, amount }) => rowId === row.rowId && amount === row.amount),
    ) &&
    theirs.length === movements.length &&
    theirs.every(({ position }) => movements.some((each) => each.position === position))
  );
};

/** What did its work at a revision before; it has to be durable. */
const repeatOf = async (work: Work, holder: ClaimHolder): Promise<Plan> => {
  const { streamId, revision } = await work.eventAt(holder);
  return { events: [], subject: streamId, repeats: revision };
};

const decideAcceptance = async (work: Work, asked: Asked): Promise<Decision<Plan>> => {
  const streamId = leadOf(asked.rows);
  // Looked at before its claims are: what a newer claim says would not fit an older state.
  await work.stream(streamId);
  const found = await movementsFor(work, asked);
  if (!found.ok) return found;
  const strange = found.value.find(({ currency }) => currency !== asked.currency);
  if (strange !== undefined)
    return refuse(
      "CURRENCY_MISMATCH",
      `${strange.paymentId} moved ${strange.currency} at position ${strange.position}; the rows are in ${asked.currency}`,
      {
        paymentId: strange.paymentId,
        position: strange.position,
        currency: asked.currency,
        expected: strange.currency,
      },
    );
  const rows = [];
  for (const row of asked.rows) rows.push({ ...row, past: await pastOf(work, row.rowId) });
  const movements = [];
  for (const each of found.value)
    movements.push({ ...each, past: await pastOf(work, each.position) });
  const taken = [...rows, ...movements].find(({ past }) => past.standing !== undefined);
  if (taken?.past.standing !== undefined && taken.past.last !== undefined) {
    const { standing, last } = taken.past;
    if (isSame(asked, found.value, standing)) return accept(await repeatOf(work, last));
    const with_ = standing.accepted.rows.map(({ rowId }) => rowId);
    const what =
      "rowId" in taken ? taken.rowId : `${taken.paymentId} at position ${taken.position}`;
    return refuse(
      "MATCH_STANDS",
      `${what} stands in the match accepted with ${with_.join(", ")}; undo that one first`,
      {
        ...("rowId" in taken
          ? { rowId: taken.rowId }
          : { paymentId: taken.paymentId, position: taken.position }),
        acceptedWith: with_,
      },
    );
  }
  const decision = acceptMatch({
    ...asked,
    rows: rows
      .map(({ rowId, amount, past }) => ({ rowId, amount, ordinal: past.count + 1 }))
      .sort((a, b) => (a.rowId < b.rowId ? -1 : 1)),
    movements: movements.map(({ past, ...each }) => ({ ...each, ordinal: past.count + 1 })),
  });
  if (!decision.ok) return decision;
  return accept({ events: [{ streamId, event: decision.value }], subject: streamId });
};

/** The stream of an acceptance is that of the first of its rows. */
const leadOf = (rows: Asked["rows"]): string =>
  streamIdOf("acceptance", rows.map(({ rowId }) => rowId).sort()[0] ?? "");

/** The verbs that say that their rows are our movements, over one book. */
export const acceptanceVerbs = (context: Context) => ({
  /**
   * Accepts that rows of theirs are movements of ours: payments by id, or one movement of a payment
   * by its position. Reconciliations that see these rows set them against each other before any rule
   * is tried. Where the amounts differ, `difference` says what that is: it is booked against cash, as
   * of when the last of the movements was. No balance changes. The same match again changes nothing.
   * A row and a movement stand in one match at most (`MATCH_STANDS`).
   */
  async acceptMatch(input: AcceptMatchInput, options?: WriteOptions): Promise<Written<Acceptance>> {
    const read = readInput("acceptMatch", acceptMatchInput, input);
    return written(
      await run(context, {
        name: "acceptMatch",
        lane: leadOf(read.rows),
        input: read,
        options,
        undated: true,
        decide: (work) => decideAcceptance(work, read),
        view: acceptanceView,
      }),
    );
  },

  /**
   * Takes back the match in which a row stands: rules decide again, and what was booked is booked
   * back, as of the same time. What was undone before changes nothing.
   */
  async undoAcceptance(
    input: UndoAcceptanceInput,
    options?: WriteOptions,
  ): Promise<Written<Acceptance>> {
    const { rowId, reason } = readInput("undoAcceptance", undoAcceptanceInput, input);
    return written(
      await run(context, {
        name: "undoAcceptance",
        lane: streamIdOf("acceptance", rowId),
        input: { rowId, reason },
        options,
        undated: true,
        decide: async (work) => {
          const { last, standing } = await pastOf(work, rowId);
          if (last === undefined)
            return refuse("ROW_NOT_ACCEPTED", `no match was ever accepted with ${rowId}`, {
              rowId,
            });
          const { streamId, revision } = last;
          // What came behind an acceptance undid it.
          if (standing === undefined)
            return accept(await repeatOf(work, { streamId, revision: revision + 1 }));
          const event = undoAcceptance(standing, reason);
          return accept({ events: [{ streamId, event }], subject: streamId });
        },
        view: acceptanceView,
      }),
    );
  },
});
