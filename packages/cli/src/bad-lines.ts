/** Lines of an input that could not be taken, for people. */
import { printable } from "@tallystick/reports";
import type { BadLine } from "./input/json-line.ts";
import type { Colors } from "./io.ts";

/** More would only push the figures off the screen; all of them stand in the JSON. */
const shownMax = 20;

export const badLinesText = (bad: readonly BadLine[], colors: Colors): string => {
  const lines = bad
    .slice(0, shownMax)
    .map(({ line, message }) => `${colors.red(`line ${line}:`)} ${printable(message)}\n`);
  const more = bad.length - shownMax;
  return lines.join("") + (more > 0 ? `and ${more} more; --json lists them all\n` : "");
};
