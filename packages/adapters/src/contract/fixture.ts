/** What every test of the contract begins with: an empty store of its own, and drafts to fill it. */
import type { CommitDraft, Host, RecordedCommit, Store } from "@tallystick/core";
import { onTestFinished } from "vitest";
import { type SeededHost, seededHost } from "../host/seeded-host.ts";
import { type Drafts, draftsFor } from "./drafts.ts";

/** How a store is opened for the contract. */
export interface StoreUnderTest {
  /** An empty store of its own each time, over the clock and the randomness of `host`. */
  readonly open: (host: Host) => Promise<Store>;
  /** What a store that has been closed held, opened again. Left out where nothing outlives it. */
  readonly reopen?: (closed: Store, host: Host) => Promise<Store>;
  /** A second handle on what a store holds that is still open. Left out where it cannot be shared. */
  readonly another?: (open: Store, host: Host) => Promise<Store>;
  /** A store that holds a single book is not asked for a second one. The default is many. */
  readonly books?: "one" | "many";
}

interface Fixture {
  readonly host: SeededHost;
  readonly store: Store;
  readonly drafts: Drafts;
}

export type SetUp = () => Promise<Fixture>;

export const setUpFor =
  ({ open }: StoreUnderTest): SetUp =>
  async () => {
    const host = seededHost();
    const store = await open(host);
    onTestFinished(() => store.close());
    return { host, store, drafts: draftsFor(host) };
  };

/** The book that most tests use. */
export const book = "default";

/** Everything that a feed of batches gives, in one list. */
export const all = async <Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
};

/** The first `count` items of a feed that may have no end. */
export const first = async <Item>(count: number, feed: AsyncIterable<Item>): Promise<Item[]> => {
  const items: Item[] = [];
  if (count === 0) return items;
  for await (const item of feed) if (items.push(item) >= count) break;
  return items;
};

export async function* batchesOf<Item>(
  ...batches: (readonly Item[])[]
): AsyncGenerator<readonly Item[]> {
  yield* batches;
}

/** Appends drafts one after the other. */
export const appendAll = async (
  store: Store,
  drafts: readonly CommitDraft[],
): Promise<RecordedCommit[]> => {
  const commits: RecordedCommit[] = [];
  for (const draft of drafts) commits.push(await store.append(book, draft));
  return commits;
};

/** A customer `a` who owes 1000, then `charges` charges of 1 each: one commit each. */
export const chargedHistory = (drafts: Drafts, charges: number): CommitDraft[] => [
  drafts.of(drafts.created("a")),
  ...Array.from({ length: charges }, (_, index) =>
    drafts.of([drafts.charged({ name: "a", at: 2 + index, owed: 1000 + index }, 1)]),
  ),
];

/** Changes a value where it lets itself be changed; what a store gives may be frozen. */
export const tamperWith = (change: () => void): void => {
  try {
    change();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
};
