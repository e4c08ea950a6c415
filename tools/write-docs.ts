/**
 * Writes `docs/errors.md`, `docs/events.md` and the manual pages of the command line from the code that
 * they describe. With `--check` it writes nothing and exits 1 if a page is stale.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type ErrorCode, type EventType, errorCatalogue, eventCatalogue } from "@tallystick/core";
import { z } from "zod";
import { manualPages } from "./manual-pages.ts";

const root = new URL("../", import.meta.url);

const retryWords = {
  no: "The same call fails again until something else changes.",
  safe: "Nothing was written; the same call may succeed later.",
  "with-key":
    "Not known whether it was written: repeat it with the same idempotency key or payment id.",
  "read-first":
    "Not known whether it was written, and a repetition may undo what came in between: read first.",
} as const;

const kindWords = {
  input: "What was handed in cannot be read",
  refusal: "The business says no; nothing is written",
  failure: "The world got in the way",
} as const;

const errorsPage = (): string => {
  const codes = Object.entries(errorCatalogue) as [ErrorCode, (typeof errorCatalogue)[ErrorCode]][];
  const section = (kind: keyof typeof kindWords): string => {
    const rows = codes
      .filter(([, entry]) => entry.kind === kind)
      .map(([code, { retry, means }]) => `| \`${code}\` | ${retry} | ${means} |`);
    return [
      `## ${kindWords[kind]}`,
      "",
      "| code | retry | meaning |",
      "|---|---|---|",
      ...rows,
      "",
    ].join("\n");
  };
  return [
    "# Errors",
    "",
    "Everything that the ledger, its stores, the command line and the client of the Moment API refuse or fail with is a",
    "`LedgerError`: a stable `code`, a `message` for a person, the facts in `detail`, and `retry`. A code keeps its",
    "meaning within a major version; a message may improve. Recognise an error with `isLedgerError(error, code)`.",
    "",
    "| retry | means |",
    "|---|---|",
    ...Object.entries(retryWords).map(([retry, words]) => `| ${retry} | ${words} |`),
    "",
    "When several refusals of a payment apply, the first in the order of spec 4 is reported: voided, not payable,",
    "currency, above the maximum, below the minimum, underpayment, overpayment.",
    "",
    section("input"),
    section("refusal"),
    section("failure"),
    "_Written from `packages/core/src/kernel/errors.ts` by `pnpm run docs`._",
    "",
  ].join("\n");
};

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const shape = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(shape).join(" or ");
  if (schema.type === "array") return `list of ${shape(schema.items ?? {})}`;
  if (schema.properties !== undefined)
    return `{ ${Object.entries(schema.properties)
      .map(
        ([name, member]) =>
          `${name}${schema.required?.includes(name) === true ? "" : "?"}: ${shape(member)}`,
      )
      .join(", ")} }`;
  return schema.type ?? "any";
};

const eventsPage = (): string => {
  const sections = (Object.keys(eventCatalogue) as EventType[]).map((type) => {
    const { version, means, data } = eventCatalogue[type];
    const schema = z.toJSONSchema(data, { unrepresentable: "any", io: "output" }) as JsonSchema;
    const rows = Object.entries(schema.properties ?? {}).map(
      ([name, member]) =>
        `| \`${name}\`${schema.required?.includes(name) === true ? "" : "?"} | ${shape(member).replaceAll("|", "\\|")} |`,
    );
    return [
      `## \`${type}\``,
      "",
      `Schema version ${version}. ${means}`,
      "",
      "| data | |",
      "|---|---|",
      ...rows,
      "",
    ].join("\n");
  });
  return [
    "# Events",
    "",
    "What a book holds, for ever. Amounts are whole minor units of the `currency` beside them. Every obligation",
    "event says what it is about (`amount`), by how much it changes what is owed (`effect`, signed) and what is owed",
    "after it (`balanceAfter`, absent while no balance is tracked): Σ `effect` per obligation and currency is the",
    "balance. A `?` marks what may be absent.",
    "",
    "Around the data stands the envelope: `id`, `type`, `schemaVersion`, `streamId`, `revision` (from 1 in its stream),",
    "`position` (from 1 in its book, without gaps), `recordedAt` (never backwards), `effectiveAt` (when it was true),",
    "`correlationId?`, `causationId?`, `actor?`, `idempotencyKey?`, and `personal?`: name, e-mail, phone and metadata,",
    "kept apart from the data with a random salt, so that they can be erased without breaking the chain.",
    "",
    ...sections,
    "_Written from `packages/core/src/domain/events.ts` by `pnpm run docs`._",
    "",
  ].join("\n");
};

const pages = {
  "docs/errors.md": errorsPage(),
  "docs/events.md": eventsPage(),
  ...manualPages(),
};
const check = process.argv.includes("--check");
for (const [name, text] of Object.entries(pages)) {
  const path = new URL(name, root);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  if (check) {
    process.stderr.write(`${name} is stale: run \`pnpm run docs\`\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    process.stdout.write(`${name} written\n`);
  }
}
