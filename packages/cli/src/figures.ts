/** A heading and a few numbers below it. */
import type { Colors } from "./io.ts";

export const figures = (
  heading: string,
  rows: readonly (readonly [label: string, count: number])[],
  colors: Colors,
): string => {
  const labels = Math.max(...rows.map(([label]) => label.length));
  const counts = Math.max(...rows.map(([, count]) => String(count).length));
  const lines = rows.map(([label, count]) => {
    const line = `  ${label.padEnd(labels)}  ${String(count).padStart(counts)}`;
    return count === 0 ? colors.dim(line) : line;
  });
  return `${[colors.bold(heading), ...lines].join("\n")}\n`;
};
