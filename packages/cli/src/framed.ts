/** Small tables of key figures, drawn with lines; what a person looks at first. Long lists stay plain. */
import { type Column, printable } from "@tallystick/reports";
import Table from "cli-table3";
import type { Colors } from "./io.ts";

const chars = {
  top: "─",
  "top-mid": "┬",
  "top-left": "┌",
  "top-right": "┐",
  bottom: "─",
  "bottom-mid": "┴",
  "bottom-left": "└",
  "bottom-right": "┘",
  left: "│",
  "left-mid": "├",
  mid: "─",
  "mid-mid": "┼",
  right: "│",
  "right-mid": "┤",
  middle: "│",
} as const;

/** Its lines, each indented by two and with its newline. */
export const framed = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colors: Colors,
): string => {
  const table = new Table({
    chars,
    head: columns.map(({ title }) => colors.bold(title)),
    colAligns: columns.map(({ align = "left" }) => align),
    style: { head: [], border: [], "padding-left": 1, "padding-right": 1, compact: true },
  });
  for (const row of rows)
    table.push(row.map((cell, at) => (columns[at]?.paint ?? ((text) => text))(printable(cell))));
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line}\n`)
    .join("");
};
