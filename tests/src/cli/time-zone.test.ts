/** Days of the book's time zone, on a machine of another one. */
import { describe, expect, it } from "vitest";
import {
  answer,
  bill,
  customer,
  jsonLines,
  mirrored,
  newStore,
  program,
  spawned,
  tallystick,
} from "./support.ts";

const objects = [customer(), bill({ account_id: undefined, bill_date: "2018-02-17" })];
const zone = ["--time-zone", "America/Sao_Paulo", "--effective", "2026-04-30"];

describe.for([["statement", "--customer", "CUST-A"], ["journal"], ["history", "BILL-A"]])(
  "%j",
  (command) => {
    it("in a time zone is the same whatever the machine's is", async () => {
      const { store } = await mirrored(objects);
      const argv = [...command, ...zone, "--store", store];
      const { code, stdout } = await tallystick(argv);
      expect(code).toBe(0);
      for (const TZ of ["Asia/Kathmandu", "America/Sao_Paulo"])
        expect(await spawned(program, argv, { env: { TZ } })).toMatchObject({ code, stdout });
    });
  },
);

describe("a bill's date", () => {
  it("is the end of that day in the time zone that it was mirrored in, with an hour twice", async () => {
    const { store } = await newStore();
    await answer(["mirror", await jsonLines(objects), ...zone.slice(0, 2), "--store", store]);
    const { data } = await answer(["history", "BILL-A", "--store", store]);
    expect(data[0].effective_at).toBe("2018-02-18T02:59:59.999Z");
  });
});

describe("the clock that a report shows", () => {
  it.each([
    [["history", "BILL-A", "--format", "html"]],
    [["suspense", "--format", "html"]],
    [["explain", "BILL-A"]],
    [["match", "list"]],
  ])("is named beside it: %j", async (command) => {
    const { store } = await mirrored(objects);
    const { code, stdout } = await tallystick([...command, ...zone.slice(0, 2), "--store", store]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Days end in(?: +|<.+>)America\/Sao_Paulo/);
  });
});
