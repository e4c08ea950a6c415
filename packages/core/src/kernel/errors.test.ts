import { describe, expect, it } from "vitest";
import { accept, refusalError, refuse } from "./decision.ts";
import { type ErrorCode, errorCatalogue, isLedgerError, LedgerError } from "./errors.ts";
import { InvariantViolation, invariant, unreachable } from "./invariant.ts";

describe("ledger errors", () => {
  it("carry a code, the facts and whether the same call may be repeated", () => {
    const error = new LedgerError("STORE_LOCKED", "in use", { detail: { by: 7 } });
    expect(error).toMatchObject({
      name: "LedgerError",
      code: "STORE_LOCKED",
      message: "in use",
      detail: { by: 7 },
      retry: "safe",
    });
    expect(error).toBeInstanceOf(Error);
  });

  it("have no facts and no cause unless there are some", () => {
    const error = new LedgerError("NOT_FOUND", "nobody");
    expect(error.detail).toEqual({});
    expect("cause" in error).toBe(false);
    expect(new LedgerError("STORE_IO", "disk", { cause: error }).cause).toBe(error);
  });

  it("are known by name and code, so that two copies of a package agree", () => {
    class LedgerErrorOfAnotherCopy extends Error {
      override readonly name = "LedgerError";
      readonly code = "NOT_FOUND";
    }
    const foreign = new LedgerErrorOfAnotherCopy("nobody");
    expect(isLedgerError(foreign)).toBe(true);
    expect(isLedgerError(foreign, "NOT_FOUND")).toBe(true);
    expect(isLedgerError(foreign, "STORE_IO")).toBe(false);
  });

  it.each([
    ["an error of another name", new Error("x")],
    ["a thing that is no error", { name: "LedgerError", code: "NOT_FOUND" }],
    ["nothing", undefined],
    ["an error without a code", Object.assign(new Error("x"), { name: "LedgerError" })],
  ])("are not mistaken for %s", (_, error) => {
    expect(isLedgerError(error)).toBe(false);
  });

  it.each(Object.entries(errorCatalogue))("%s says what it means in a sentence", (code, entry) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(entry.means).toMatch(/^[A-Z`].*\.$/);
  });

  it("tell that input and refusals fail again, and only failures may be repeated", () => {
    for (const { kind, retry } of Object.values(errorCatalogue))
      if (kind !== "failure") expect(retry).toBe("no");
  });
});

describe("decisions", () => {
  it("are events, or a refusal with its facts", () => {
    expect(accept([1])).toEqual({ ok: true, value: [1] });
    expect(refuse("NOT_FOUND", "nobody")).toEqual({
      ok: false,
      refusal: { code: "NOT_FOUND", message: "nobody", detail: {} },
    });
  });

  it("become the error that the façade throws", () => {
    const { refusal } = refuse("BILL_PAID", "paid", { id: "bill_1" });
    expect(refusalError(refusal)).toMatchObject({
      code: "BILL_PAID" satisfies ErrorCode,
      message: "paid",
      detail: { id: "bill_1" },
    });
  });
});

describe("invariants", () => {
  it("stop the work with their message, and only when broken", () => {
    expect(() => invariant(true, "fine")).not.toThrow();
    expect(() => invariant(false, "broken")).toThrow(new InvariantViolation("broken"));
  });

  it("mark what the compiler proves never to be reached", () => {
    expect(() => unreachable("a new kind" as never)).toThrow('unreachable: "a new kind"');
  });
});
