/** Horizontal bars as SVG, with their values written out. Colours come from the page's style. */
import type { Chart } from "./chart.ts";
import { escaped } from "./escaped.ts";

const [width, labelWidth, valueWidth, rowHeight, barHeight] = [720, 150, 150, 26, 16];

/** Labels that are longer than their room are cut; the table below has them whole. */
const labelMax = 20;
const short = (label: string): string =>
  label.length > labelMax ? `${label.slice(0, labelMax - 1)}…` : label;

export const barChart = ({ title, bars }: Chart): string => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = width - labelWidth - valueWidth;
  const drawn = bars.map(({ label, value, text }, at) => {
    const y = at * rowHeight;
    const length = Math.round((Math.max(0, value) / most) * room);
    const middle = y + barHeight - 3;
    return (
      `<text x="${labelWidth - 8}" y="${middle}" text-anchor="end">${escaped(short(label))}</text>` +
      `<rect x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>` +
      `<text x="${labelWidth + length + 8}" y="${middle}">${escaped(text)}</text>\n`
    );
  });
  const height = bars.length * rowHeight;
  const axis = `<line x1="${labelWidth}" y1="0" x2="${labelWidth}" y2="${height}"/>`;
  const told = bars.map(({ label, text }) => `${label}: ${text}`).join("; ");
  return (
    `<figure>\n<figcaption>${escaped(title)}</figcaption>\n` +
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(told)}">\n` +
    `${drawn.join("")}${axis}\n</svg>\n</figure>\n`
  );
};
