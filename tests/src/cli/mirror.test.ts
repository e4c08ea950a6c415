/** `mirror FILE`: lines in any order, what is wrong with each, and files that are no input at all. */
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  account,
  answer,
  bill,
  customer,
  errorOf,
  fileOf,
  hostThat,
  jsonLines,
  mirrored,
  newStore,
  tallystick,
  temporaryFolder,
} from "./support.ts";

const balanceOf = async (store: string, id: string): Promise<unknown> => {
  const { data } = await answer(["balances", "--store", store]);
  return data.find((row: { id: string }) => row.id === id)?.balance;
};

/** What is wrong with one line, taken beside a good one. */
const problemWith = async (line: string): Promise<string> => {
  const { store } = await newStore();
  const file = await fileOf([line, JSON.stringify(customer())]);
  const report = await answer(["mirror", file, "--store", store], 1);
  expect(report).toMatchObject({ objects: 2, created: 1, bad: [{ line: 1 }] });
  return report.bad[0].message;
};

describe("mirror", () => {
  it("takes owners before what they own, whatever the order of lines", async () => {
    const { store } = await newStore();
    const file = await jsonLines([bill(), account(), customer()]);
    expect(await answer(["mirror", file, "--store", store])).toEqual({
      objects: 3,
      created: 3,
      changed: 0,
      unchanged: 0,
      released: 0,
      bad: [],
      book: "default",
    });
  });

  it("takes over what changed since the last line of an object, and nothing else", async () => {
    const { store } = await mirrored([customer(), account(), bill()]);
    const file = await jsonLines([customer({ name: "B" }), account(), bill({ status: "voided" })]);
    const counts = { objects: 3, created: 0, bad: [] };
    expect(await answer(["mirror", file, "--store", store])).toMatchObject({
      ...counts,
      changed: 2,
      unchanged: 1,
    });
    expect(await answer(["mirror", file, "--store", store])).toMatchObject({
      ...counts,
      changed: 0,
      unchanged: 3,
    });
    expect(await balanceOf(store, "bill_a")).toBe(0);
  });

  it("goes through all lines of one object once, and through none of them again", async () => {
    const { store } = await newStore();
    const file = await jsonLines([customer(), customer({ balance: 7_000 })]);
    const first = await answer(["mirror", file, "--store", store]);
    expect(first).toMatchObject({ objects: 2, created: 1, changed: 1 });
    const again = await answer(["mirror", file, "--store", store]);
    expect(again).toMatchObject({ objects: 2, created: 0, changed: 0, unchanged: 2 });
    expect(await balanceOf(store, "bcus_a")).toBe(7_000);
  });

  it("dates the openings as asked, else a bill by its date", async () => {
    const openingOf = async (store: string, name: string): Promise<string> => {
      const { data } = await answer(["history", name, "--store", store]);
      return data.find(({ type }: { type: string }) => type === "obligation.opened").effective_at;
    };
    const file = await jsonLines([customer(), account(), bill({ bill_date: "2026-02-03" })]);
    const [dated, undated] = [await newStore(), await newStore()];
    await answer([
      "mirror",
      file,
      "--effective",
      "2026-03-01T02:00:00+02:00",
      "--store",
      dated.store,
    ]);
    expect(await openingOf(dated.store, "bcus_a")).toBe("2026-03-01T00:00:00.000Z");
    expect(await openingOf(dated.store, "bill_a")).toBe("2026-03-01T00:00:00.000Z");
    await answer(["mirror", file, "--store", undated.store]);
    expect(await openingOf(undated.store, "bcus_a")).toBe("2026-04-01T00:00:00.000Z");
    expect(await openingOf(undated.store, "bill_a")).toBe("2026-02-03T23:59:59.999Z");
  });

  it("refuses an opening that is no instant or lies in the future, before anything is read", async () => {
    for (const instant of ["2026-03-01", "soon", "2027-01-01T00:00:00Z"]) {
      const { store, path } = await newStore();
      const ran = await tallystick([
        "mirror",
        "nothing.jsonl",
        "--effective",
        instant,
        "--store",
        store,
        "--json",
      ]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(errorOf(ran)).toMatchObject({
        code: "USAGE",
        message: expect.stringContaining("--effective"),
      });
      await expect(access(path)).rejects.toThrow();
    }
  });

  it("says of each bad line what is wrong, in the API's own names, and takes the others", async () => {
    expect(await problemWith("{")).toMatch(/^is not JSON/);
    expect(await problemWith("[1]")).toBe("is not a JSON object");
    expect(await problemWith("null")).toBe("is not a JSON object");
    expect(await problemWith("{}")).toBe("object is required");
    expect(await problemWith(`{"object":"invoice"}`)).toContain(
      "must be customer, account or bill",
    );
    expect(await problemWith(`{"object":"__proto__"}`)).toContain(
      "must be customer, account or bill",
    );
    expect(await problemWith(`{"object":"customer","id":"bcus_b"}`)).toBe(
      "external_reference is required",
    );
    const many = (
      await problemWith(`{"object":"bill","amount_due":1.5,"due_date":"31 March"}`)
    ).split("; ");
    for (const field of ["id", "customer_id", "external_reference", "status", "currency"])
      expect(many).toContain(`${field} is required`);
    for (const field of ["amount_due", "amount_paid", "amount_remaining", "due_date"])
      expect(many.join("\n"), field).toMatch(new RegExp(`^${field} `, "m"));
    const named = (more: object): string =>
      JSON.stringify(customer({ id: "bcus_b", external_reference: "B", ...more }));
    expect(await problemWith(named({ id: "bill_b" }))).toContain(
      "id must be an id such as bcus_1a2B",
    );
    expect(await problemWith(named({ balance: 0.1 }))).toContain(
      "balance must be a whole number of minor units",
    );
    expect(await problemWith(named({ balance: 1e15 + 1 }))).toContain("balance must be from");
    expect(await problemWith(named({ currency: "XXX" }))).toContain(
      "currency must be an ISO 4217 code",
    );
    expect(await problemWith(named({ favourite: 1 }))).toBe("favourite is not known here");
    for (const name of ["externalReference", "toString", "constructor", "__proto__"])
      expect(await problemWith(named({ x: 1 }).replace('"x":', `"${name}":`)), name).toBe(
        `${name} is not known here`,
      );
    expect(await problemWith(JSON.stringify(bill({ id: "bill_b", amount_remaining: 4 })))).toBe(
      "amount_remaining is not what is left of amount_due after amount_paid",
    );
    expect(await problemWith(JSON.stringify(bill({ id: "bill_b", status: "x" })))).toContain(
      "status must be unpaid, paid or voided",
    );
    expect(await problemWith(named({ payment_rules: { min_amount: -1 } }))).toContain(
      "payment_rules.min_amount",
    );
    expect(await problemWith(named({ metadata: { region: 1 } }))).toContain("metadata.region");
  });

  it("reports an owner that is neither in the file nor in the ledger", async () => {
    const orphan = JSON.stringify(account({ customer_id: "bcus_b" }));
    expect(await problemWith(orphan)).toBe(
      "no customer answers to bcus_b, neither in this file nor in the ledger",
    );
    const { store } = await mirrored([customer()]);
    const later = await jsonLines([bill(), account()]);
    expect(await answer(["mirror", later, "--store", store])).toMatchObject({
      created: 2,
      bad: [],
    });
  });

  it("reports a reference that another object of the kind has, in the file or in the ledger", async () => {
    const { store } = await newStore();
    const file = await jsonLines([
      customer(),
      customer({ id: "bcus_b" }),
      account({ external_reference: "CUST-A" }),
    ]);
    const report = await answer(["mirror", file, "--store", store], 1);
    const bad = [{ line: 2, message: "customer/bcus_a already has the external reference CUST-A" }];
    expect(report).toMatchObject({ created: 2, bad });
    expect(await answer(["mirror", file, "--store", store], 1)).toMatchObject({
      unchanged: 2,
      bad,
    });
  });

  it("reports what cannot change once an object exists", async () => {
    const { store } = await mirrored([customer(), account(), bill()]);
    const file = await jsonLines([bill({ amount_due: 6_000, amount_remaining: 6_000 })]);
    const { bad } = await answer(["mirror", file, "--store", store], 1);
    expect(bad).toEqual([{ line: 1, message: expect.stringMatching(/^amount_due cannot change/) }]);
  });

  it("survives nesting without end and a line of a hundred megabytes", async () => {
    const { store } = await newStore();
    const deep = `{"object":"customer","id":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`;
    const deepMetadata = JSON.stringify(
      customer({ id: "bcus_b", external_reference: "B" }),
    ).replace(/}$/, `,"metadata":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`);
    const wide = `{"object":"customer","name":"${"x".repeat(100 * 1024 * 1024)}"}`;
    const file = await fileOf([deep, deepMetadata, wide, JSON.stringify(customer())]);
    const { created, bad } = await answer(["mirror", file, "--store", store], 1);
    expect(created).toBe(1);
    expect(bad.map(({ line }: { line: number }) => line)).toEqual([1, 2, 3]);
    expect(bad[0].message).toContain("nested");
    expect(JSON.stringify(bad).length).toBeLessThan(2_000);
  });

  it("reads a byte order mark, CR LF, empty lines and a last line without an end", async () => {
    const { store } = await newStore();
    const lines = [customer(), account()].map((object) => JSON.stringify(object));
    const file = await fileOf(
      `\ufeff${lines[0]}\r\n\r\n  \n${lines[1]}\r\n{\r\n${JSON.stringify(bill())}`,
    );
    const report = await answer(["mirror", file, "--store", store], 1);
    expect(report).toMatchObject({ objects: 4, created: 3, bad: [{ line: 5 }] });
  });

  it("takes an empty file for what it is", async () => {
    const { store } = await newStore();
    expect(await answer(["mirror", await fileOf(""), "--store", store])).toMatchObject({
      objects: 0,
      bad: [],
    });
  });

  it("refuses a file that is missing, a folder or no text, and creates no store", async () => {
    const folder = await temporaryFolder();
    const text = JSON.stringify(customer());
    const latin = join(folder, "latin.jsonl");
    await writeFile(latin, Buffer.from(`${text}\n{"name":"Bj\xf6rn"}\n`, "latin1"));
    const cut = join(folder, "cut.jsonl");
    await writeFile(
      cut,
      Buffer.concat([Buffer.from(`${text}\n`), Buffer.from("é").subarray(0, 1)]),
    );
    const expected = [
      [join(folder, "missing.jsonl"), "there is no such file"],
      [folder, "it is a folder"],
      [latin, "line 2"],
      [cut, "line 2"],
    ] as const;
    for (const [file, reason] of expected) {
      const { store, path } = await newStore();
      const ran = await tallystick(["mirror", file, "--store", store, "--json"]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(errorOf(ran)).toMatchObject({
        code: "UNREADABLE_INPUT",
        message: expect.stringContaining(reason),
      });
      await expect(access(path)).rejects.toThrow();
    }
  });

  it("stops where it is interrupted, and goes on from there", async () => {
    const { store } = await newStore();
    const objects = Array.from({ length: 2_000 }, (_, at) =>
      customer({ id: `bcus_${at}`, external_reference: `C-${at}` }),
    );
    const file = await jsonLines(objects);
    const controller = new AbortController();
    const ran = await tallystick(["mirror", file, "--store", store, "--json"], {
      host: hostThat(() => controller.abort()),
      signal: controller.signal,
    });
    expect(ran.code).toBe(130);
    const { created } = JSON.parse(ran.stdout);
    expect(created).toBeGreaterThan(0);
    expect(created).toBeLessThan(2_000);
    const { created: rest, unchanged } = await answer(["mirror", file, "--store", store]);
    expect({ rest, unchanged }).toEqual({ rest: 2_000 - created, unchanged: created });
  });
});
