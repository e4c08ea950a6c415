import { describe, expect, it } from "vitest";
import { htmlText } from "./html-text.ts";

const page = (text: string): string =>
  [
    ...htmlText({
      title: text,
      facts: [[text, text]],
      tables: [
        {
          title: text,
          columns: [
            { key: "a", title: text },
            { key: "b", title: "B", csvOnly: true },
          ],
          rows: [[text, "hidden"]],
          totals: [[{ amount: -5, currency: "JPY" }, "hidden"]],
        },
        { columns: [], rows: [], empty: text },
      ],
      charts: [{ kind: "bars", title: text, bars: [{ label: text, value: 1, text }] }],
    }),
  ].join("");

describe("a sheet as HTML", () => {
  it("escapes whatever comes from data, wherever it stands", () => {
    const html = page(`<img src=x onerror="alert('1')">&\u202e\u0007`);
    for (const mark of ["<img", 'onerror="', "\u202e", "\u0007"]) expect(html).not.toContain(mark);
    expect(html.match(/&lt;img src=x onerror=&quot;/g)?.length).toBeGreaterThan(7);
  });

  it("stands by itself: no script, nothing that is fetched", () => {
    expect(page("x")).not.toMatch(/<script|<link|src=|href=|url\(|@import/);
  });

  it("shows no column that is for CSV only", () => {
    expect(page("x")).not.toContain("hidden");
  });

  it("marks amounts as numbers, and says so where a table is empty", () => {
    expect(page("x")).toContain('<td class="n">-5</td>');
    expect(page("x")).toContain("<p>x</p>");
  });
});
