/**
 * What the disk can do to a store, done for real: system calls that fail under `strace`, and a file
 * system that is too small or may not be written. Linux and root; elsewhere each test says so aloud.
 */
import { execFileSync } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openLedger } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { appendAll, book, chargedHistory } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { seededHost } from "../host/seeded-host.ts";
import { outputOf, startChild } from "./child-process.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { sqliteStore } from "./sqlite-store.ts";

const works = (program: string, ...args: string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const isRoot = process.getuid?.() === 0;
const canTrace = process.platform === "linux" && works("strace", "-f", "true");
const canMount = process.platform === "linux" && isRoot && works("unshare", "-m", "true");
for (const [can, what] of [
  [canTrace, "strace cannot run here: failing system calls are not tested"],
  [canMount, "nothing can be mounted here: full and read-only file systems are not tested"],
] as const)
  if (!can) process.stderr.write(`\nSKIPPED: ${what}\n\n`);

/** Appends customers one after the other and says what came of each, then what the handle says. */
const writer = `
const [path] = args;
const store = await sqliteStore(path);
const drafts = draftsFor(nodeHost);
say("open");
for (let n = 1; n <= 12; n += 1)
  try {
    const commit = await store.append("default", drafts.of(drafts.created("n" + n)));
    say("acknowledged " + n);
  } catch (error) {
    say(error.code + " " + error.retry);
  }
await store.close();
`;

const afterwards = async (path: string, printed: readonly string[]): Promise<void> => {
  const acknowledged = printed.filter((line) => line.startsWith("acknowledged"));
  const store = await sqliteStore(path);
  onTestFinished(() => store.close());
  const verified = await openLedger({ store, book }).verify();
  expect(verified.ok).toBe(true);
  // The one whose fate was unknown may be there as well.
  expect(verified.commits).toBeGreaterThanOrEqual(acknowledged.length);
  expect(verified.commits).toBeLessThanOrEqual(acknowledged.length + 1);
};

const traced = (path: string, injected: string): string[] => [
  "strace",
  "-f",
  "-qq",
  "-o",
  "/dev/null",
  "-P",
  `${path}-wal`,
  "-e",
  `inject=${injected}`,
];

describe.skipIf(!canTrace)("a disk whose system calls fail", () => {
  it("closes the handle after a failed fsync, and says that a repeat needs its key", async () => {
    const path = await temporaryPath("books.db");
    await (await sqliteStore(path)).close();
    const wrapper = traced(path, "fsync,fdatasync:error=EIO:when=5");
    const printed = await outputOf(startChild(writer, [path], wrapper));
    expect(printed[0]).toBe("open");
    const failed = printed.indexOf("STORE_IO with-key");
    expect(failed).toBeGreaterThan(1);
    expect(printed.slice(1, failed).every((line) => line.startsWith("acknowledged"))).toBe(true);
    expect(printed.slice(failed + 1)).toEqual(
      printed.slice(failed + 1).map(() => "STORE_CLOSED no"),
    );
    await afterwards(path, printed);
  });

  it("closes the handle after a full disk, with nothing of the command stored", async () => {
    const path = await temporaryPath("books.db");
    await (await sqliteStore(path)).close();
    const wrapper = traced(path, "pwrite64:error=ENOSPC:when=20+");
    const printed = await outputOf(startChild(writer, [path], wrapper));
    const failed = printed.indexOf("STORE_FULL safe");
    expect(failed).toBeGreaterThan(1);
    expect(printed.slice(failed + 1).every((line) => line === "STORE_CLOSED no")).toBe(true);
    await afterwards(path, printed);
  });
});

const mounted = async (...options: string[]): Promise<string> => {
  const folder = await temporaryPath("mounted");
  await mkdir(folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
  });
  return folder;
};

describe.skipIf(!canMount)("a file system", () => {
  it.each([8192, 5])(
    "that is too small gives STORE_FULL, and what was acknowledged before is all there; %i commits in memory",
    async (recentMax) => {
      const path = join(await mounted("size=1m"), "books.db");
      const host = seededHost();
      const store = await openSqliteStore(path, { host }, recentMax);
      const drafts = draftsFor(host);
      let acknowledged = 0;
      let failure: unknown;
      while (failure === undefined)
        try {
          const name = `n${acknowledged}`;
          await store.append(book, drafts.of(drafts.created(name), drafts.outcome(name)));
          acknowledged += 1;
        } catch (error) {
          failure = error;
        }
      expect(failure).toMatchObject({ code: "STORE_FULL", retry: "safe" });
      expect(acknowledged).toBeGreaterThan(5);
      await expect(store.head(book)).rejects.toMatchObject({ code: "STORE_CLOSED" });
      await store.close();
      execFileSync("mount", ["-o", "remount,size=8m", join(path, "..")]);
      const again = await openSqliteStore(path, { host }, recentMax);
      onTestFinished(() => again.close());
      expect((await again.head(book))?.commit).toBe(acknowledged);
      for (let n = 0; n < acknowledged; n += 1)
        expect(await again.findOutcome(book, `n${n}`)).toMatchObject({ commit: n + 1 });
      await again.append(book, drafts.of(drafts.created("more")));
      expect(await openLedger({ store: again, book }).verify()).toMatchObject({ ok: true });
    },
  );

  it("that may not be written lets a closed store be read, and nothing else", async () => {
    const folder = await mounted("size=8m");
    const path = join(folder, "books.db");
    const host = seededHost();
    const store = await sqliteStore(path, { host });
    await appendAll(store, chargedHistory(draftsFor(host), 5));
    await store.close();
    execFileSync("mount", ["-o", "remount,ro", folder]);
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("readOnly"),
    });
    const reader = await sqliteStore(path, { readOnly: true });
    expect(await reader.head(book)).toMatchObject({ commit: 6 });
    const { documents } = await reader.query(book, { kind: "customer", limit: 1 });
    expect(documents).toHaveLength(1);
    await reader.close();
  });

  it("that may not be written hides no commit that only the log has: it is read with it, or not at all", async () => {
    const folder = await mounted("size=8m");
    const path = await temporaryPath("books.db");
    const host = seededHost();
    const store = await sqliteStore(path, { host });
    onTestFinished(() => store.close());
    await appendAll(store, chargedHistory(draftsFor(host), 5));
    const copied = join(folder, "books.db");
    for (const part of ["", "-wal"]) await copyFile(`${path}${part}`, `${copied}${part}`);
    execFileSync("mount", ["-o", "remount,ro", folder]);
    await expect(sqliteStore(copied, { readOnly: true })).rejects.toMatchObject({
      code: "STORE_UNREADABLE",
      message: expect.stringContaining("-wal"),
    });
  });
});
