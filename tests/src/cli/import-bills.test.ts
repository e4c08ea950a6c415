/** Billing files: what Bright Spark's holds, what a row may be, and what importing it again does. */
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { answer, errorOf, newStore, spark, tallystick, temporaryFolder } from "./support.ts";

const expected = JSON.parse(await readFile(spark("expected.json"), "utf8")).billing_file;
const file = spark("za_brightspark_dailyfile_2026-03-04.csv");
const header =
  "identifier,first_name,last_name,passport_number,sa_identification_number,mobile_phone_number,email,due_date,amount_due";

/** A billing file with these rows, or this text. */
const billing = async (
  rows: readonly string[] | string | Uint8Array,
  name = "za_x_dailyfile_2026-03-04.csv",
): Promise<string> => {
  const path = join(await temporaryFolder(), name);
  const whole = typeof rows === "string" || rows instanceof Uint8Array;
  await writeFile(path, whole ? rows : [header, ...rows, ""].join("\n"));
  return path;
};

const row = (more: { id?: string; passport?: string; phone?: string; due?: string } = {}): string =>
  `${more.id ?? "a-1"},Lerato,Dlamini,${more.passport ?? "M1"},,${more.phone ?? ""},,,${more.due ?? "376.50"}`;

const balances = async (store: string): Promise<Record<string, number>> => {
  const { data } = await answer(["balances", "--store", store]);
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: rows of JSON.
    data.map((each: any) => [each.external_reference, each.balance]),
  );
};

const importing = (path: string, store: string, more: readonly string[] = [], code = 0) =>
  answer(["import-bills", path, "--store", store, ...more], code);

describe("the billing file of Bright Spark", () => {
  it("is imported but for exactly the rows that are expected to be bad", async () => {
    const { store } = await newStore();
    const report = await importing(file, store, [], 1);
    expect(
      report.bad.map(({ line, field }: object & Record<string, unknown>) => ({ line, field })),
    ).toEqual(expected.bad);
    expect(report).toMatchObject({ rows: 240, applied: 199, unchanged: 0 });
    expect(await balances(store)).toEqual(expected.balances);
  });

  it("changes nothing when it is imported again, whatever happened in between", async () => {
    const { store, path } = await newStore();
    await importing(file, store, [], 1);
    const book = await readFile(path);
    expect(await importing(file, store, [], 1)).toMatchObject({ applied: 0, unchanged: 199 });
    expect((await readFile(path)).equals(book)).toBe(true);
  });

  it("applies again as the file of another day", async () => {
    const { store } = await newStore();
    await importing(file, store, [], 1);
    const next = join(await temporaryFolder(), "za_brightspark_dailyfile_2026-03-05.csv");
    await copyFile(file, next);
    expect(await importing(next, store, [], 1)).toMatchObject({ applied: 199, unchanged: 0 });
    expect(await balances(store)).toEqual(expected.balances);
  });

  it("writes nothing in a dry run, and says the same", async () => {
    const { store, path } = await newStore();
    const dry = await importing(file, store, ["--dry-run"], 1);
    expect(dry).toMatchObject({ applied: 199 });
    expect(await readdir(dirname(path))).toEqual([]);
    expect((await tallystick(["balances", "--store", store])).code).toBe(2);
    expect(await importing(file, store, [], 1)).toEqual(dry);
    const book = await readFile(path);
    const again = await importing(file, store, ["--dry-run"], 1);
    expect(again).toMatchObject({ applied: 0, unchanged: 199 });
    expect((await readFile(path)).equals(book)).toBe(true);
  });
});

