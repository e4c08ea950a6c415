/** What every place promises that records are kept in, as tests: see `Records`. */
import { isLedgerError } from "@tallystick/core";
import { expect, it } from "vitest";
import type { Records } from "../records/records.ts";

const put = (collection: string, key: string, value: string | number) =>
  ({ kind: "put", collection, key, value }) as const;

/** Registers the contract. `open` gives records of a place that holds none yet; each test closes its own. */
export const recordsContract = (open: () => Promise<Records>): void => {
  it("give back what was put, and nothing for what was not", async () => {
    const records = await open();
    const value = { text: "é", list: [1, null, true], ["__proto__"]: "own" };
    await records.write("ann", [{ kind: "put", collection: "notes", key: "one", value }]);
    expect(await records.get("ann", "notes", "one")).toEqual(value);
    expect(await records.get("ann", "notes", "two")).toBeUndefined();
    expect(await records.get("ann", "other", "one")).toBeUndefined();
    expect(await records.get("bob", "notes", "one")).toBeUndefined();
    await records.close();
  });

  it("apply the changes of one write in order, and replace, delete and clear", async () => {
    const records = await open();
    await records.write("ann", [put("a", "1", 1), put("a", "2", 2), put("b", "1", 3)]);
    await records.write("ann", [
      put("a", "1", 4),
      { kind: "delete", collection: "a", key: "2" },
      { kind: "clear", collection: "b" },
      put("b", "9", 5),
    ]);
    expect(await records.page("ann", "a", { limit: 9 })).toEqual([{ key: "1", value: 4 }]);
    expect(await records.page("ann", "b", { limit: 9 })).toEqual([{ key: "9", value: 5 }]);
    await records.close();
  });

  it("come by page in the order of their keys, behind a key and by prefix", async () => {
    const records = await open();
    for (const key of ["b/2", "a/1", "b/1", "c", "B", "b/10"])
      await records.write("ann", [put("a", key, key)]);
    const keys = async (range: Parameters<Records["page"]>[2]) =>
      (await records.page("ann", "a", range)).map(({ key }) => key);
    expect(await keys({ limit: 9 })).toEqual(["B", "a/1", "b/1", "b/10", "b/2", "c"]);
    expect(await keys({ limit: 2 })).toEqual(["B", "a/1"]);
    expect(await keys({ limit: 2, after: "a/1" })).toEqual(["b/1", "b/10"]);
    expect(await keys({ limit: 9, prefix: "b/" })).toEqual(["b/1", "b/10", "b/2"]);
    expect(await keys({ limit: 9, prefix: "b/", after: "b/1" })).toEqual(["b/10", "b/2"]);
    expect(await keys({ limit: 9, after: "c" })).toEqual([]);
    await records.close();
  });

  it("stay in order while the first ones go and others come, as a queue does", async () => {
    const records = await open();
    const expected = new Set<string>();
    for (let count = 0; count < 60; count += 1) {
      const key = String((count * 37) % 101).padStart(3, "0");
      expected.add(key);
      await records.write("ann", [put("a", key, count)]);
      const held = [...expected].sort();
      const page = await records.page("ann", "a", { limit: 99 });
      expect(page.map((record) => record.key)).toEqual(held);
      const [first] = held;
      if (count % 3 !== 0 || first === undefined) continue;
      expected.delete(first);
      await records.write("ann", [
        { kind: "delete", collection: "a", key: first },
        { kind: "delete", collection: "a", key: "nobody" },
      ]);
    }
    await records.close();
  });

  it("name their owners, and keep what is released", async () => {
    const records = await open();
    expect(await records.owners()).toEqual([]);
    await records.write("bob", [put("a", "1", 1)]);
    await records.write("ann", [put("a", "1", 2)]);
    await records.write("eve", [put("a", "1", 2), { kind: "clear", collection: "a" }]);
    await records.release("ann");
    expect(await records.owners()).toEqual(["ann", "bob"]);
    expect(await records.get("ann", "a", "1")).toBe(2);
    await records.close();
  });

  it("take many writes at once", async () => {
    const records = await open();
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(numbers.map((n) => records.write("ann", [put("a", `k${n}`, n)])));
    expect(await records.page("ann", "a", { limit: 99 })).toHaveLength(50);
    await records.close();
  });

  it("refuse names that would not sort alike everywhere, and everything once closed", async () => {
    const records = await open();
    for (const key of ["", "é", "a b", "a\0"])
      await expect(records.get("ann", "a", key)).rejects.toSatisfy((error) =>
        isLedgerError(error, "INVALID_INPUT"),
      );
    await expect(records.write("../x", [put("a", "1", 1)])).rejects.toSatisfy((error) =>
      isLedgerError(error, "INVALID_INPUT"),
    );
    await records.close();
    await records.close();
    for (const answer of [
      async () => records.get("ann", "a", "1"),
      async () => records.write("ann", [put("a", "1", 1)]),
      async () => records.owners(),
    ])
      await expect(answer()).rejects.toSatisfy((error) => isLedgerError(error, "STORE_CLOSED"));
  });
};
