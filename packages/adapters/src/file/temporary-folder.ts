/** For tests: a folder that goes when the test that asked for it has ended, and books in it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommitDraft } from "@tallystick/core";
import { onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { appendAll, chargedHistory } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import { fileStore } from "./file-store.ts";

/** The path of `name` in a new folder. */
export const temporaryPath = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
};

/** A book of customer `a` and so many charges, one commit each, closed again; and its last draft's successor. */
export const writtenBook = async (
  charges: number,
  seed = "book",
): Promise<{ readonly path: string; readonly next: CommitDraft }> => {
  const path = await temporaryPath("book.jsonl");
  const host = seededHost({ seed });
  const drafts = draftsFor(host);
  const store = await fileStore(path, { host });
  await appendAll(store, chargedHistory(drafts, charges));
  await store.close();
  const standing = { name: "a", at: charges + 2, owed: 1000 + charges };
  return { path, next: drafts.of([drafts.charged(standing, 1)]) };
};
