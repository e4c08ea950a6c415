/** A chart as a figure of an HTML page. */
import { barChart } from "./bar-chart.ts";
import type { Chart } from "./chart.ts";
import { lineChart } from "./line-chart.ts";
import { shareChart } from "./share-chart.ts";

/** `name` is the chart's own on its page. */
export const chartHtml = (chart: Chart, name: string): string => {
  switch (chart.kind) {
    case "bars":
      return barChart(chart, name);
    case "line":
      return lineChart(chart, name);
    case "shares":
      return shareChart(chart, name);
  }
};
