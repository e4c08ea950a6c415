import { describe, expect, it } from "vitest";
import { rowsLiteral } from "./literals.ts";

describe("rows as PostgreSQL reads them", () => {
  it("stand plain where nothing in them means anything", () => {
    expect(rowsLiteral([])).toBe("{}");
    expect(rowsLiteral([["customer/bcus_1", 3, null, undefined, -5]])).toBe(
      '{"(customer/bcus_1,3,,,-5)"}',
    );
    expect(rowsLiteral([["a"], ["b"]])).toBe('{"(a)","(b)"}');
  });

  it("are quoted twice where something does: for the row, and for the array around it", () => {
    expect(rowsLiteral([["a,b", "(c)", "d e", ""]])).toBe(
      '{"(\\"a,b\\",\\"(c)\\",\\"d e\\",\\"\\")"}',
    );
    expect(rowsLiteral([['say "so"', "back\\slash"]])).toBe(
      '{"(\\"say \\"\\"so\\"\\"\\",\\"back\\\\\\\\slash\\")"}',
    );
  });
});
