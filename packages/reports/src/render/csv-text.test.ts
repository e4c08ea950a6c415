import { describe, expect, it } from "vitest";
import { csvLine, csvText, harmless } from "./csv-text.ts";

describe("a line of CSV", () => {
  it("quotes what RFC 4180 wants quoted, and ends in CR LF", () => {
    expect(csvLine(["a", 'b "c"', "d,e", "f\ng", undefined, 7])).toBe(
      'a,"b ""c""","d,e","f\ng",,7\r\n',
    );
  });

  it("has amounts in major units with the decimals of their currency, and no locale", () => {
    expect(
      csvLine([
        { amount: -123_456_789, currency: "ZAR" },
        { amount: 5, currency: "KWD" },
        { amount: 1250n, currency: "JPY" },
      ]),
    ).toBe("-1234567.89,0.005,1250\r\n");
  });

  it.for(["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "\u200b=1", "\uff1d1", "|x", "%x"])(
    "gives a spreadsheet nothing to run: %j",
    (text) => {
      expect(harmless(text)).toBe(`'${text}`);
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );

  it.for([
    ["a;=1+1;b", "a;'=1+1;b"],
    ["a\t@x", "a\t'@x"],
    ["a\n +1", "a\n' +1"],
    ["=1;-2", "'=1;'-2"],
  ] as const)("nor where another separator begins a cell: %j", ([text, safe]) => {
    expect(harmless(text)).toBe(safe);
  });

  it.for(["a=1", "a;b", "a\nb", "1-2", "CUST-1", "Björn", ""])(
    "leaves other text as it is: %j",
    (text) => {
      expect(harmless(text)).toBe(text);
    },
  );
});

describe("a sheet as CSV", () => {
  it("is its first table by the names of the columns, without sums", () => {
    const columns = [
      { key: "day", title: "Day" },
      { key: "sum", title: "Sum", csvOnly: true as const },
    ];
    const table = { columns, rows: [["2026-03-01", 1]], totals: [["in all", 1]] };
    expect([...csvText({ title: "t", facts: [], tables: [table, table] })].join("")).toBe(
      "day,sum\r\n2026-03-01,1\r\n",
    );
  });
});
