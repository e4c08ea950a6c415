/** Text in HTML and SVG, as text: markup is escaped and control characters are made visible. */
import { printable } from "./text-table.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escaped = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
