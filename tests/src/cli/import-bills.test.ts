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

describe("the columns of a billing file", () => {
  const documented = header.split(",").slice(1);
  const values: Readonly<Record<string, string>> = {
    identifier: "a-1",
    first_name: "Lerato",
    last_name: "Dlamini",
    passport_number: "M1",
    sa_identification_number: "9902300000001",
    mobile_phone_number: "0825550142",
    email: "lerato@example.org",
    due_date: "2026-03-25",
    amount_due: "376.50",
  };
  /** A file of one row with these columns, and these values instead. */
  const fileWith = (columns: readonly string[], other: Readonly<Record<string, string>> = {}) => {
    const cells = columns.map((column) => other[column] ?? values[column] ?? "");
    return billing(`${columns.join(",")}\n${cells.join(",")}\n`);
  };
  const imported = async (path: string, code = 0, more: readonly string[] = []) => {
    const { store } = await newStore();
    return { store, report: await importing(path, store, more, code) };
  };

  it("are the eight documented ones and the identifier, in any order (FILE-01)", async () => {
    expect(documented).toEqual(
      "first_name,last_name,passport_number,sa_identification_number,mobile_phone_number,email,due_date,amount_due".split(
        ",",
      ),
    );
    for (const columns of [
      ["identifier", ...documented],
      [...documented, "identifier"].reverse(),
    ]) {
      const { store, report } = await imported(await fileWith(columns));
      expect(report).toMatchObject({ rows: 1, applied: 1, bad: [] });
      const { data } = await answer(["history", "a-1", "--store", store]);
      expect(data[0].personal).toEqual({
        name: "Lerato Dlamini",
        email: "lerato@example.org",
        phone: "+27825550142",
        metadata: { due_date: "2026-03-25" },
      });
    }
  });

  it.for(["first_name", "last_name", "amount_due"])(
    "need %s, as a column and in every row (FILE-02)",
    async (column) => {
      const columns = ["identifier", ...documented];
      const { report } = await imported(await fileWith(columns, { [column]: "" }), 1);
      expect(report).toMatchObject({ applied: 0, bad: [{ line: 2, field: column }] });
      const path = await fileWith(columns.filter((name) => name !== column));
      const { store } = await newStore();
      const { code, stderr } = await tallystick(["import-bills", path, "--store", store]);
      expect(code).toBe(2);
      expect(stderr).toContain(`the column ${column} is missing`);
    },
  );

  it.for([
    [{}, 1],
    [{ passport_number: "" }, 1],
    [{ sa_identification_number: "" }, 1],
    [{ passport_number: "", sa_identification_number: "" }, 0],
  ] as const)("need a passport or an ID number: %j (FILE-03)", async ([other, applied]) => {
    const columns = ["identifier", ...documented];
    const { report } = await imported(await fileWith(columns, other), 1 - applied);
    expect(report).toMatchObject({ applied });
    expect(report.bad.map(({ field }: { field: string }) => field)).toEqual(
      applied === 1 ? [] : ["identification"],
    );
  });

  it.for(["mobile_phone_number", "email", "due_date"])(
    "may lack %s, as a column or in a row (FILE-04)",
    async (column) => {
      const columns = ["identifier", ...documented];
      for (const path of [
        await fileWith(columns, { [column]: "" }),
        await fileWith(columns.filter((name) => name !== column)),
      ])
        expect((await imported(path)).report).toMatchObject({ applied: 1, bad: [] });
    },
  );

  it.for([
    ["0", "ZAR", 0],
    ["0.01", "ZAR", 1],
    ["376.5", "ZAR", 37_650],
    ["9007199254740.93", "ZAR", 900_719_925_474_093],
    ["0.29", "ZAR", 29],
    ["1.005", "KWD", 1005],
    ["1250", "JPY", 1250],
    ["0.001", "ZAR", undefined],
    ["1.5", "JPY", undefined],
    ["1e2", "ZAR", undefined],
  ] as const)(
    "say amount_due in major units, to the minor unit: %s %s (FILE-05)",
    async ([text, currency, minor]) => {
      const path = await fileWith(["identifier", ...documented], { amount_due: text });
      const code = minor === undefined ? 1 : 0;
      const { store, report } = await imported(path, code, ["--currency", currency]);
      if (minor === undefined) expect(report.bad).toMatchObject([{ field: "amount_due" }]);
      else expect(await balances(store)).toEqual({ "a-1": minor });
    },
  );

  it("may be more: each of them is metadata, within its limits (FILE-06)", async () => {
    const extra = (count: number) => Array.from({ length: count }, (_, at) => `extra_${at + 1}`);
    const columns = (count: number) => ["identifier", ...documented, ...extra(count)];
    const other = Object.fromEntries(extra(10).map((name) => [name, `of ${name}`]));
    const { store } = await imported(await fileWith(columns(9), other));
    const { data } = await answer(["history", "a-1", "--store", store]);
    const { metadata } = data[0].personal;
    expect(Object.keys(metadata)).toHaveLength(10);
    expect(metadata).toMatchObject({ extra_9: "of extra_9", due_date: "2026-03-25" });
    // Ten keys are the most, and the due date is one of them (D-16).
    expect((await imported(await fileWith(columns(10), other), 1)).report).toMatchObject({
      applied: 0,
      bad: [{ line: 2 }],
    });
  });

  it("name the customer by the identifier, which every row needs once (FILE-07)", async () => {
    const path = await billing([row(), row({ id: "" }), row(), row({ id: "b-1" })]);
    const { store, report } = await imported(path, 1);
    expect(report).toMatchObject({
      applied: 2,
      bad: [
        { line: 3, field: "identifier" },
        { line: 4, field: "identifier" },
      ],
    });
    expect(Object.keys(await balances(store)).sort()).toEqual(["a-1", "b-1"]);
  });
});

describe("a daily file", () => {
  it("creates the customers that are new and updates those that are known (FILE-09)", async () => {
    const { store } = await newStore();
    await importing(await billing([row(), row({ id: "b-1" })]), store);
    const next = [row({ due: "1.00", phone: "+27825550142" }), row({ id: "c-1" })];
    await importing(await billing(next, "za_x_dailyfile_2026-03-05.csv"), store);
    expect(await balances(store)).toEqual({ "a-1": 100, "b-1": 37_650, "c-1": 37_650 });
    const { data } = await answer(["history", "a-1", "--store", store]);
    const types = data.map(({ type }: { type: string }) => type);
    expect(types[0]).toBe("customer.created");
    expect(types.slice(-2)).toEqual(["customer.updated", "obligation.balance_asserted"]);
  });

  it("after a day that was missed applies all its rows (FILE-11)", async () => {
    const { store } = await newStore();
    await importing(await billing([row({ due: "10.00" })]), store);
    // The file of 5 March never came; that of 6 March carries both days.
    const both = [
      row({ due: "20.00" }),
      row({ id: "b-1", due: "5.00" }),
      row({ id: "c-1", due: "6.00" }),
    ];
    const path = await billing(both, "za_x_dailyfile_2026-03-06.csv");
    expect(await importing(path, store)).toMatchObject({ rows: 3, applied: 3, bad: [] });
    expect(await balances(store)).toEqual({ "a-1": 2000, "b-1": 500, "c-1": 600 });
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
    ["separated by semicolons", header.replaceAll(",", ";"), "separated by semicolons"],
    ["with lines that end in CR", `${header}\r${row()}\r`, "the header ends in CR alone"],
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
