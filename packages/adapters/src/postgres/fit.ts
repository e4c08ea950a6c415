/** Whether the drafts of a group fit one another, and what the first of them expect of the book. */
import type { CommitDraft, StreamId } from "@tallystick/core";
import type { DraftCopy } from "../store/draft-copy.ts";

/** What a group expects of a stream as it finds it; what is absent does not matter to it. */
export interface Expected {
  /** Of the last event. */
  revision?: number;
  /** Of the last event. */
  id?: string;
  /** The least revision: the stream may have gone on. */
  least?: number;
}

/** The last event of a stream once the drafts so far are written. */
interface Last {
  readonly revision: number;
  readonly id: string;
}

export class Fit {
  /** False: the drafts have to be judged one by one. */
  ok = true;
  readonly expected: Map<StreamId, Expected> = new Map();
  readonly #last = new Map<StreamId, Last>();
  readonly #keys = new Set<string>();
  readonly #claims = new Set<string>();

  add({ draft, claims }: DraftCopy): void {
    const { events, bases = [], outcome } = draft;
    const own = new Map<StreamId, Last>();
    for (const event of events) {
      // The first of the draft's own events says what the stream has to be; the others follow it.
      if (!own.has(event.streamId)) this.#expect(event.streamId, event.revision - 1);
      own.set(event.streamId, event);
    }
    for (const { streamId, revision, eventId } of bases) {
      // Where no event is named, none may be there.
      if (eventId === undefined && revision !== 0) this.ok = false;
      this.#expect(streamId, revision, eventId);
    }
    for (const [streamId, event] of own) this.#last.set(streamId, event);
    if (outcome !== undefined) {
      this.#once(this.#keys, outcome.key);
      this.#expectSubject(outcome.subject);
    }
    for (const { key } of claims) this.#once(this.#claims, key);
  }

  #once(seen: Set<string>, key: string): void {
    if (seen.has(key)) this.ok = false;
    seen.add(key);
  }

  #of(streamId: StreamId): Expected {
    const known = this.expected.get(streamId);
    if (known !== undefined) return known;
    const fresh = {};
    this.expected.set(streamId, fresh);
    return fresh;
  }

  #expect(streamId: StreamId, revision: number, id?: string): void {
    const last = this.#last.get(streamId);
    if (last !== undefined) {
      if (last.revision !== revision || (id !== undefined && last.id !== id)) this.ok = false;
      return;
    }
    const expected = this.#of(streamId);
    expected.revision ??= revision;
    if (expected.revision !== revision) this.ok = false;
    if (id === undefined) return;
    expected.id ??= id;
    if (expected.id !== id) this.ok = false;
  }

  /** What a command answered about may have gone on since, but not be behind it. */
  #expectSubject(subject: NonNullable<CommitDraft["outcome"]>["subject"]): void {
    if (subject === undefined) return;
    const last = this.#last.get(subject.streamId);
    if (last !== undefined) {
      if (subject.revision > last.revision) this.ok = false;
      return;
    }
    const expected = this.#of(subject.streamId);
    expected.least = Math.max(expected.least ?? 0, subject.revision);
  }
}
