/** What a disk does to a ledger: no room, no rights, no place, no answer. */
import { chmod, copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import { LedgerError, openLedger, type Store } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { spawned, temporaryFolder } from "../cli/support.ts";
import { changed, refused } from "../ledger/open.ts";
import { answerTo } from "../stored/replay.ts";
import { keyOf, waves } from "./commands.ts";
import { heldAt, send, undisturbed } from "./sending.ts";

const newPath = async (): Promise<string> => join(await temporaryFolder(), "book.jsonl");

describe("a disk without room (here: a process whose files may not grow)", () => {
  it("loses nothing acknowledged, keeps nothing refused, and lets the same keys finish once there is room", async () => {
    const path = await newPath();
    const reference = await undisturbed();
    const blocks = 96;
    const first = await send({ path, fileBlocksMax: blocks });
    expect(first).toMatchObject({ code: 0, signal: null });
    expect(first.answers.size).toBe(reference.answers.size);
    const failed = [...first.answers].filter(([, answer]) => answer === "STORE_FULL");
    const written = [...first.answers].filter(([, answer]) => answer === "written");
    expect(failed.length).toBeGreaterThan(100);
    expect(written.length).toBeGreaterThan(30);

    // The last write ran into the wall in its midst; nothing of it is left.
    const held = await heldAt(path);
    expect(held.verified).toMatchObject({ ok: true, commits: held.traces.size });
    expect((await readFile(path)).at(-1)).toBe(0x0a);
    for (const [key] of written) expect(held.traces.get(key)).toEqual(reference.traces.get(key));
    expect(failed.filter(([key]) => held.traces.has(key))).toEqual([]);
    const told = [...first.answers].filter(([, answer]) => answer !== "STORE_FULL");
    expect([...held.traces.keys()].sort()).toEqual(told.map(([key]) => key).sort());

    const second = await send({ path });
    expect(second).toMatchObject({ code: 0, recovered: [] });
    for (const [key, answer] of second.answers) {
      const known = reference.answers.get(key);
      expect(answer, key).toBe(known === "written" && held.traces.has(key) ? "replayed" : known);
    }
    const after = await heldAt(path);
    expect(after.verified).toMatchObject({ ok: true });
    expect(after.traces).toEqual(reference.traces);
    expect(after.figures).toEqual(reference.figures);
  });

  it("cannot begin a book, and leaves no beginning of one", async () => {
    const path = await newPath();
    const { answers, code } = await send({ path, count: 2, fileBlocksMax: 0 });
    expect(code).toBe(0);
    expect(new Set(answers.values())).toEqual(new Set(["STORE_FULL"]));
    expect((await stat(path)).size).toBe(0);
  });
});

/**
 * A store whose next append, once it is armed, fails and closes it, after it wrote (`late`) or before.
 * Nobody can tell which.
 */
const losingAnswers = (
  store: Store,
  late: boolean,
): { readonly store: Store; readonly arm: () => void } => {
  let armed = false;
  const append: Store["append"] = async (book, draft) => {
    if (!armed) return store.append(book, draft);
    armed = false;
    if (late) await store.append(book, draft);
    await store.close();
    throw new LedgerError("STORE_IO", "the disk did not say whether it was written");
  };
  const arm = (): void => {
    armed = true;
  };
  return { store: changed(store, { append }), arm };
};

describe("a disk that fails and does not say whether it wrote", () => {
  it.each([true, false])(
    "is repeated with the key: nothing twice, nothing lost (it was written: %s)",
    async (late) => {
      const calls = waves.slice(0, 4).flat();
      for (const [at, target] of [
        [0, "bcus_0"],
        [7, "bcus_0"],
        [18, "bcus_1"],
      ] as const) {
        const path = await newPath();
        const host = seededHost({ seed: `failing at ${at}` });
        const failing = losingAnswers(await fileStore(path, { host }), late);
        const ledger = openLedger({ store: failing.store });
        for (const call of calls.slice(0, at)) await answerTo(ledger, call);
        const [call] = calls.slice(at);
        if (call === undefined) throw new Error("there are more calls than that");
        const [verb, ...args] = call;
        const send = ledger[verb] as (...input: readonly unknown[]) => Promise<unknown>;
        failing.arm();
        await expect(send(...args)).rejects.toMatchObject({ code: "STORE_IO", retry: "with-key" });
        // The handle is closed: what was to change is not answered out of a state that may be wrong.
        expect(await refused(ledger.retrieveCustomer(target))).toMatchObject({
          code: "STORE_CLOSED",
        });
        expect(await answerTo(ledger, call)).toBe("STORE_CLOSED");

        const store = await fileStore(path, { host });
        const again = openLedger({ store });
        for (const [index, each] of calls.entries()) {
          const before = (await again.head())?.commit ?? 0;
          await answerTo(again, each);
          const known = index < at || (late && index === at);
          expect((await again.head())?.commit, keyOf(each)).toBe(before + (known ? 0 : 1));
        }
        expect(await again.verify()).toMatchObject({ ok: true, commits: calls.length });
        await store.close();
      }
    },
  );
});

describe("a place that cannot be written", () => {
  it("is read all the same, and every attempt to write says why it cannot be", async () => {
    const path = await newPath();
    const folder = dirname(path);
    expect(await send({ path, count: 1 })).toMatchObject({ code: 0 });
    const before = await readdir(folder);
    await chmod(path, 0o444);
    const secret = join(await temporaryFolder(), "secret.jsonl");
    await copyFile(path, secret);
    await chmod(secret, 0o000);
    await chmod(dirname(secret), 0o755);
    await chmod(folder, 0o555);
    const ran = await spawned("tests/src/faults/rightless-child.ts", [
      path,
      join(folder, "new"),
      secret,
    ]);
    await chmod(folder, 0o755);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const denied = {
      code: "STORE_UNWRITABLE",
      retry: "no",
      systemCode: "EACCES",
      message: expect.stringMatching(/book\.jsonl.*no right to it|new.*no right to it/),
    };
    const unread = {
      code: "STORE_UNREADABLE",
      retry: "no",
      systemCode: "EACCES",
      message: `${secret} cannot be read: this user has no right to it`,
    };
    expect(JSON.parse(ran.stdout)).toEqual({
      unread,
      unimported: unread,
      unqueried: {
        code: "STORE_UNREADABLE",
        retry: "no",
        message: expect.stringContaining("check that this user has the right to it"),
      },
      open: denied,
      begin: denied,
      folder: denied,
      read: 0,
      write: {
        code: "STORE_UNWRITABLE",
        retry: "no",
        message: expect.stringContaining("read only"),
      },
    });
    expect(await readdir(folder)).toEqual(before);
  });

  it("is the fault of one book alone: the others of its folder go on", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "blocked.jsonl"));
    const store = await fileStore(folder, { host: seededHost() });
    const [blocked, free] = [
      openLedger({ store, book: "blocked" }),
      openLedger({ store, book: "free" }),
    ];
    const create = { externalReference: "CUST-1", currency: "ZAR", balance: 1 };
    for (const attempt of [1, 2])
      await expect(blocked.createCustomer(create), `attempt ${attempt}`).rejects.toMatchObject({
        code: "STORE_UNWRITABLE",
        message: expect.stringContaining("blocked.jsonl"),
        detail: { systemCode: "EISDIR" },
      });
    expect((await free.createCustomer(create)).entity.balance).toBe(1);
    expect((await free.charge({ customer: "CUST-1", amount: 2 })).entity.balance).toBe(3);
    expect(await free.verify()).toMatchObject({ ok: true, commits: 2 });
    expect(await readdir(join(folder, "blocked.jsonl"))).toEqual([]);
    await store.close();
  });
});
