/** The walk-through of closing a month, run as it stands in the docs. */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root, spark, temporaryFolder } from "./support.ts";
import { playedPage, printedBy } from "./transcript.ts";

const page = join(root, "docs/closing-march.md");
const { webhook_secret: secret } = JSON.parse(readFileSync(spark("expected.json"), "utf8"));
const isWriting = process.env["TALLYSTICK_WRITE"] === "1";

it("closing March prints what the page shows", async () => {
  const place = await temporaryFolder();
  const folders = [
    [
      /^(?:api-objects|webhooks)\.jsonl$|^2026\w+Recon[\w-]+\.csv$/,
      join(root, "examples/bright-spark"),
    ],
    [/^[\w./-]+\.(?:jsonl|journal)$/, place],
  ] as const;
  let steps = 0;
  const played = await playedPage(await readFile(page, "utf8"), (step) => {
    steps += 1;
    return printedBy({ ...step, command: step.command.replace("SECRET", secret) }, folders);
  });
  expect(steps).toBeGreaterThan(5);
  if (isWriting) await writeFile(page, played);
});