describe("a row", () => {
  it.for([
    ["a name that is missing", "a-1,,Dlamini,M1,,,,,1", "first_name"],
    ["nothing that identifies the person", "a-1,L,D,,,,,,1", "identification"],
    ["a short ID number", "a-1,L,D,,123,,,,1", "sa_identification_number"],
    ["a mobile number of no country", "a-1,L,D,M1,,12345,,,1", "mobile_phone_number"],
    ["an e-mail that is none", "a-1,L,D,M1,,,nobody,,1", "email"],
    ["a day that does not exist", "a-1,L,D,M1,,,,2026-02-29,1", "due_date"],
    ["a sign", "a-1,L,D,M1,,,,,-1", "amount_due"],
    ["a grouped amount", 'a-1,L,D,M1,,,,,"1,200.00"', "amount_due"],
    ["too many decimals", "a-1,L,D,M1,,,,,0.001", "amount_due"],
    ["an amount past the bound", "a-1,L,D,M1,,,,,99999999999999.00", "amount_due"],
    ["a reserved identifier", "bcus_1,L,D,M1,,,,,1", "identifier"],
    ["several faults: the first column is told", "a-1,L,D,,,12,x,x,x", "identification"],
    ["values that are missing", "a-1,L,D,M1", "sa_identification_number"],
    ["values that are too many", "a-1,L,D,M1,,,,,1,2", "amount_due"],
    ["no identifier", ",L,D,M1,,,,,1", "identifier"],
  ] as const)("is bad for %s, and stops no other", async ([, text, field]) => {
    const { store } = await newStore();
    const report = await importing(await billing([text, row({ id: "b-1" })]), store, [], 1);
    expect(report).toMatchObject({ rows: 2, applied: 1, bad: [{ line: 2, field }] });
  });

  it("keeps what else it says: metadata, the due date, a mobile number in full", async () => {
    const { store } = await newStore();
    const text = `\ufeff${header},region\r\na-1,Lerato,"d""A, X",M1,,0825550142,l@example.org,2026-03-25,1.05,=1+1\r\n`;
    await importing(await billing(text), store);
    const { data } = await answer(["history", "a-1", "--store", store]);
    expect(data[0].personal).toMatchObject({
      name: 'Lerato d"A, X',
      phone: "+27825550142",
      email: "l@example.org",
      metadata: { region: "=1+1", due_date: "2026-03-25" },
    });
    expect(await balances(store)).toEqual({ "a-1": 105 });
  });

  it("may be named by the passport, and raise a bill", async () => {
    const { store } = await newStore();
    const path = await billing([row({ id: "" }), row({ id: "", passport: "M2", due: "0" })]);
    const flags = ["--identifier-from", "passport_number", "--bills"];
    const report = await importing(path, store, flags, 1);
    expect(report).toMatchObject({ applied: 1, bad: [{ line: 3, field: "amount_due" }] });
    expect(await importing(path, store, flags, 1)).toMatchObject({ applied: 0, unchanged: 1 });
    expect(await balances(store)).toEqual({ "M1-2026-03-04": 37_650 });
  });

  it("updates a customer who is known, and leaves what it does not say", async () => {
    const { store } = await newStore();
    await importing(await billing([row({ phone: "+27825550142" })]), store);
    await importing(await billing([row({ due: "1.00" })], "za_x_dailyfile_2026-03-05.csv"), store);
    expect(await balances(store)).toEqual({ "a-1": 100 });
  });
});

describe("a file", () => {
  it.for([
    ["without a header", "", "there is no header"],
    ["without a column it needs", "identifier,first_name,last_name\n", "amount_due is missing"],
    ["with a column twice", `${header},email\n`, "stands there twice"],
    ["with a quote left open", `${header}\n${row()}\n"x,`, "line 3, column 1: a quote is opened"],
    ["with a row without end", `${header}\n${"x".repeat(2_000_000)}`, "longer than a megabyte"],
    ["in UTF-16", Buffer.from(`\ufeff${header}`, "utf16le"), "is UTF-16 text"],
    ["in Latin-1", Buffer.from(`${header}\n\u00e9`, "latin1"), "is not UTF-8 text: line 2"],
  ] as const)("%s is refused whole, with the place", async ([, text, reason]) => {
    const { store, folder } = await newStore();
    const ran = await tallystick(["import-bills", await billing(text), "--json", "--store", store]);
    expect(ran.code).toBe(2);
    expect(errorOf(ran)).toMatchObject({
      code: "UNREADABLE_INPUT",
      message: expect.stringContaining(reason),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("of no known country needs a currency, and without a date is known by its bytes", async () => {
    const { store } = await newStore();
    const path = await billing([row({ due: "1.005" })], "march.csv");
    expect((await tallystick(["import-bills", path, "--store", store])).code).toBe(2);
    expect(await importing(path, store, ["--currency", "KWD"])).toMatchObject({ applied: 1 });
    expect(await importing(path, store, ["--currency", "KWD"])).toMatchObject({ unchanged: 1 });
    expect(await balances(store)).toEqual({ "a-1": 1005 });
  });
});
