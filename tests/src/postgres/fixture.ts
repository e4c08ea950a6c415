/** What the tests on a real server share: tables of their own, clients, drafts. */
import { customerStream, type Drafts, draftsFor } from "@tallystick/adapters/contract";
import { type SeededHost, seededHost } from "@tallystick/adapters/host";
import {
  migrate,
  type PostgresStore,
  type PostgresStoreOptions,
  postgresStore,
} from "@tallystick/adapters/postgres";
import type { CommitDraft } from "@tallystick/core";
import pg from "pg";
import { onTestFinished } from "vitest";

export const book = "default";
export const a = customerStream("a");

/** A store over tables of its own in a database; closed when the test ends. */
export const openFresh = async (
  url: string,
  options: PostgresStoreOptions = {},
): Promise<{ store: PostgresStore; host: SeededHost; drafts: Drafts }> => {
  await migrate(url);
  const host = seededHost();
  const store = await postgresStore(url, { host, ...options });
  onTestFinished(() => store.close());
  return { store, host, drafts: draftsFor(host) };
};

/** A connection of its own; hung up when the test ends. */
export const connected = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client(url);
  // A server that is stopped says so to every connection.
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

/** A customer comes into being. */
export const created = (drafts: Drafts, name: string): CommitDraft =>
  drafts.of(drafts.created(name));

export const everything = async <Item>(
  batches: AsyncIterable<readonly Item[]>,
): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
};

/** The first `count` items of a feed that may have no end. */
export const first = async <Item>(count: number, feed: AsyncIterable<Item>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const item of feed) if (items.push(item) >= count) break;
  return items;
};
