/**
 * What the workloads ask of somebody else's event store: append one body where a stream is expected to
 * be, and read a stream back. Nothing of what a ledger does besides: no rules, keys, outcomes or chain.
 */
import type { EventBody } from "../bare.ts";

export interface PeerStore {
  /** Appends behind `revision` events, 0 for a new stream; false where the stream is elsewhere by now. */
  append(stream: string, bodies: readonly EventBody[], revision: number): Promise<boolean>;
  /** The events behind the first `after` ones, in order. */
  read(stream: string, after: number): Promise<readonly EventBody[]>;
  close(): Promise<void>;
}

/** Where a peer may keep its events: an empty folder, or a PostgreSQL database that is emptied for it. */
export interface Place {
  readonly folder: string;
  /** A database of PostgreSQL; undefined where the workload needs none. */
  readonly url: string | undefined;
}

export interface Peer {
  /** And how it was set up where there was a choice. */
  readonly name: string;
  open(place: Place): Promise<PeerStore>;
}
