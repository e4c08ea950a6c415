/**
 * Writes fixtures of the storage format: `pnpm run stored v2` writes a book for each scenario into
 * `tests/stored/v2/`, `pnpm run stored v1/holds` that one. What was released is read for ever, so a
 * fixture that is there is never replaced: the tool refuses, and writes nothing.
 */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportBook } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import { type ErrorCode, errorCatalogue, openLedger } from "@tallystick/core";
import type { Expected } from "./fixtures.ts";
import { answerTo, figuresOf } from "./replay.ts";
import { type Call, scenarios } from "./scenarios.ts";

const stored = fileURLToPath(new URL("../../stored/", import.meta.url));

/** A refusal is part of a book; anything else that a call comes to is a mistake in the scenario. */
const isFault = (answer: string): boolean =>
  answer in errorCatalogue && errorCatalogue[answer as ErrorCode].kind !== "refusal";

const write = async (path: string, theme: string, calls: readonly Call[]): Promise<void> => {
  const host = seededHost({ seed: `stored ${theme}` });
  const store = memoryStore({ host });
  const ledger = openLedger({ store, book: theme });
  const sent: Expected["sent"][number][] = [];
  for (const call of calls) {
    host.clock.advance(61_001);
    const answer = await answerTo(ledger, call);
    if (isFault(answer)) throw new Error(`${theme}: ${call[0]} came to ${answer}`);
    sent.push({ call, answer });
  }
  await exportBook(store, theme, path);
  const { commit, position, hash } = (await ledger.head()) ?? { commit: 0, position: 0, hash: "" };
  const expected: Expected = {
    book: theme,
    head: { commit, position, hash },
    ...(await figuresOf(ledger)),
    sent,
  };
  await writeFile(
    path.replace(/jsonl$/, "expected.json"),
    `${JSON.stringify(expected, null, 2)}\n`,
    {
      flag: "wx",
    },
  );
};

const [argument = ""] = process.argv.slice(2);
const [, folder, theme] = /^(v[1-9]\d*)(?:\/([a-z-]+))?$/.exec(argument) ?? [];
const chosen = Object.entries(scenarios)
  .filter(([name]) => theme === undefined || name === theme)
  .map(([name, calls]) => ({ name, calls, path: join(stored, folder ?? "", `${name}.jsonl`) }));
const standing = chosen.filter(({ path }) => existsSync(path));
if (folder === undefined || chosen.length === 0) {
  process.stderr.write(
    `usage: pnpm run stored v1/THEME, or v2 for all themes: ${Object.keys(scenarios).join(", ")}\n`,
  );
  process.exitCode = 2;
} else if (standing.length > 0) {
  process.stderr.write(
    `${standing.map(({ path }) => path).join(", ")}: there already, and read for ever; nothing was written. Choose the next version or another theme.\n`,
  );
  process.exitCode = 1;
} else {
  await mkdir(join(stored, folder), { recursive: true });
  for (const { path, name, calls } of chosen)
    try {
      await write(path, name, calls);
    } catch (error) {
      // Half a fixture is none: its book goes with what failed to be written beside it.
      await rm(path, { force: true });
      throw error;
    }
}
