/**
 * A program that makes a book of the inputs of golden cases, prints every report of it in every
 * form, and tells the hash of each. Nothing of it depends on the machine: its clock, its ids.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededHost } from "@tallystick/adapters/host";
import { run } from "@tallystick/cli";

const [folder = ""] = process.argv.slice(2);
const golden = fileURLToPath(new URL("../../golden/", import.meta.url));
const book = join(folder, "book.jsonl");
const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

const hash = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

let runs = 0;
/** What a command line prints, with its exit code. */
const printed = async (argv: readonly string[]): Promise<string> => {
  runs += 1;
  let text = "";
  const output = { write: (piece: string) => (text += piece) };
  const code = await run([...argv, "--store", `file:${book}`], {
    host: seededHost({ seed: `run ${runs}`, now: Date.UTC(2026, 3, 1) }),
    stdout: output,
    stderr: output,
  });
  return `${code}\n${text}`;
};

const making = [
  `mirror ${golden}one-customer/objects.jsonl --effective 2026-03-01T00:00:00Z`,
  `receive ${golden}suspense-and-match/webhooks.jsonl --secret ${secret}`,
  `import-bills ${golden}billing-file/za_brightspark_dailyfile_2026-03-04.csv`,
  "payment record pay_late --to CUST-A --amount 1 --currency ZAR --effective 2026-03-28T23:59:59Z",
];
const days = "--from 2026-03-01 --to 2026-03-31";
const reports = [
  "balances",
  `statement --customer CUST-A ${days}`,
  "ageing --effective 2026-03-31",
  "trial-balance --effective 2026-03-31",
  "journal",
  "explain CUST-A",
  "history 400217",
  "suspense",
  `reconcile --external ${golden}reconciliation-file/recon.csv`,
];
const others = [
  "journal --format hledger",
  "journal --format beancount",
  `moment-report recon ${days}`,
  `moment-report settlement ${days}`,
  "verify",
  ...["ageing", "suspense match", "mock"].map((command) => `${command} --help`),
];

for (const line of [
  ...making,
  ...reports.flatMap((line) =>
    ["text", "json", "csv", "html"].map((form) => `${line} --format ${form}`),
  ),
  ...others,
]) {
  const text = await printed(line.split(" "));
  process.stdout.write(`${hash(text)}  ${text.split("\n")[0]}  ${line.replaceAll(golden, "")}\n`);
}
process.stdout.write(`${hash(readFileSync(book))}  the book\n`);
