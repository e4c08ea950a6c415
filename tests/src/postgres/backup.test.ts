/** The commands of the operating guide: a dump that is taken while many write, and what it is worth. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { postgresStore, rolesSql } from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { root, tallystick, temporaryFolder } from "../cli/support.ts";
import { newRole, openFresh } from "./fixture.ts";
import { atOnce, type LocalServer, mayKill, startPostgres } from "./server.ts";

/** A distribution's folders of programs, the latest version first. npm brings the server alone along. */
const installed = existsSync("/usr/lib/postgresql")
  ? readdirSync("/usr/lib/postgresql")
      .sort((one, other) => Number(other) - Number(one))
      .map((version) => join("/usr/lib/postgresql", version, "bin"))
  : [];
const bin = [process.env["POSTGRES_BIN"] ?? "", ...installed].find((folder) =>
  ["postgres", "pg_dump", "pg_restore"].every((program) => existsSync(join(folder, program))),
);
if (bin === undefined)
  process.stderr.write(
    "\nSKIPPED: no dump was taken and restored, no pg_dump beside a server here (apt-get install postgresql, or set POSTGRES_BIN)\n\n",
  );

const page = readFileSync(join(root, "docs/operating-postgres.md"), "utf8");
const commandOf = (program: string): string => {
  const [, line] = new RegExp(`^(${program} .*)$`, "m").exec(page) ?? [];
  if (line === undefined) throw new Error(`the guide has no command ${program}`);
  return line;
};

/** As a shell runs it, with the programs of the server's version before all others. */
const shell = (command: string, variables: Readonly<Record<string, string>>): Promise<unknown> =>
  promisify(execFile)("sh", ["-ec", command], {
    env: { ...variables, PATH: `${bin}${delimiter}${process.env["PATH"]}` },
  });

const writers = 12;
const customer = "bcus_000000000000000000001";

// A server that POSTGRES_URL names may have programs of another version.
describe.skipIf(bin === undefined || !mayKill)("a dump that is taken while many write", () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startPostgres(["fsync=off"], {}, bin);
  });
  afterAll(() => server.stop());

  it("passes through the head that was noted, goes on, and takes what came after it once", async () => {
    const source = await server.database();
    const { store } = await openFresh(source);
    const ledger = openLedger({ store });
    await ledger.createCustomer({
      id: customer,
      externalReference: "C-1",
      currency: "ZAR",
      balance: 0,
    });
    const keys: string[] = [];
    let enough = false;
    const writing = Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let n = 0; !enough; n += 1) {
          const key = `${writer}/${n}`;
          await ledger.charge({ customer, amount: 1 }, { idempotencyKey: key });
          keys.push(key);
        }
      }),
    );
    const role = await newRole(source);
    await atOnce(source, rolesSql({ writer: role.name }));
    const noted = await store.head("default");
    const DUMP = join(await temporaryFolder(), "books.dump");
    await shell(commandOf("pg_dump"), { STORE: source, DUMP });
    const dumped = await store.head("default");
    // Something comes after the dump in any case.
    while ((await store.head("default"))?.commit === dumped?.commit)
      await ledger.charge({ customer, amount: 1 }, { idempotencyKey: "later" });
    enough = true;
    await writing;
    const { commits } = await ledger.verify();

    const restored = await server.database();
    await shell(commandOf("pg_restore"), { RESTORED: restored, DUMP });
    const verified = await tallystick(
      [...commandOf("tallystick verify").split(" ").slice(1), "--json"].map((word) =>
        word
          .replaceAll('"', "")
          .replace("$RESTORED", restored)
          .replace("$HEAD", noted?.hash ?? ""),
      ),
    );
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    const found = JSON.parse(verified.stdout);
    expect(found.commits).toBeGreaterThanOrEqual(noted?.commit ?? 0);
    expect(found.commits).toBeLessThan(commits);

    await expect(atOnce(restored, "DELETE FROM tallystick.events")).rejects.toMatchObject({
      code: "23000",
    });
    onTestFinished(async () => {
      await atOnce(restored, `DROP OWNED BY "${role.name}"`);
    });
    // Its rights came along.
    const theirUrl = new URL(restored);
    theirUrl.username = role.name;
    const again = await postgresStore(theirUrl.href);
    onTestFinished(() => again.close());
    const theirs = openLedger({ store: again });
    // What was acknowledged after the dump is asked for again; what was before has its effect already.
    const all = await Promise.all(
      [...keys, "later"].map((key) =>
        theirs.charge({ customer, amount: 1 }, { idempotencyKey: key }),
      ),
    );
    expect(all.filter(({ replayed }) => replayed)).toHaveLength(found.commits - 1);
    expect((await theirs.listCustomers()).data).toMatchObject([{ balance: keys.length + 1 }]);
    expect(await theirs.verify()).toMatchObject({ ok: true, commits: keys.length + 2 });
  });
});
