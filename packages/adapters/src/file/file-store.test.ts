import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host, Store } from "@tallystick/core";
import { afterAll, beforeAll, describe } from "vitest";
import { storeContract } from "../contract/store-contract.ts";
import { type FileStore, fileStore } from "./file-store.ts";

let folder: string;
let opened = 0;
const freshName = (): string => {
  opened += 1;
  return join(folder, `books-${opened}`);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tallystick-contract-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const reopen = (closed: Store, host: Host): Promise<Store> =>
  fileStore((closed as FileStore).path, { host });

describe("a store of one file", () => {
  storeContract({
    books: "one",
    open: async (host) => fileStore(`${freshName()}.jsonl`, { host }),
    reopen,
  });
});

describe("a store of a folder of files", () => {
  storeContract({
    open: async (host) => fileStore(`${freshName()}/`, { host }),
    reopen,
  });
});
