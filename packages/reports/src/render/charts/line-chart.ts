/**
 * A sum over time as SVG: a line with steps, since nothing changes between two days that are named,
 * and a table of its figures beside it.
 */
import type { CalendarDate } from "@tallystick/core";
import { escaped } from "../escaped.ts";
import type { DayPoint, LineChart } from "./chart.ts";
import { figure } from "./figure.ts";

const [width, height, top, bottom, right] = [720, 260, 12, 28, 40];
const characterWidth = 8;

const dayNumber = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
const dateOfDay = (day: number): CalendarDate =>
  new Date(day * 86_400_000).toISOString().slice(0, 10);

const linesMax = 5;

/** 1, 2 or 5 times a power of ten, so that at most five lines span the values. */
const stepOver = (span: number): number => {
  const power = 10 ** Math.floor(Math.log10(span / linesMax));
  return power * ([1, 2, 5].find((factor) => span / (power * factor) <= linesMax) ?? 10);
};

/** Values of the lines across, from the first one below all to the first one above. */
const linesOver = (values: readonly number[]): readonly number[] => {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = Math.max(1, stepOver(Math.max(1, most - least)));
  const [first, last] = [Math.floor(least / step), Math.ceil(most / step)];
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
};

const datesMax = 5;

/** Days that are named below, evenly from the first to the last. */
const daysNamed = (first: number, last: number): readonly number[] => {
  const count = Math.min(datesMax, last - first + 1);
  return Array.from({ length: count }, (_, at) =>
    Math.round(first + ((last - first) * at) / (count - 1)),
  );
};

const daysMax = 31;
const monthsMax = 24;

/** The figures beside the line: each day, or what each month ended with where these are too many. */
const figuresOf = (points: readonly DayPoint[]): string => {
  const months = new Map(points.map((point) => [point.date.slice(0, 7), point]));
  const shown =
    points.length <= daysMax
      ? points.map((point) => [point.date, point.text] as const)
      : [...months].slice(-monthsMax).map(([month, { text }]) => [month, text] as const);
  const rows = shown.map(
    ([day, text]) => `<tr><td>${day}</td><td class="n">${escaped(text)}</td></tr>\n`,
  );
  const head = points.length <= daysMax ? "Day" : "End of";
  return `<table class="figures">\n<thead><tr><th>${head}</th><th class="n">Sum</th></tr></thead>\n<tbody>\n${rows.join("")}</tbody>\n</table>\n`;
};

export const lineChart = ({ title, points, textOf }: LineChart, name: string): string => {
  const lines = linesOver(points.map(({ value }) => value));
  const left = Math.ceil(
    8 + characterWidth * Math.max(...lines.map((value) => textOf(value).length)),
  );
  const [firstDay, lastDay] = [points[0], points.at(-1)].map((point) =>
    dayNumber(point?.date ?? "1970-01-01"),
  ) as [number, number];
  const [low, high] = [lines[0] ?? 0, lines.at(-1) ?? 1];
  const x = (day: number): number =>
    Math.round(left + ((day - firstDay) / (lastDay - firstDay)) * (width - left - right));
  const y = (value: number): number =>
    Math.round(top + ((high - value) / Math.max(1, high - low)) * (height - top - bottom));

  const across = lines.map(
    (value) =>
      `<line${value === 0 ? ' class="zero"' : ""} x1="${left}" y1="${y(value)}" x2="${width - right}" y2="${y(value)}"/>` +
      `<text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${escaped(textOf(value))}</text>\n`,
  );
  const days = daysNamed(firstDay, lastDay).map(
    (day) =>
      `<text x="${x(day)}" y="${height - 6}" text-anchor="middle">${dateOfDay(day)}</text>\n`,
  );
  const [first, ...others] = points;
  const path = [
    `M${x(firstDay)} ${y(first?.value ?? 0)}`,
    ...others.map(({ date, value }) => `H${x(dayNumber(date))}V${y(value)}`),
  ].join("");
  const last = points.at(-1);
  return figure(
    {
      title,
      told: `From ${first?.text} on ${first?.date} to ${last?.text} on ${last?.date}; the table beside it has the figures.`,
      width,
      height,
      drawn: `${across.join("")}${days.join("")}<path d="${path}"/>\n<circle cx="${x(lastDay)}" cy="${y(last?.value ?? 0)}" r="4"/>\n`,
      beside: figuresOf(points),
    },
    name,
  );
};
