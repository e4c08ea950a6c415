/**
 * Where the commits of one book are written, as the group writer and the import see it: a turn gives
 * what is known of the book, and takes the commits that were judged to fit behind it.
 */
import type { Host, RecordedCommit, TakenClaim } from "@tallystick/core";
import type { Known } from "./judge.ts";
import type { Turns } from "./turns.ts";

/** A commit on its way into a journal. */
export interface Entry {
  readonly commit: RecordedCommit;
  readonly claims: readonly TakenClaim[];
}

/** Nobody else writes to the book between the begin of a turn and its end. */
export interface WriteTurn {
  /** What is durable, with the head that the next commit follows. */
  readonly known: Known;
  /** About how many bytes a commit takes. */
  sizeOf(commit: RecordedCommit): number;
  /** The hash of a commit that the book holds; undefined for one that it does not hold. */
  hashOf(number: number): Promise<string | undefined>;
  /** Ends the turn. All of them become durable, or none. */
  write(entries: readonly Entry[]): Promise<void>;
  /** Ends the turn without writing anything. Does nothing where it has ended. */
  abandon(): void;
}

export interface Journal {
  /** The book's name. */
  readonly name: string;
  readonly host: Host;
  /** Turns of this process: never two at a time. */
  readonly writes: Turns;
  /** `chainId` is that of the chain to begin where there is no book yet; fresh unless given. */
  begin(chainId?: string): Promise<WriteTurn>;
}
