/**
 * The loop round every decision: load, decide, append, and decide again on what changed.
 *
 * Commands for one stream stand in a lane. Those that wait there together are decided one after the
 * other on the evolving state and appended together; each still succeeds or fails alone. A decision
 * that writes nothing is answered only once everything that it was based on is durable and the store
 * has confirmed the rest.
 */
import type { PlannedEvent } from "../domain/planned.ts";
import type { StreamState } from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";
import type { Decision, Refusal } from "../kernel/decision.ts";
import { refusalError } from "../kernel/decision.ts";
import { type ErrorCode, isLedgerError, LedgerError } from "../kernel/errors.ts";
import { instantOfMs } from "../kernel/instant.ts";
import { recordedEvents } from "../store/codec.ts";
import { genesis, type RecordedEvent, recordCommit } from "../store/commit.ts";
import type { FoundOutcome, Store } from "../store/store.ts";
import {
  differingFields,
  draftCommit,
  type Envelope,
  type Mint,
  mintOf,
  newOutcome,
  type Request,
} from "./draft.ts";
import { Names } from "./names.ts";
import { PastStates } from "./past-states.ts";
import { type CachedState, StateCache } from "./state-cache.ts";
import { currentState, Undecided, Work } from "./work.ts";

/** What a command decides: events, and the stream whose state answers the caller. */
export interface Plan {
  readonly events: readonly { readonly streamId: StreamId; readonly event: PlannedEvent }[];
  readonly subject: StreamId;
  /** Set where the command did its work before: the subject's revision of that time. */
  readonly repeats?: number;
}

export interface Command<View> {
  /** Commands of one lane are decided in the order in which they were handed in. */
  readonly lane: StreamId;
  readonly envelope: Envelope;
  readonly dryRun: boolean;
  /** The request, for the idempotency key to be compared by. */
  readonly request: Request;
  readonly decide: (work: Work) => Promise<Decision<Plan>>;
  /** A copy of what the caller gets to see of the subject. */
  readonly view: (state: StreamState) => View;
}

export interface Executed<View> {
  readonly view: View;
  readonly subject: { readonly streamId: StreamId; readonly revision: number };
  readonly events: readonly RecordedEvent[];
  readonly replayed: boolean;
}

/** Another writer was first: decide again. */
const lostRace = new Set<ErrorCode>(["REVISION_CONFLICT", "CLAIM_TAKEN", "OUTCOME_EXISTS"]);
const attemptsMax = 50;
const batchMax = 256;
const cachedStreamsMax = 10_000;
const pastStatesMax = 10_000;
/** How long a lane waits at most that has lost a race. */
const pauseMaxMs = 16;

interface Waiting {
  readonly command: Command<unknown>;
  readonly resolve: (executed: Executed<unknown>) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
  /** Whether it has to be decided on what the store says now. */
  certain: boolean;
}

/** Commands for one stream, in the order in which they were handed in. */
interface Lane {
  readonly name: StreamId;
  readonly waiting: Waiting[];
  /** Told when one more waits. */
  wake: () => void;
}

/** What was appended and has not been answered. */
interface InFlight {
  readonly waiting: Waiting;
  readonly settled: Promise<() => void>;
}

const unheard = (): void => undefined;

type Attempt =
  /** Appended; settles when it is durable. */
  | { readonly kind: "written"; readonly settled: Promise<() => void> }
  /** Answers without having written. */
  | { readonly kind: "nothing"; readonly answer: () => Promise<void> | void };

export class Executor {
  /** Where ids and salts come from. */
  readonly mint: Mint;
  readonly names: Names;
  readonly #store: Store;
  readonly #book: string;
  readonly #cache = new StateCache(cachedStreamsMax);
  readonly #past: PastStates;
  readonly #lanes = new Map<StreamId, Lane>();

  constructor(store: Store, book: string) {
    this.#store = store;
    this.#book = book;
    this.mint = mintOf(store.host);
    this.names = new Names(store, book);
    this.#past = new PastStates(store, book, pastStatesMax);
  }

