/**
 * A sheet as one HTML file: no script, no font, nothing that is fetched. It follows the reader's light
 * or dark mode, and prints in black on white with the titles of a table on every page.
 *
 * Whatever comes from data is escaped; nothing of it is ever markup.
 */

import { cellText } from "./cell-text.ts";
import { chartHtml } from "./charts/chart-html.ts";
import { escaped } from "./escaped.ts";
import {
  type Cell,
  isAmountCell,
  type Sheet,
  type SheetColumn,
  type SheetTable,
  shownTable,
} from "./sheet.ts";

const style = `:root{color-scheme:light dark;--ink:#1c2128;--dim:#59636e;--line:#d1d9e0;--paper:#fff;--band:#f6f8fa;--bar:#2f6f4f;--s1:#c98a1b;--s2:#b3433b;--s3:#3b6fb3;--s4:#7d8590}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9198a1;--line:#3d444d;--paper:#14181d;--band:#1c2128;--bar:#56b386;--s1:#d9a441;--s2:#e5776e;--s3:#6ea3e6;--s4:#8b949e}}
*{box-sizing:border-box}body{margin:0 auto;padding:2rem 1.5rem;max-width:96rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .75rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:fit-content(55%) 1fr;gap:.1rem 1rem;margin:0}dt{color:var(--dim)}dd{margin:0}dt,dd,h1,h2{overflow-wrap:anywhere}
.wide{overflow-x:auto;margin-top:1rem}h2+.wide{margin-top:0}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
td,dd,h1,h2{unicode-bidi:plaintext}.t{white-space:normal;overflow-wrap:anywhere;min-width:18rem}
th{font-weight:600;white-space:nowrap}thead th{border-bottom:2px solid var(--line)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tbody tr:nth-child(even){background:var(--band)}
tfoot td{font-weight:600;border-top:2px solid var(--line)}figure{margin:1.5rem 0}figcaption{font-weight:600;margin-bottom:.5rem}
.beside{display:flex;flex-wrap:wrap;gap:1rem 2rem;align-items:flex-start}.figures{width:auto;font-size:.85rem}.figures th,.figures td{padding:.1rem .6rem .1rem 0}
svg{display:block;max-width:100%;height:auto}svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg rect{fill:var(--bar)}svg line{stroke:var(--line)}svg .zero{stroke:var(--dim)}
svg path{fill:none;stroke:var(--bar);stroke-width:2;stroke-linejoin:round}svg circle{fill:var(--bar)}svg .s1{fill:var(--s1)}svg .s2{fill:var(--s2)}svg .s3{fill:var(--s3)}svg .s4{fill:var(--s4)}.key{display:inline;vertical-align:-1px}
@media print{:root{color-scheme:light;--ink:#000;--dim:#444;--line:#999;--paper:#fff;--band:#fff;--bar:#555;--s1:#999;--s2:#000;--s3:#777;--s4:#ccc}body{padding:0;max-width:none;font-size:9pt}table,.figures{font-size:8pt}th,td{padding:1.5pt 3pt}.t{min-width:0}
.wide{overflow:visible}thead{display:table-header-group}tr,figure{break-inside:avoid}h2{break-after:avoid}@page{size:landscape;margin:12mm}}`;

/** Sentences are wrapped; ids, dates and amounts are not. */
const wrappedFrom = 40;

const sideOf = ({ align }: SheetColumn): string => (align === "right" ? ' class="n"' : "");

const rowHtml = (row: readonly Cell[], columns: readonly SheetColumn[]): string => {
  const cells = columns.map((column, at) => {
    const cell = row[at];
    const text = cellText(cell);
    const side = isAmountCell(cell) ? ' class="n"' : sideOf(column);
    return `<td${text.length > wrappedFrom ? ' class="t"' : side}>${escaped(text)}</td>`;
  });
  return `<tr>${cells.join("")}</tr>\n`;
};

function* tableHtml(
  { title, columns, rows, totals = [], empty }: SheetTable,
  sheetTitle: string,
): Generator<string, void, undefined> {
  if (title !== undefined) yield `<h2>${escaped(title)}</h2>\n`;
  if (rows.length === 0 && totals.length === 0) {
    yield `<p>${escaped(empty ?? "Nothing.")}</p>\n`;
    return;
  }
  const heads = columns.map((column) => `<th${sideOf(column)}>${escaped(column.title)}</th>`);
  // A table that is wider than the screen is scrolled by keys as well.
  yield `<div class="wide" tabindex="0" role="region" aria-label="${escaped(title ?? sheetTitle)}"><table>\n<thead><tr>${heads.join("")}</tr></thead>\n<tbody>\n`;
  for (const row of rows) yield rowHtml(row, columns);
  yield "</tbody>\n";
  if (totals.length > 0)
    yield `<tfoot>\n${totals.map((row) => rowHtml(row, columns)).join("")}</tfoot>\n`;
  yield "</table></div>\n";
}

/** The file, piece by piece. */
export function* htmlText({
  title,
  facts,
  tables,
  charts = [],
  chartsBelow = false,
}: Sheet): Generator<string, void, undefined> {
  yield `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n`;
  yield `<meta name="viewport" content="width=device-width, initial-scale=1">\n`;
  yield `<title>${escaped(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n<main>\n<h1>${escaped(title)}</h1>\n`;
  if (facts.length > 0) {
    const told = facts.map(
      ([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>\n`,
    );
    yield `<dl>\n${told.join("")}</dl>\n`;
  }
  const drawn = charts.map((chart, at) => chartHtml(chart, `chart-${at + 1}`));
  if (!chartsBelow) yield* drawn;
  for (const table of tables) yield* tableHtml(shownTable(table), title);
  if (chartsBelow) yield* drawn;
  yield "</main>\n</body>\n</html>\n";
}
