/** The program as a process: what it prints where, how it ends, and what is left when it is killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sent } from "./sent.ts";
import {
  answer,
  balancesOf,
  customer,
  errorOf,
  jsonLines,
  mirrored,
  newStore,
  nodeFlags,
  program,
  root,
  shelled,
  spark,
  spawned,
  temporaryFolder,
} from "./support.ts";

const expected = JSON.parse(await readFile(spark("expected.json"), "utf8"));
const demo = "examples/src/bright-spark.ts";
const killed = "tests/src/cli/killed-child.ts";

/** The balances and suspense of the month, in the shape of `expected.json`. */
const figuresOf = async (store: string): Promise<object> => {
  const suspense = (await answer(["suspense", "--store", store])).data;
  return {
    balances: await balancesOf(store),
    suspense: new Set(
      suspense.map(
        (each: { payment_id: string; reason: string }) => `${each.payment_id} ${each.reason}`,
      ),
    ),
  };
};
const expectedFigures = {
  balances: expected.balances,
  suspense: new Set(
    expected.suspense.map(
      (each: { payment_id: string; reason: string }) => `${each.payment_id} ${each.reason}`,
    ),
  ),
};

describe("the process", () => {
  it("answers on standard output alone, and ends with the exit code", async () => {
    const { store } = await mirrored([customer()]);
    const ran = await spawned(program, ["balances", "--json", "--store", store]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout).data).toHaveLength(1);
    expect(await spawned(program, ["balances"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("runs through a link, as an installed program does", async () => {
    const link = join(await temporaryFolder(), "tallystick.ts");
    await symlink(join(root, program), link);
    const child = spawn(process.execPath, [...nodeFlags, link, "--version"]);
    let stdout = "";
    child.stdout.on("data", (piece) => {
      stdout += String(piece);
    });
    await once(child, "close");
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("does not mind a reader that goes away", async () => {
    const many = Array.from({ length: 3_000 }, (_, at) =>
      customer({ id: `bcus_${at}`, external_reference: `C-${at}` }),
    );
    const { store } = await mirrored(many);
    const child = spawn(process.execPath, [
      ...nodeFlags,
      join(root, program),
      "balances",
      "--store",
      store,
    ]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += String(piece);
    });
    const [code] = await once(child, "close");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("says in a sentence that its answer could not be written, and ends with 2", async () => {
    const { store } = await mirrored([customer()]);
    const reason = "standard output cannot be written: no space is left";
    const balances = ["balances", "--store", store];
    expect(await shelled('exec "$0" "$@" > /dev/full', balances)).toEqual({
      code: 2,
      stdout: "",
      stderr: `tallystick: ${reason} (UNWRITABLE_OUTPUT)\n`,
    });
    const told = await shelled('exec "$0" "$@" > /dev/full', [...balances, "--json"]);
    expect(told).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(told)).toMatchObject({ code: "UNWRITABLE_OUTPUT", message: reason });
    expect(await shelled('exec "$0" "$@" > /dev/full', ["--help"])).toMatchObject({ code: 2 });
  });

  it("says what it had taken in when the disk became full, and goes on from there", async () => {
    const { store, folder } = await newStore();
    const many = Array.from({ length: 2_000 }, (_, at) =>
      customer({ id: `bcus_${at}`, external_reference: `C-${at}` }),
    );
    const file = await jsonLines(many);
    const full = 'ulimit -f 1200; exec "$0" "$@"';
    const verified = ["verify", "--store", store];
    const mirror = ["mirror", file, "--store", store];
    const ran = await shelled(full, [...mirror, "--json"]);
    expect(ran).toMatchObject({ code: 2 });
    expect(errorOf(ran)).toMatchObject({ code: "STORE_FULL" });
    expect(ran.stderr).not.toContain("nothing was written");
    const { created } = JSON.parse(ran.stdout);
    expect(created).toBeGreaterThan(0);
    expect(created).toBeLessThan(2_000);
    expect(await answer(verified)).toMatchObject({ ok: true, commits: created });
    expect(await answer(mirror)).toMatchObject({ created: 2_000 - created, unchanged: created });

    const { size } = await stat(join(folder, "book.jsonl"));
    const payments = Array.from({ length: 2_000 }, (_, at) => ({
      amount: 1_000,
      currency: "ZAR",
      payment_id: `pay_${at}`,
      customer_id: `bcus_${at}`,
    }));
    const { file: webhooks, secret } = await sent(payments);
    const receive = ["receive", webhooks, "--secret", secret, "--store", store];
    const nearlyFull = `ulimit -f ${Math.ceil(size / 512) + 1_200}; exec "$0" "$@"`;
    const received = await shelled(nearlyFull, [...receive, "--json"]);
    expect(received).toMatchObject({ code: 2 });
    const { applied, deliveries } = JSON.parse(received.stdout);
    expect(deliveries).toBe(applied);
    expect(applied).toBeGreaterThan(0);
    expect(await answer(verified)).toMatchObject({ ok: true, commits: 2_000 + applied });
    expect(await answer(receive)).toMatchObject({
      applied: 2_000 - applied,
      duplicates: applied,
    });
  });

  it("says plainly that there was no room for an export, which leaves nothing behind", async () => {
    const { store, folder } = await mirrored([customer()]);
    const out = join(folder, "out.jsonl");
    const argv = ["export", "--out", out, "--store", store];
    expect(await shelled('ulimit -f 0; exec "$0" "$@"', argv)).toMatchObject({
      code: 2,
      stderr: `tallystick: the export failed, and ${out} is as it was before: the file may not grow any further (STORE_FULL)\n`,
    });
    expect(await readdir(folder)).not.toContain("out.jsonl");
  });

  it("stops in order when it is interrupted: what is acknowledged stays, and the rest follows", async () => {
    const { store } = await newStore();
    const many = Array.from({ length: 5_000 }, (_, at) =>
      customer({ id: `bcus_${at}`, external_reference: `C-${at}` }),
    );
    const file = await jsonLines(many);
    const ran = await spawned("tests/src/cli/interrupted-child.ts", [
      "600",
      "mirror",
      file,
      "--json",
      "--store",
      store,
    ]);
    expect(ran).toMatchObject({
      code: 130,
      signal: null,
      stderr: expect.stringContaining("what is acknowledged stays"),
    });
    const { created } = JSON.parse(ran.stdout);
    expect(created).toBeLessThan(5_000);
    expect(await answer(["verify", "--store", store])).toMatchObject({
      ok: true,
      commits: created,
    });
    expect(await answer(["mirror", file, "--store", store])).toMatchObject({
      created: 5_000 - created,
      unchanged: created,
    });
  });

  it.for([
    ["mirror", 2_000],
    ["receive", 500],
    ["receive", 2_000],
  ] as const)(
    "comes to the same after kill -9 in the midst of %s, at the %i-th hash",
    async ([victim, hashes]) => {
      const { store } = await newStore();
      const { webhook_secret: secret, counts } = expected;
      const openings = ["--effective", "2026-03-01T00:00:00Z"];
      const mirror = ["mirror", spark("api-objects.jsonl"), ...openings, "--store", store];
      const receive = ["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store];
      if (victim === "receive") await answer(mirror);
      const ran = await spawned(killed, [
        String(hashes),
        ...(victim === "mirror" ? mirror : receive),
      ]);
      expect(ran).toMatchObject({ signal: "SIGKILL", stdout: "" });

      const left = await answer(["verify", "--store", store]);
      const before = victim === "mirror" ? 0 : counts.objects;
      expect(left).toMatchObject({ ok: true });
      expect(left.commits).toBeGreaterThan(before);
      expect(left.commits).toBeLessThan(
        before + (victim === "mirror" ? counts.objects : counts.payments),
      );

      await answer(mirror);
      await answer(receive, 1);
      expect(await figuresOf(store)).toEqual(expectedFigures);
    },
  );
});

describe("the demo", () => {
  it("tells a merchant what there is to know, then that nothing has changed", async () => {
    const { store, path } = await newStore();
    const first = await spawned(demo, ["--store", store]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const { counts } = expected;
    for (const figure of [
      counts.objects,
      counts.deliveries,
      counts.applied,
      counts.duplicates,
      counts.rejected,
      counts.flagged,
      counts.suspense,
    ])
      expect(first.stdout).toContain(String(figure));
    for (const figure of ["428563.04", "114105.39", "47772.20", "8582.58", "6332.15"])
      expect(first.stdout).toContain(figure);
    for (const line of first.stdout.split("\n"))
      if (!line.includes(path)) expect(Array.from(line).length).toBeLessThanOrEqual(80);
    expect(first.stdout).not.toContain("nothing has changed");
    const book = await readFile(path);

    const second = await spawned(demo, ["--store", store]);
    expect(second).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("nothing has changed"),
    });
    expect((await readFile(path)).equals(book)).toBe(true);
    const state = (text: string): string => text.slice(text.indexOf("Owed by customers"));
    expect(state(second.stdout)).toBe(state(first.stdout));
    expect(await figuresOf(store)).toEqual(expectedFigures);
  });

  it.for([400, 4_000, 6_000])(
    "comes to the same figures when it was killed at the %i-th hash",
    async (hashes) => {
      const { store, path } = await newStore();
      expect(await spawned(killed, [String(hashes), "demo", path])).toMatchObject({
        signal: "SIGKILL",
      });
      expect(await spawned(demo, ["--store", store])).toMatchObject({ code: 0 });
      expect(await figuresOf(store)).toEqual(expectedFigures);
    },
  );

  it("prints commands that can be pasted and work", async () => {
    const folder = join(await temporaryFolder(), "it's a folder");
    await mkdir(folder);
    const { stdout } = await spawned(demo, ["--store", `file:${join(folder, "book.jsonl")}`]);
    const commands = stdout
      .slice(stdout.indexOf("Try next"))
      .matchAll(/tallystick ((?:.*\\\n)?.*)\n/g);
    const asTyped = [...commands].map(([, typed = ""]) => typed);
    expect(asTyped).toHaveLength(4);
    for (const typed of asTyped) {
      const flags = nodeFlags.join(" ");
      const child = spawn("/bin/sh", [
        "-c",
        `'${process.execPath}' ${flags} ${join(root, program)} ${typed}`,
      ]);
      child.stdout.resume();
      expect(await once(child, "close"), typed).toEqual([0, null]);
    }
  });

  it("says where it cannot write, and how to choose another place", async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    const { code, stderr, stdout } = await spawned(demo, [
      "--store",
      `file:${join(folder, "no/book.jsonl")}`,
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Choose another place");
    expect(stderr).toContain("--store sqlite:");
    expect(stderr).not.toContain("    at ");
  });
});
