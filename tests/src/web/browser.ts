/**
 * A headless Chromium, if the machine has one: `CHROMIUM_BIN`, or what the distribution installs.
 * Where there is none, `chromium` is undefined and the reason has been printed.
 */
import { existsSync } from "node:fs";
import axe, { type AxeResults } from "axe-core";
import { type Browser, chromium as engine, type Page } from "playwright-core";

const places = [
  process.env["CHROMIUM_BIN"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export const chromium = places.find(
  (path): path is string => path !== undefined && existsSync(path),
);
if (chromium === undefined)
  console.warn(
    "SKIPPED: the pages were not tried, no Chromium here (apt-get install chromium, or set CHROMIUM_BIN)",
  );

export const launch = (): Promise<Browser> =>
  engine.launch({
    executablePath: chromium ?? "",
    args: ["--no-sandbox", "--disable-background-networking"],
  });

/** What an automated check finds against WCAG 2.2 AA, one line each; empty is what we want. */
export const accessibilityFaults = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ${JSON.stringify(tags)} })`,
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${String(target)} ${failureSummary}`).join("; ")}`,
  );
};

/** Wider than the screen: something sticks out. */
export const sticksOut = (page: Page): Promise<boolean> =>
  page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
