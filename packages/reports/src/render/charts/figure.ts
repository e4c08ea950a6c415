/** The frame of every chart: its title above it, and the same in words for whoever does not see it. */
import { escaped } from "../escaped.ts";

export interface Drawing {
  readonly title: string;
  /** Everything that the drawing shows, in words. */
  readonly told: string;
  readonly width: number;
  readonly height: number;
  /** SVG. Colours come from the style of the page. */
  readonly drawn: string;
  /** What stands beside the drawing, as HTML. */
  readonly beside?: string;
}

/** `name` is the chart's own on its page. */
export const figure = (
  { title, told, width, height, drawn, beside = "" }: Drawing,
  name: string,
): string =>
  `<figure>\n<figcaption>${escaped(title)}</figcaption>\n<div class="beside">\n` +
  `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${name} ${name}-told">\n` +
  `<title id="${name}">${escaped(title)}</title>\n<desc id="${name}-told">${escaped(told)}</desc>\n` +
  `${drawn}</svg>\n${beside}</div>\n</figure>\n`;
