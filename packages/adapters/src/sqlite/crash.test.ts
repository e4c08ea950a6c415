import { once } from "node:events";
import { verifyCommits } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { all, book } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { nodeHost } from "../host/node-host.ts";
import { startChild } from "./child-process.ts";
import { sqliteStore } from "./sqlite-store.ts";

/** Appends customers as fast as it can, and says which are acknowledged, until it is killed. */
const writer = `
const [path, run] = args;
const host = seededHost({ seed: run });
const drafts = draftsFor(host);
const store = await sqliteStore(path, { host });
let next = 0;
const work = async () => {
  while (next < 100000) {
    const name = "r" + run + "n" + (next += 1);
    await store.append("default", drafts.of(drafts.created(name), drafts.outcome(name)));
    say(name);
  }
};
await Promise.all(Array.from({ length: 8 }, work));
`;

describe("a process that is killed while it writes", () => {
  it("loses nothing that it acknowledged, and leaves a chain of whole commits", async () => {
    const path = await temporaryPath("books.db");
    const acknowledged = new Set<string>();
    const rounds = 5;
    for (let run = 1; run <= rounds; run += 1) {
      const { child, lines } = startChild(writer, [path, String(run)]);
      const ended = once(child, "exit");
      let heard = 0;
      for await (const line of lines) {
        acknowledged.add(line);
        heard += 1;
        // The pipe still holds what was acknowledged before the end: all of it is read.
        if (heard === 60 * run) child.kill("SIGKILL");
      }
      await ended;
      const store = await sqliteStore(path);
      const head = await store.head(book);
      const commits = await all(store.readCommits(book));
      const keys = new Set(commits.map(({ outcome }) => outcome?.key));
      for (const name of acknowledged) expect(keys.has(name), name).toBe(true);
      const [name = ""] = acknowledged;
      expect(await store.findOutcome(book, name)).toMatchObject({ commit: expect.any(Number) });
      expect(
        await verifyCommits(nodeHost.sha256, head?.chainId ?? "", store.readCommits(book)),
      ).toMatchObject({ ok: true, commits: commits.length });
      await store.close();
    }
    expect(acknowledged.size).toBeGreaterThan(60 * rounds);
  });
});
