/** The walk-through of closing a month, run as it stands in the docs. */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root, spark, temporaryFolder } from "./support.ts";
import { expectPrinted, printedBy, stepsIn } from "./transcript.ts";

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
  let text = await readFile(page, "utf8");
  const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  expect(blocks.length).toBeGreaterThan(5);
  for (const block of blocks) {
    let written = "";
    for (const step of stepsIn(block)) {
      const command = step.command.replace("SECRET", secret);
      const printed = await printedBy({ command }, folders);
      written += `$ tallystick ${step.command}\n${printed === "" ? "" : `${printed}\n`}`;
      if (!isWriting) expectPrinted(printed, step);
    }
    text = text.replace(block, written);
  }
  if (isWriting) await writeFile(page, text);
});
