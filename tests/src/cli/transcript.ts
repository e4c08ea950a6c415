/**
 * Command lines with what they print, as an accountant can review them: `$ tallystick …`, then the
 * output, then `[exit N]` where the exit code is not 0. A line `…` stands for any number of lines, and
 * `…` within a line for any part of it. A line `# 2026-04-05T09:00:00Z` sets the clock from there on,
 * which stands at the beginning of April 2026 before.
 */
import { join } from "node:path";
import { expect } from "vitest";
import { hostAt, tallystick } from "./support.ts";

export interface Step {
  /** 1 for the first of its page; the ids that it draws depend on nothing else. */
  readonly number: number;
  /** What the clock says, where it is set. */
  readonly at: string | undefined;
  readonly command: string;
  readonly expected: string;
}

const prompt = "$ tallystick ";
const clock = /^# (\d{4}-\d{2}-\d{2}T[\d:]+Z)$/;

/** The steps in a text; a command goes on where its line ends in a backslash. */
const stepsIn = (text: string): Omit<Step, "number">[] => {
  const steps: { at: string | undefined; command: string; expected: string }[] = [];
  let continued = false;
  let at: string | undefined;
  for (const line of text.split("\n")) {
    const last = steps.at(-1);
    const [, instant] = clock.exec(line) ?? [];
    if (instant !== undefined) at = instant;
    else if (continued && last !== undefined) last.command += ` ${line.trim()}`;
    else if (line.startsWith(prompt))
      steps.push({ at, command: line.slice(prompt.length), expected: "" });
    else if (last !== undefined) last.expected += `${line}\n`;
    continued = (continued || line.startsWith(prompt)) && line.endsWith("\\");
    const current = steps.at(-1);
    if (continued && current !== undefined) current.command = current.command.replace(/ *\\$/, "");
  }
  return steps.map((step) => ({ ...step, expected: step.expected.trimEnd() }));
};

/** Paths of a transcript are relative: `book.jsonl`, `file:book.jsonl`, `out/`. */
const placed = (word: string, folders: readonly (readonly [RegExp, string])[]): string => {
  const [, scheme = "", path = ""] = /^((?:file|sqlite):)?(.*)$/.exec(word) ?? [];
  const [, folder] = folders.find(([pattern]) => pattern.test(path)) ?? [];
  return folder === undefined ? word : `${scheme}${join(folder, path)}`;
};

/** What a step prints when it is run, with its exit code behind it. */
export const printedBy = async (
  { number, at, command }: Omit<Step, "expected">,
  folders: readonly (readonly [RegExp, string])[],
): Promise<string> => {
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  const argv = words.map((word) => placed(word.replaceAll('"', ""), folders));
  const host = hostAt(`step ${number}`, at);
  const { code, stdout, stderr } = await tallystick(argv, { host });
  const printed = `${stderr}${stdout}`.replaceAll("\r\n", "\n").trimEnd();
  const plain = folders
    .reduce((text, [, folder]) => text.replaceAll(`${folder}/`, ""), printed)
    // Of no use to a reader.
    .replace(/\bevt_[0-9A-Za-z]{21}\b/g, "evt_…");
  return code === 0 ? plain : `${plain}\n[exit ${code}]`.trim();
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether it is what was expected, line by line, but for what `…` stands for. */
const isAsExpected = (printed: string, expected: string): boolean => {
  const pattern = expected
    .split("\n")
    .map((line) =>
      line.trim() === "…" ? "(?:.*\n)*?" : `${literally(line).replaceAll("…", ".*")}\n`,
    )
    .join("");
  return new RegExp(`^${pattern}$`).test(`${printed}\n`);
};

/**
 * A page whose `console` blocks are run step by step: each prints what stands there, or with
 * `TALLYSTICK_WRITE=1` the page is given back with what is printed now where that is different.
 */
export const playedPage = async (
  page: string,
  print: (step: Step) => Promise<string>,
): Promise<string> => {
  const isWriting = process.env["TALLYSTICK_WRITE"] === "1";
  let text = page;
  let clock: string | undefined;
  let number = 0;
  for (const [, block = ""] of page.matchAll(/```console\n([\s\S]*?)```/g)) {
    const written: string[] = [];
    for (const read of stepsIn(block)) {
      number += 1;
      const step = { ...read, number, at: read.at ?? clock };
      const { at } = step;
      const printed = await print(step);
      const holds = isAsExpected(printed, step.expected);
      if (!holds && !isWriting) expect(printed, step.command).toBe(step.expected);
      const shown = holds ? step.expected : printed;
      const comment = at === undefined || at === clock ? "" : `# ${at}\n`;
      clock = at;
      written.push(`${comment}${prompt}${step.command}\n${shown === "" ? "" : `${shown}\n`}`);
    }
    if (isWriting) text = text.replace(block, () => written.join("\n"));
  }
  return text;
};
