import { describe, expect, it } from "vitest";
import { chartHtml } from "./chart-html.ts";

const point = (date: string, value: number) => ({ date, value, text: `${value} ZAR` });
const line = (...points: readonly ReturnType<typeof point>[]): string =>
  chartHtml({ kind: "line", title: "Owed", points, textOf: String }, "chart-1");

/** Where the steps of the line go: across and down, in units of the drawing. */
const steps = (html: string): readonly string[] =>
  /<path d="([^"]+)"/.exec(html)?.[1]?.match(/[MHV][\d ]+/g) ?? [];

describe("every chart", () => {
  it("is named and told in words, for whoever does not see it", () => {
    const html = chartHtml(
      { kind: "bars", title: "By age", bars: [{ label: "1-30", value: 5, text: "0.05" }] },
      "chart-2",
    );
    expect(html).toContain('role="img" aria-labelledby="chart-2 chart-2-told"');
    expect(html).toContain('<title id="chart-2">By age</title>');
    expect(html).toContain('<desc id="chart-2-told">1-30: 0.05</desc>');
  });
});

describe("bars", () => {
  const bars = (...values: readonly number[]): readonly string[] =>
    chartHtml(
      {
        kind: "bars",
        title: "",
        bars: values.map((value) => ({ label: "", value, text: "" })),
      },
      "chart-1",
    ).match(/<rect [^>]+>/g) ?? [];

  it("are as long as their values, from the one line at 0", () => {
    const [three, none, one] = bars(300, 0, 100);
    expect(three).toContain('x="150" y="0" width="380"');
    expect(none).toContain('x="150" y="26" width="0"');
    expect(one).toContain('x="150" y="52" width="127"');
  });

  it("go to the other side below 0", () => {
    const [below, above] = bars(-100, 100);
    expect(below).toContain('x="150" y="0" width="190"');
    expect(above).toContain('x="340" y="26" width="190"');
  });

  it("cut a label between two characters, never within one", () => {
    const chart = {
      kind: "bars",
      title: "",
      bars: [{ label: "😀".repeat(21), value: 1, text: "" }],
    };
    expect(chartHtml(chart as Parameters<typeof chartHtml>[0], "chart-1")).toContain(
      `>${"😀".repeat(19)}…</text>`,
    );
  });
});

describe("a line", () => {
  it("stays where it is until the day of a change, however many days lie between", () => {
    const html = line(point("2026-03-01", 0), point("2026-03-02", 100), point("2026-03-05", 50));
    const [begin, second, up, fifth, down] = steps(html);
    const x = (step = ""): number => Number(/\d+/.exec(step)?.[0]);
    expect([begin, up, down].map((step) => step?.split(" ").at(-1))).toEqual([
      "232",
      "V12",
      "V122",
    ]);
    expect((x(fifth) - x(begin)) / (x(second) - x(begin))).toBeCloseTo(4, 1);
  });

  it("names 0 and round values around all that it shows, also below 0", () => {
    const html = line(point("2026-03-01", -180), point("2026-03-31", 420));
    for (const value of [-200, 0, 200, 400, 600]) expect(html).toContain(`>${value}</text>`);
    expect(html.match(/class="zero"/g)).toHaveLength(1);
  });

  it("has its figures in a table beside it", () => {
    const html = line(point("2026-03-01", 1), point("2026-03-31", 2));
    expect(html).toContain('<tr><td>2026-03-31</td><td class="n">2 ZAR</td></tr>');
  });

  it("tells the ends of months where there are more days than can be read", () => {
    const days = Array.from({ length: 59 }, (_, at) =>
      point(new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10), at),
    );
    const html = line(...days);
    expect(html.match(/<tr><td>/g)).toHaveLength(2);
    expect(html).toContain('<tr><td>2026-01</td><td class="n">30 ZAR</td></tr>');
    expect(html).toContain('<tr><td>2026-02</td><td class="n">58 ZAR</td></tr>');
  });
});

describe("shares", () => {
  const shares = (...values: readonly number[]): string =>
    chartHtml(
      {
        kind: "shares",
        title: "Match rate",
        parts: values.map((value, at) => ({ label: `part ${at}`, value, text: String(value) })),
      },
      "chart-1",
    );

  it("say the first part in the title", () => {
    expect(shares(3, 1)).toContain("<figcaption>Match rate: 75.0 %</figcaption>");
  });

  it("are never rounded to all or to nothing", () => {
    expect(shares(999_999, 1)).toContain("Match rate: 99.9 %");
    expect(shares(999_999, 1)).toContain("part 1: 1 (0.1 %)");
    expect(shares(5, 0)).toContain("Match rate: 100 %");
    expect(shares(0, 5)).toContain("Match rate: 0 %");
  });

  it("show a part however small it is", () => {
    expect(shares(999_999, 1)).toMatch(/class="s1" x="720.0" y="2" width="3.0"/);
  });

  it("of nothing are no share", () => {
    expect(shares(0, 0)).toContain("Match rate: –");
  });
});
