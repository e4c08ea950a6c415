/** What the commands are made of, for programs that want the work without the words. */
export { CliError, type CliErrorCode, usage } from "./cli-error.ts";
export { exitCodes } from "./exit-codes.ts";
export { framed } from "./framed.ts";
export { type CsvRow, csvRows } from "./input/csv-rows.ts";
export { type InputFile, type InputLine, openInput } from "./input/input-file.ts";
export type { BadLine } from "./input/json-line.ts";
export { type Colors, colorsFor, type Io, type Output } from "./io.ts";
export { isProgram } from "./is-program.ts";
export { type MirrorOptions, type MirrorReport, mirrorFile } from "./mirror-file.ts";
export { processIo } from "./process-io.ts";
export { type Progress, startProgress } from "./progress.ts";
export { type ReceiveOptions, type ReceiveReport, receiveFile } from "./receive-file.ts";
export { reportError } from "./report-error.ts";
export { run } from "./run.ts";
export { writtenBook } from "./stores/choose-book.ts";
export type { OpenedStore, StoreOpening, StoreUse } from "./stores/store-scheme.ts";
export { openStore } from "./stores/store-url.ts";
export { unlistenable } from "./unlistenable.ts";