  /** The newest state of a stream, for readers. */
  read(streamId: StreamId): Promise<CachedState> {
    return currentState(this.#store, this.#book, this.#cache, streamId, true);
  }

  execute<View>(command: Command<View>): Promise<Executed<View>> {
    return new Promise<Executed<unknown>>((resolve, reject) => {
      const waiting: Waiting = { command, resolve, reject, attempts: 0, certain: false };
      if (command.dryRun) {
        this.#rehearse(waiting).catch(reject);
        return;
      }
      const lane = this.#lanes.get(command.lane);
      if (lane !== undefined) {
        lane.waiting.push(waiting);
        lane.wake();
      } else {
        const begun = { name: command.lane, waiting: [waiting], wake: unheard };
        this.#lanes.set(command.lane, begun);
        void this.#run(begun);
      }
    }) as Promise<Executed<View>>;
  }

  async #run(lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const again = await this.#runBatch(lane);
      lane.waiting.unshift(...again);
      if (again.length > 0) await this.#pause(again[0]?.attempts ?? 1);
    }
    this.#lanes.delete(lane.name);
  }

  #pause(attempts: number): Promise<void> {
    if (attempts < 2 || !this.#store.capabilities.shared) return Promise.resolve();
    const [byte = 0] = this.#store.host.randomBytes(1);
    const mostMs = Math.min(2 ** attempts, pauseMaxMs);
    return this.#store.host.pause((byte / 255) * mostMs);
  }

  /**
   * Decides and appends a batch, and what comes to wait behind it while it is being written; gives back
   * those that have to be decided again, in order.
   */
  async #runBatch(lane: Lane): Promise<Waiting[]> {
    let work = this.#work();
    let inFlight: InFlight[] = [];
    const queue = lane.waiting.splice(0, batchMax);
    let taken = queue.length;

    /** Waits for what was appended; gives back those that lost a race. */
    const settle = async (): Promise<Waiting[]> => {
      const lost: Waiting[] = [];
      let overtaken = false;
      let whole = true;
      const results = await Promise.allSettled(inFlight.map(({ settled }) => settled));
      for (const [index, result] of results.entries()) {
        const waiting = inFlight[index]?.waiting;
        if (waiting === undefined) continue;
        if (result.status === "fulfilled") {
          result.value();
          continue;
        }
        whole = false;
        // Where another process wrote to the stream, the first finds out, and those behind it go by that:
        // asking for each would lose the next race too.
        const fell = isLedgerError(result.reason, "REVISION_CONFLICT");
        if (lost.length === 0) overtaken = fell;
        waiting.certain ||= lost.length === 0 || !(overtaken && fell);
        if (this.#mayRetry(waiting, result.reason)) lost.push(waiting);
        else waiting.reject(this.#final(waiting, result.reason));
      }
      if (whole) work.publish();
      else work.discard();
      inFlight = [];
      return lost;
    };

    for (;;) {
      const waiting = queue.shift();
      if (waiting === undefined) {
        if (taken >= batchMax || !(await answered(inFlight, lane))) return settle();
        queue.push(...lane.waiting.splice(0, batchMax - taken));
        taken += queue.length;
        continue;
      }
      let attempt: Attempt | undefined;
      if (waiting.certain && !work.certain) {
        const lost = await settle();
        work = this.#work();
        if (lost.length > 0) {
          queue.unshift(...lost, waiting);
          continue;
        }
      }
      work.next(waiting.certain);
      try {
        attempt = await this.#attempt(work, waiting);
      } catch (error) {
        if (!(error instanceof Undecided)) {
          queue.unshift(...(await settle()));
          work = this.#work();
          waiting.reject(error);
          continue;
        }
      }
      if (attempt?.kind === "written") {
        // Waited for in settle; until then nobody listens, and that is no unhandled rejection.
        attempt.settled.catch(() => undefined);
        inFlight.push({ waiting, settled: attempt.settled });
      } else if (attempt !== undefined && work.certain && inFlight.length === 0) {
        await attempt.answer();
      } else {
        // It writes nothing, or depends on what is being written: certainty first, then again.
        const lost = await settle();
        work = this.#work();
        waiting.certain = true;
        if (attempt !== undefined || this.#mayTryAgain(waiting)) lost.push(waiting);
        else waiting.reject(this.#contention(waiting, undefined));
        queue.unshift(...lost);
      }
    }
  }

  #work(): Work {
    const nextEventId = (): string => this.mint.ids("event");
    return new Work(this.#store, this.#book, this.#cache, this.names, nextEventId);
  }

  #mayTryAgain(waiting: Waiting): boolean {
    waiting.attempts += 1;
    return waiting.attempts < attemptsMax;
  }

  #mayRetry(waiting: Waiting, error: unknown): boolean {
    return isLedgerError(error) && lostRace.has(error.code) && this.#mayTryAgain(waiting);
  }

  #final(waiting: Waiting, cause: unknown): unknown {
    return isLedgerError(cause) && lostRace.has(cause.code)
      ? this.#contention(waiting, cause)
      : cause;
  }

  #contention(waiting: Waiting, cause: unknown): LedgerError {
    return new LedgerError(
      "CONTENTION",
      `${waiting.command.lane}: other writers were first ${waiting.attempts} times; nothing was written, try again`,
      { cause, detail: { lane: waiting.command.lane, attempts: waiting.attempts } },
    );
  }

  async #attempt(work: Work, waiting: Waiting): Promise<Attempt> {
    const { command } = waiting;
    const { idempotencyKey: key } = command.envelope;
    if (key !== undefined) {
      work.takeKey(key);
      const found = work.certain ? await this.#store.findOutcome(this.#book, key) : undefined;
      if (found !== undefined)
        return { kind: "nothing", answer: () => this.#replay(waiting, key, found) };
    }
    const decision = await command.decide(work);
    if (work.certain && (!decision.ok || decision.value.events.length === 0)) await work.confirm();
    if (!decision.ok) return this.#refused(work, waiting, decision.refusal);

    const { events, subject, repeats } = decision.value;
    const placed = await work.plan(events);
    const { state, revision } = await this.#subject(work, subject, repeats);
    const view = command.view(state);
    const came = { revision, streamId: subject };
    if (events.length === 0 && (key === undefined || !work.certain))
      return {
        kind: "nothing",
        answer: () =>
          waiting.resolve({ view, subject: came, events: [], replayed: repeats !== undefined }),
      };
    const outcome =
      key === undefined
        ? undefined
        : newOutcome(this.mint, key, command.request, { subject: came });
    const draft = draftCommit(this.mint, placed, command.envelope, outcome);
    const settled = this.#store.append(this.#book, draft).then((commit) => () => {
      waiting.resolve({
        view,
        subject: came,
        events: recordedEvents(commit),
        replayed: repeats !== undefined,
      });
    });
    return { kind: "written", settled };
  }

  /** The state that answers the caller: that of the work, or of when the command did its work before. */
  async #subject(
    work: Work,
    streamId: StreamId,
    repeats: number | undefined,
  ): Promise<{ readonly state: StreamState; readonly revision: number }> {
    if (repeats === undefined) return work.stream(streamId);
    return { state: await this.#past.at(streamId, repeats), revision: repeats };
  }

  /** Under a key, a refusal is kept as the outcome; without one it leaves no trace. */
  async #refused(work: Work, waiting: Waiting, refusal: Refusal): Promise<Attempt> {
    const { command } = waiting;
    const { idempotencyKey: key } = command.envelope;
    const refuse = (): void => waiting.reject(refusalError(refusal));
    if (key === undefined || !work.certain) return { kind: "nothing", answer: refuse };
    const outcome = newOutcome(this.mint, key, command.request, { refusal });
    const draft = draftCommit(this.mint, await work.plan([]), command.envelope, outcome);
    return { kind: "written", settled: this.#store.append(this.#book, draft).then(() => refuse) };
  }

  /** Answers a key that was used before, from the stream as it was then. */
  async #replay(waiting: Waiting, key: string, found: FoundOutcome): Promise<void> {
    const { command } = waiting;
    const { outcome } = found;
    try {
      const fields = differingFields(this.#store.host.sha256, outcome, command.request);
      if (fields.length > 0)
        throw new LedgerError(
          "IDEMPOTENCY_KEY_REUSED",
          `the idempotency key ${key} was used for another request; these fields differ: ${fields.join(", ")}. Use a new key for a new request`,
          { detail: { key, fields } },
        );
      if (outcome.refusal !== undefined) throw refusalError(outcome.refusal as Refusal);
      const { subject } = outcome;
      if (subject === undefined)
        throw new LedgerError("BOOK_CORRUPT", `the outcome of ${key} names no stream`, {
          detail: { key },
        });
      const state = await this.#past.at(subject.streamId, subject.revision);
      const events = await this.#eventsOf(found.commit);
      waiting.resolve({ view: command.view(state), subject, events, replayed: true });
    } catch (error) {
      waiting.reject(error);
    }
  }

  async #eventsOf(commit: number): Promise<RecordedEvent[]> {
    const range = { afterCommit: commit - 1, upToCommit: commit };
    for await (const [found] of this.#store.readCommits(this.#book, range))
      if (found !== undefined) return recordedEvents(found);
    throw new LedgerError("BOOK_CORRUPT", `commit ${commit} of ${this.#book} is gone`, {
      detail: { commit },
    });
  }

  /** A dry run: the same decisions on the book as it is, recorded nowhere. */
  async #rehearse(waiting: Waiting): Promise<void> {
    const { command } = waiting;
    const { host } = this.#store;
    const { idempotencyKey: key } = command.envelope;
    const found = key === undefined ? undefined : await this.#store.findOutcome(this.#book, key);
    if (found !== undefined && key !== undefined) return this.#replay(waiting, key, found);
    const work = this.#work();
    const decision = await command.decide(work);
    if (!decision.ok) throw refusalError(decision.refusal);
    const { events, subject, repeats } = decision.value;
    const placed = await work.plan(events);
    const { state, revision } = await this.#subject(work, subject, repeats);
    const head = (await this.#store.head(this.#book)) ?? genesis(host.sha256, "");
    const draft = draftCommit(this.mint, placed, command.envelope, undefined);
    waiting.resolve({
      view: command.view(state),
      subject: { streamId: subject, revision },
      events: recordedEvents(
        recordCommit(host.sha256, head, draft, instantOfMs(host.now(this.#book))),
      ),
      replayed: repeats !== undefined,
    });
  }
}

/**
 * Answers those in flight that are durable, up to the last of them, until somebody waits in the lane:
 * then true, for what is written next can be decided while the rest is being written. False where only
 * the last is left, or one was not written.
 */
const answered = async (inFlight: InFlight[], lane: Lane): Promise<boolean> => {
  while (lane.waiting.length === 0) {
    const [first] = inFlight;
    if (first === undefined) return false;
    const arrival = new Promise<undefined>((resolve) => {
      lane.wake = () => resolve(undefined);
    });
    try {
      const answer = await Promise.race([first.settled, arrival]);
      if (answer === undefined) continue;
      if (inFlight.length === 1) return false;
      inFlight.shift();
      answer();
    } catch {
      return false;
    } finally {
      lane.wake = unheard;
    }
  }
  return true;
};
