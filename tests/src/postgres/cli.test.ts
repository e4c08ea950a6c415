/** Books in PostgreSQL through the command line, and their way into files and back. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, errorOf, root, spark, tallystick, temporaryFolder } from "../cli/support.ts";
import { newRole } from "./fixture.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const secret = JSON.parse(await readFile(spark("expected.json"), "utf8")).webhook_secret;

describe("a store in PostgreSQL", () => {
  it("takes a month, answers from it, and gives the same chain to a file and takes it back", async () => {
    const folder = await temporaryFolder();
    const store = await server.database();
    const objects = ["mirror", spark("api-objects.jsonl"), "--effective", "2026-03-01T00:00:00Z"];
    await answer([...objects, "--store", store]);
    await answer(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store], 1);
    const copy = join(folder, "copy.jsonl");
    const { head } = await answer(["export", "--out", copy, "--store", store]);
    const again = `${await server.database()}?schema=${encodeURIComponent('books "of" March')}`;
    expect((await answer(["import", copy, "--store", again])).head).toEqual(head);
    for (const url of [store, `file:${copy}`, again, store.replace("postgres:", "postgresql:")])
      expect(await answer(["verify", "--store", url])).toMatchObject({ ok: true, head });
    const second = join(folder, "second.jsonl");
    await answer(["export", "--out", second, "--store", again]);
    expect(await readFile(second, "utf8")).toBe(await readFile(copy, "utf8"));
    const balances = await answer(["balances", "--store", store]);
    for (const url of [again, `file:${copy}`]) {
      expect(await answer(["balances", "--store", url])).toEqual(balances);
      expect(await answer(["suspense", "--store", url])).toEqual(
        await answer(["suspense", "--store", store]),
      );
    }
  });

  it("takes books of an SQLite file and gives them back with the same chains, also in two goes", async () => {
    const folder = await temporaryFolder();
    const [sqlite, back] = ["books", "back"].map((name) => `sqlite:${join(folder, name)}.db`);
    const named = await server.database();
    // This server asks for none, and takes any.
    const store = named.replace("@", ":sesame@");
    const objects = ["mirror", spark("api-objects.jsonl"), "--store", sqlite ?? ""];
    for (const book of ["one", "two"]) {
      await answer([...objects, "--book", book]);
      const copy = ["copy", "--to", store, "--store", sqlite ?? "", "--book", book];
      const copied = await answer(copy);
      expect(copied.to).toBe(named.replace(/\/\/.*@/, "//"));
      expect((await tallystick(copy)).stdout).not.toContain("sesame");
      // What was written meanwhile is caught up with.
      const pay = "payment record pay_later --to CUST-100000 --amount 1 --currency ZAR";
      const when = ["--effective", "2026-03-09T00:00:00Z", "--store", sqlite ?? ""];
      await answer([...pay.split(" "), ...when, "--book", book]);
      const { head } = await answer(copy);
      expect(head.position).toBeGreaterThan(copied.head.position);
      const there = ["copy", "--to", back ?? "", "--store", store, "--book", book];
      expect((await answer(there)).head).toEqual(head);
    }
    const verified = await answer(["verify", "--store", sqlite ?? ""]);
    for (const url of [store, back ?? ""])
      expect(await answer(["verify", "--store", url])).toEqual(verified);

    const out = join(folder, "backup.jsonl");
    const backup = ["backup", "--out", out, "--store", store];
    const { code, stderr } = await tallystick(backup);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("--book") });
    const { stdout } = await tallystick([...backup, "--book", "two"]);
    expect(stdout).toBe(`The book two was copied to file:${out}\n`);
    expect(await answer(["verify", "--store", `file:${out}`])).toMatchObject({ ok: true });
  });

  it("without tables is an error for those who read, and is made by those who write or migrate", async () => {
    const store = await server.database();
    const { code, stderr } = await tallystick(["balances", "--store", store, "--json"]);
    expect(code).toBe(2);
    expect(errorOf({ stderr })).toMatchObject({ code: "BOOK_NOT_FOUND" });
    expect(await answer(["migrate", "--store", store])).toEqual({ from: 0, to: 3 });
    expect(await answer(["migrate", "--store", store])).toEqual({ from: 3, to: 3 });
    const { stdout } = await tallystick(["migrate", "--store", store]);
    expect(stdout).toContain("nothing to do");
  });

  it("gets the rights of roles from SQL that is printed", async () => {
    const store = await server.database();
    await answer(["migrate", "--store", store]);
    const role = await newRole(store);
    const { stdout } = await tallystick(["migrate", "--roles", "--writer", role.name]);
    await atOnce(store, stdout);
    const objects = ["mirror", spark("api-objects.jsonl"), "--effective", "2026-03-01T00:00:00Z"];
    await answer([...objects, "--store", role.url]);
    expect(await answer(["verify", "--store", role.url])).toMatchObject({ ok: true });
  });

  it("is joined by the application's own transaction, as the example shows", async () => {
    const store = await server.database();
    const example = join(root, "examples/src/06-postgres.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=tallystick-source",
      example,
      store,
    ]);
    expect(stdout).toBe("2600 ZAR\n");
    expect(await atOnce(store, "SELECT total FROM orders")).toEqual([{ total: 2500 }]);
  });

  it("never shows the password of its URL", async () => {
    const urls = [
      "postgres://me:sesame@127.0.0.1:1/books",
      `postgres://postgres:sesame@127.0.0.1:${server.port}/nothing`,
      "postgres:me:sesame@host",
      "postgress://me:sesame@host/books",
      "postgres://me:sesame@:::/books",
      "postgres://me:12/sesame@127.0.0.1:1/books",
      "postgres://me:12@34/sesame@127.0.0.1:1/books",
      "postgres://me:12?sesame@127.0.0.1:1/books",
      "postgres://me:12#sesame@127.0.0.1:1/books",
      "postgres://me:sesame@127.0.0.1:1/books?sslrootcert=/nowhere/ca.pem",
    ];
    for (const url of urls)
      for (const command of ["balances", "migrate", "verify"])
        for (const json of [["--json"], []]) {
          const ran = await tallystick([command, "--store", url, ...json], { env: { DEBUG: "1" } });
          expect(ran.code, url).toBe(2);
          expect(ran.stdout + ran.stderr).not.toContain("sesame");
        }
  });
});
