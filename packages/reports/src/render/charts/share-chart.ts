/** Parts of a whole as one bar, with their counts and shares written beside it. */
import { escaped } from "../escaped.ts";
import type { Bar, ShareChart } from "./chart.ts";
import { figure } from "./figure.ts";

const [width, height] = [720, 28];

/** Of all, with one decimal; only all is 100 % and only nothing is 0 %. */
const percentOf = (value: number, all: number): string => {
  if (value === 0 || value === all) return value === 0 ? "0 %" : "100 %";
  const share = Math.min(99.9, Math.max(0.1, Math.round((value / all) * 1000) / 10));
  return `${share.toFixed(1)} %`;
};

export const shareChart = ({ title, parts }: ShareChart, name: string): string => {
  const all = parts.reduce((sum, { value }) => sum + value, 0);
  const share = ({ value }: Bar): string => (all === 0 ? "–" : percentOf(value, all));
  let from = 0;
  const drawn = parts.map(({ value }, at) => {
    if (value === 0) return "";
    const begin = from;
    // However small a part is, it can be seen.
    const length = Math.max(3, (value / all) * width);
    from += length;
    return `<rect class="s${at}" x="${begin.toFixed(1)}" y="2" width="${length.toFixed(1)}" height="24"/>\n`;
  });
  const rows = parts.map(
    (part, at) =>
      `<tr><td><svg class="key" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect class="s${at}" width="12" height="12"/></svg> ${escaped(part.label)}</td>` +
      `<td class="n">${escaped(part.text)}</td><td class="n">${share(part)}</td></tr>\n`,
  );
  const [hoped] = parts;
  return figure(
    {
      title: hoped === undefined ? title : `${title}: ${share(hoped)}`,
      told: parts.map((part) => `${part.label}: ${part.text} (${share(part)})`).join("; "),
      width: Math.max(width, Math.ceil(from)),
      height,
      drawn: drawn.join(""),
      beside: `<table class="figures">\n<thead><tr><th>Outcome</th><th class="n">Count</th><th class="n">Share</th></tr></thead>\n<tbody>\n${rows.join("")}</tbody>\n</table>\n`,
    },
    name,
  );
};
