/**
 * Command lines with what they print, as an accountant can review them: `$ tallystick …`, then the
 * output, then `[exit N]` where the exit code is not 0. A line `…` stands for any number of lines, and
 * `…` within a line for any part of it.
 */
import { join } from "node:path";
import { expect } from "vitest";
import { tallystick } from "./support.ts";

export interface Step {
  readonly command: string;
  readonly expected: string;
}

const prompt = "$ tallystick ";

/** The steps in a text; a command goes on where its line ends in a backslash. */
export const stepsIn = (text: string): Step[] => {
  const steps: { command: string; expected: string }[] = [];
  let continued = false;
  for (const line of text.split("\n")) {
    const last = steps.at(-1);
    if (continued && last !== undefined) last.command += ` ${line.trim()}`;
    else if (line.startsWith(prompt))
      steps.push({ command: line.slice(prompt.length), expected: "" });
    else if (last !== undefined) last.expected += `${line}\n`;
    continued = (continued || line.startsWith(prompt)) && line.endsWith("\\");
    const current = steps.at(-1);
    if (continued && current !== undefined) current.command = current.command.replace(/ *\\$/, "");
  }
  return steps.map(({ command, expected }) => ({ command, expected: expected.trimEnd() }));
};

/** Paths of a transcript are relative: `book.jsonl`, `file:book.jsonl`, `out/`. */
const placed = (word: string, folders: readonly (readonly [RegExp, string])[]): string => {
  const [, scheme = "", path = ""] = /^((?:file|sqlite):)?(.*)$/.exec(word) ?? [];
  const [, folder] = folders.find(([pattern]) => pattern.test(path)) ?? [];
  return folder === undefined ? word : `${scheme}${join(folder, path)}`;
};

/** What a step prints when it is run, with its exit code behind it. */
export const printedBy = async (
  { command }: Pick<Step, "command">,
  folders: readonly (readonly [RegExp, string])[],
): Promise<string> => {
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  const argv = words.map((word) => placed(word.replaceAll('"', ""), folders));
  const { code, stdout, stderr } = await tallystick(argv);
  const printed = `${stderr}${stdout}`.replaceAll("\r\n", "\n").trimEnd();
  const plain = folders
    .reduce((text, [, folder]) => text.replaceAll(`${folder}/`, ""), printed)
    // Drawn anew in every run.
    .replace(/\bevt_[0-9A-Za-z]{21}\b/g, "evt_…");
  return code === 0 ? plain : `${plain}\n[exit ${code}]`.trim();
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Every line, but for those that `…` stands for. */
export const expectPrinted = (printed: string, { command, expected }: Step): void => {
  const pattern = expected
    .split("\n")
    .map((line) =>
      line.trim() === "…" ? "(?:.*\n)*?" : `${literally(line).replaceAll("…", ".*")}\n`,
    )
    .join("");
  if (!new RegExp(`^${pattern}$`).test(`${printed}\n`)) expect(printed, command).toBe(expected);
};
