/** A sheet for a terminal or a text file: its title, its facts, and aligned tables. */
import { cellText } from "./cell-text.ts";
import { type Sheet, type SheetTable, shownTable } from "./sheet.ts";
import { printable, textTable } from "./text-table.ts";

const tableText = (
  { title, columns, rows, totals = [], empty }: SheetTable,
  bold: ((text: string) => string) | undefined,
): string => {
  const heading = title === undefined ? "" : `${bold?.(title) ?? title}\n`;
  if (rows.length === 0 && totals.length === 0) return `${heading}${empty ?? "Nothing."}\n`;
  const texts = [...rows, ...totals].map((row) => row.map(cellText));
  const headed = columns.map(({ title: name, align }) => ({
    title: name.toUpperCase(),
    ...(align === undefined ? {} : { align }),
  }));
  return heading + textTable(headed, texts, bold);
};

export const sheetText = (
  { title, facts, tables }: Sheet,
  bold?: (text: string) => string,
): string => {
  const widest = Math.max(0, ...facts.map(([label]) => label.length));
  const told = facts.map(([label, value]) => `${label.padEnd(widest)}  ${printable(value)}\n`);
  const drawn = tables.map((table) => `\n${tableText(shownTable(table), bold)}`);
  return `${bold?.(title) ?? title}\n${told.join("")}${drawn.join("")}`;
};
