#!/usr/bin/env node
/**
 * The command line of Tallystick: arguments in, an exit code out. Importing this file runs nothing;
 * what the commands are made of is exported too, for programs that want the work without the words.
 */
import { isProgram } from "./is-program.ts";
import { processIo } from "./process-io.ts";
import { run } from "./run.ts";

export { CliError, type CliErrorCode } from "./cli-error.ts";
export { exitCodes } from "./exit-codes.ts";
export { framed } from "./framed.ts";
export { type CsvRow, csvRows } from "./input/csv-rows.ts";
export { type InputFile, type InputLine, openInput } from "./input/input-file.ts";
export type { BadLine } from "./input/json-line.ts";
export { type Colors, colorsFor, type Io, type Output } from "./io.ts";
export { type MirrorOptions, type MirrorReport, mirrorFile } from "./mirror-file.ts";
export { processIo } from "./process-io.ts";
export { type Progress, startProgress } from "./progress.ts";
export { type ReceiveOptions, type ReceiveReport, receiveFile } from "./receive-file.ts";
export { reportError } from "./report-error.ts";
export { writtenBook } from "./stores/choose-book.ts";
export type { OpenedStore, StoreOpening, StoreUse } from "./stores/store-scheme.ts";
export { openStore } from "./stores/store-url.ts";
export { isProgram, run };

if (isProgram(import.meta.url)) process.exitCode = await run(process.argv.slice(2), processIo());
