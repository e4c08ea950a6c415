/** Every key of a book under one of three hashes: it costs time, and may cost nothing else. */
import type { Host, Store } from "@tallystick/core";
import { describe, vi } from "vitest";
import { storeContract } from "../contract/store-contract.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import type { SqliteStore } from "./sqlite-store.ts";

const few = vi.hoisted(
  () =>
    (text: string): number =>
      text.length % 3,
);

vi.mock("./key-hash.ts", () => ({
  keyHash: (_seed: number, key: string) => few(key),
  claimHash: (_seed: number, claim: string) => few(claim),
  paymentHashes: () => [0, 2] as const,
}));

const recentMax = 3;
const again = (store: Store, host: Host): Promise<SqliteStore> =>
  openSqliteStore((store as SqliteStore).path, { host }, recentMax);

describe("a store whose hashes collide", () => {
  storeContract({
    open: async (host) => openSqliteStore(await temporaryPath("books.db"), { host }, recentMax),
    another: again,
    reopen: again,
  });
});
