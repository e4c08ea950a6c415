/**
 * Aligned columns for a terminal or a text file: one line a row, two spaces between columns, nothing
 * cut off. What merchants' data brings along (line breaks, escape sequences, marks that turn the
 * direction of writing) is made visible instead of being obeyed.
 */

export interface Column {
  readonly title: string;
  /** The default is left. */
  readonly align?: "left" | "right";
  /** Colours a cell once it has its width. */
  readonly paint?: (cell: string) => string;
}

const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u;
let segmenter: Intl.Segmenter | undefined;

/** The text without anything that a terminal would act upon. */
export const printable = (text: string): string => text.replace(unprintable, "\ufffd");

/** How many columns of a terminal a printable text takes. */
export const displayWidth = (text: string): number => {
  if (/^[ -~]*$/.test(text)) return text.length;
  // Making one takes 6 ms, and few texts ask for it.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
};

/** Its lines, each with its newline: the titles, then the rows. `bold` is for the titles. */
export const textTable = (
  columns: readonly Column[],
  rows: Iterable<readonly string[]>,
  bold: (title: string) => string = (title) => title,
): string => {
  const lines = [columns.map(({ title }) => title), ...[...rows].map((row) => row.map(printable))];
  const widths = columns.map(() => 0);
  for (const line of lines)
    for (const [at, cell] of line.entries())
      widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell));
  let text = "";
  for (const [number, line] of lines.entries()) {
    const padded = columns.map(({ align, paint = (cell) => cell }, at) => {
      const cell = line[at] ?? "";
      const space = " ".repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(cell)));
      const painted = cell === "" ? "" : number === 0 ? bold(cell) : paint(cell);
      return align === "right" ? space + painted : painted + space;
    });
    text += `${padded.join("  ").trimEnd()}\n`;
  }
  return text;
};
