import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { verifyCommits } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { all, book } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import { fileStore } from "./file-store.ts";
import { temporaryPath, writtenBook } from "./temporary-folder.ts";

const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** Opens the book, says so, and appends customers as fast as it can until it is killed. */
const writer = `
import { fileStore } from ${url("./file-store.ts")};
import { draftsFor } from ${url("../contract/drafts.ts")};
import { seededHost } from ${url("../host/node-host.ts")};
const [path, run] = process.argv.slice(1);
const host = seededHost({ seed: run });
const drafts = draftsFor(host);
const say = (text) => process.stdout.write(text + "\\n");
try {
  const store = await fileStore(path, { host });
  say("open");
  let next = 0;
  const work = async () => {
    while (next < 100000) {
      const draft = drafts.of(drafts.created("r" + run + "n" + (next += 1)));
      say(String((await store.append("default", draft)).number));
    }
  };
  await Promise.all([work(), work(), work(), work(), work()]);
} catch (error) {
  say(error.code);
}
`;

const startWriter = (
  path: string,
  run: number,
): { child: ChildProcess; lines: AsyncIterator<string> } => {
  const flags = [
    "--conditions=tallystick-source",
    "--experimental-strip-types",
    "--input-type=module",
  ];
  const child = spawn(process.execPath, [...flags, "--eval", writer, path, String(run)], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning" },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  if (child.stdout === null) throw new Error("the child has no output");
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
};

const locked = (path: string) => ({
  code: "STORE_LOCKED",
  retry: "safe",
  detail: { path },
  message: expect.stringContaining(path),
});

describe("the writer's lock", () => {
  it("keeps a second writer of this process out, and lets readers in", async () => {
    const { path } = await writtenBook(1);
    const store = await fileStore(path);
    await expect(fileStore(path)).rejects.toMatchObject(locked(path));
    await expect(fileStore(path)).rejects.toMatchObject(locked(path));
    const reader = await fileStore(path, { readOnly: true });
    expect((await reader.head(book))?.commit).toBe(2);
    await reader.close();
    await expect(fileStore(path)).rejects.toMatchObject(locked(path));
    await store.close();
    await (await fileStore(path)).close();
  });

  it("is held from opening on, before anything is written", async () => {
    const path = await temporaryPath("book.jsonl");
    const store = await fileStore(path);
    await expect(fileStore(path)).rejects.toMatchObject(locked(path));
    await store.close();
  });

  it("is free again after an opening that failed", async () => {
    const { path } = await writtenBook(1);
    await expect(fileStore(path, { book: "other" })).rejects.toMatchObject({
      code: "BOOK_MISMATCH",
    });
    await (await fileStore(path)).close();
  });

  it("covers a folder, and each book in it that is in use", async () => {
    const path = await temporaryPath("books/");
    const store = await fileStore(path);
    await expect(fileStore(path)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    const draft = { events: [], bodyHash: "0".repeat(64) };
    await store.append(book, draft);
    await expect(fileStore(`${path}default.jsonl`)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await store.close();
    await (await fileStore(`${path}default.jsonl`)).close();
  });

  it("keeps out a writer of another process, either way round", async () => {
    const { path } = await writtenBook(0);
    const store = await fileStore(path);
    const refused = startWriter(path, 0);
    expect((await refused.lines.next()).value).toBe("STORE_LOCKED");
    await store.close();
    const holder = startWriter(path, 1);
    expect((await holder.lines.next()).value).toBe("open");
    await expect(fileStore(path)).rejects.toMatchObject(locked(path));
    holder.child.kill("SIGKILL");
    await once(holder.child, "exit");
    // An empty file is all that a lock leaves.
    expect((await readdir(dirname(path))).sort()).toEqual(["book.jsonl", "book.jsonl.lock"]);
    await (await fileStore(path)).close();
  });

  it("is given back by a killed process, and nothing that was acknowledged is lost", async () => {
    const path = await temporaryPath("book.jsonl");
    const { sha256, randomBytes } = seededHost({ seed: "kill" });
    let acknowledged = 0;
    for (let run = 1; run <= 10; run += 1) {
      const { child, lines } = startWriter(path, run);
      expect((await lines.next()).value).toBe("open");
      // It dies after so many answers, whatever it is doing by then.
      const answers = (randomBytes(1)[0] ?? 0) % 64;
      for (let answer = 0; answer < answers; answer += 1)
        acknowledged = Math.max(acknowledged, Number((await lines.next()).value));
      child.kill("SIGKILL");
      for (let line = await lines.next(); line.done !== true; line = await lines.next())
        acknowledged = Math.max(acknowledged, Number(line.value));
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

      const store = await fileStore(path);
      const head = await store.head(book);
      expect(head?.commit ?? 0).toBeGreaterThanOrEqual(acknowledged);
      if (head !== undefined) {
        const verified = await verifyCommits(sha256, head.chainId, store.readCommits(book));
        expect(verified).toMatchObject({ ok: true, commits: head.commit });
        expect(await all(store.readBook(book))).toHaveLength(head.position);
      }
      await store.close();
    }
    expect(acknowledged).toBeGreaterThan(100);
  });

  it("keeps Node's warning about its SQLite from the user, and no other", async () => {
    const path = await temporaryPath("book.jsonl");
    const code = `
      import { fileStore } from ${url("./file-store.ts")};
      await (await fileStore(${JSON.stringify(path)})).close();
      process.emitWarning("something else", "ExperimentalWarning");
    `;
    const flags = [
      "--conditions=tallystick-source",
      "--experimental-strip-types",
      "--input-type=module",
    ];
    const child = spawn(process.execPath, [...flags, "--eval", code], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      stdio: ["ignore", "inherit", "pipe"],
    });
    const warnings = (await child.stderr.setEncoding("utf8").toArray()).join("");
    expect(warnings).toContain("something else");
    expect(warnings).not.toContain("SQLite");
  });
});
