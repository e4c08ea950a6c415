/** The same input gives the same bytes on every machine: its time zone and its language are of no account. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { spawned } from "./support.ts";

const everyReport = async (env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-everywhere-"));
  try {
    const child = "tests/src/cli/every-report-child.ts";
    const { code, stdout, stderr } = await spawned(child, [folder], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.trimEnd().split("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe("every report in every form, the book, and the help", () => {
  let lines: readonly string[] = [];
  beforeAll(async () => {
    lines = await everyReport({ TZ: "UTC", LANG: "C", LC_ALL: "C" });
  });

  it("is printed, by commands that end as they should", () => {
    expect(lines.length).toBeGreaterThan(45);
    // Bad rows of the billing file, and what a reconciliation finds open; everything else is fine.
    const found = lines.filter((line) => !line.includes("  0  ") && !line.endsWith("the book"));
    expect(found).toHaveLength(5);
    for (const line of found) expect(line).toMatch(/ {2}1 {2}(?:import-bills|reconcile) /);
  });

  it.for([
    // Fourteen hours ahead: a Turkish machine, where a small i has another capital.
    ["Pacific/Kiritimati", "tr_TR.UTF-8"],
    // Behind by an odd half hour: commas for points, points for groups.
    ["America/St_Johns", "de_DE.UTF-8"],
    // Digits of its own, written from the right.
    ["Asia/Kathmandu", "ar_EG.UTF-8"],
    ["Antarctica/Troll", "hi_IN.UTF-8"],
  ] as const)("is the same to the byte in %s with %s", async ([zone, locale]) => {
    expect(await everyReport({ TZ: zone, LANG: locale, LC_ALL: locale })).toEqual(lines);
  });
});
