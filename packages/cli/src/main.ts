#!/usr/bin/env node
/**
 * The command line of Tallystick: arguments in, an exit code out. Importing this file runs nothing;
 * what the commands are made of is exported too, for programs that want the work without the words.
 */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { processIo } from "./process-io.ts";
import { run } from "./run.ts";

export { CliError, type CliErrorCode } from "./cli-error.ts";
export { framed } from "./framed.ts";
export { type InputFile, type InputLine, openInput } from "./input/input-file.ts";
export type { BadLine } from "./input/json-line.ts";
export { type Colors, colorsFor, type Io, type Output } from "./io.ts";
export { type MirrorOptions, type MirrorReport, mirrorFile } from "./mirror-file.ts";
export { processIo } from "./process-io.ts";
export { type Progress, startProgress } from "./progress.ts";
export { type ReceiveOptions, type ReceiveReport, receiveFile } from "./receive-file.ts";
export { reportError } from "./report-error.ts";
export { run };

/** Whether this file is the program that Node was started with, be it through a link. */
const isStarted = (): boolean => {
  const [, started] = process.argv;
  if (started === undefined) return false;
  try {
    return realpathSync(started) === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
};

if (isStarted()) process.exitCode = await run(process.argv.slice(2), processIo());
