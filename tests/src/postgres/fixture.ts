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
import { atOnce } from "./server.ts";

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

/** A role of its own that may log in, gone when the test ends; its name needs quotes. */
export const newRole = async (url: string): Promise<{ name: string; url: string }> => {
  const theirs = new URL(url);
  const name = `a role of ${theirs.pathname.slice(1)}`;
  // Who is no superuser drops what a role owns as a member of it.
  await atOnce(url, `CREATE ROLE "${name}" LOGIN; GRANT "${name}" TO CURRENT_USER`);
  onTestFinished(async () => {
    await atOnce(url, `DROP OWNED BY "${name}"; DROP ROLE "${name}"`);
  });
  theirs.username = name;
  return { name, url: theirs.href };
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
