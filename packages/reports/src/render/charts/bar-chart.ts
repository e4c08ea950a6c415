/** Horizontal bars as SVG, with their values written out; those below 0 go the other way. */
import { escaped } from "../escaped.ts";
import type { BarChart } from "./chart.ts";
import { figure } from "./figure.ts";

const [width, labelWidth, valueWidth, rowHeight, barHeight] = [720, 150, 190, 26, 16];

/** Labels that are longer than their room are cut; the table below has them whole. */
const labelMax = 20;
const short = (label: string): string => {
  const characters = Array.from(label);
  return characters.length > labelMax ? `${characters.slice(0, labelMax - 1).join("")}…` : label;
};

export const barChart = ({ title, bars }: BarChart, name: string): string => {
  const values = bars.map(({ value }) => value);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = width - labelWidth - valueWidth;
  const scale = room / Math.max(1, most - least);
  const zero = labelWidth + Math.round(-least * scale);
  const drawn = bars.map(({ label, value, text }, at) => {
    const y = at * rowHeight;
    const length = Math.round(Math.abs(value) * scale);
    const from = value < 0 ? zero - length : zero;
    const end = value < 0 ? zero : zero + length;
    const middle = y + barHeight - 3;
    return (
      `<text x="${labelWidth - 8}" y="${middle}" text-anchor="end">${escaped(short(label))}</text>` +
      `<rect x="${from}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>` +
      `<text x="${end + 8}" y="${middle}">${escaped(text)}</text>\n`
    );
  });
  const height = bars.length * rowHeight;
  return figure(
    {
      title,
      told: bars.map(({ label, text }) => `${label}: ${text}`).join("; "),
      width,
      height,
      drawn: `${drawn.join("")}<line x1="${zero}" y1="0" x2="${zero}" y2="${height}"/>\n`,
    },
    name,
  );
};
