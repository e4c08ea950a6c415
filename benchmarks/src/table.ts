/** The lines of a run as a Markdown table. */
import type { Line } from "./measure.ts";

const number = (value: number | null): string =>
  value === null ? "–" : value.toLocaleString("en");

export const lineTable = (lines: readonly Line[]): string =>
  [
    "",
    "| what | workload | per second | p50 µs | p99 µs | baseline | its rate | ratio |",
    "|---|---|--:|--:|--:|---|--:|--:|",
    ...lines.map(
      (line) =>
        `| ${line.name} | ${line.workload} | ${number(line.per_second)} | ${number(line.p50_us)} | ${number(line.p99_us)} | ${line.baseline ?? "–"} | ${line.baseline_failure ?? number(line.baseline_per_second)} | ${number(line.ratio)} |`,
    ),
    "",
  ].join("\n");
