/**
 * A file of objects that the Billing API answered, taken over into a book: one JSON object a line,
 * `object` naming its kind, in any order. Customers go first, then accounts, then bills, so that an
 * owner is there before what it owns.
 *
 * A line that cannot be taken is reported and stops no other. Running it again changes nothing.
 * Memory: the objects of the file.
 */
import {
  type EntityKind,
  errorCatalogue,
  isLedgerError,
  type Ledger,
  type MirrorInput,
  toCamelCase,
} from "@tallystick/core";
import { eachInFlight } from "./in-flight.ts";
import type { InputFile } from "./input/input-file.ts";
import { type BadLine, parseJsonLine } from "./input/json-line.ts";
import { messageOf } from "./report-error.ts";

export interface MirrorOptions {
  /** When the openings were true; default: now, and of a bill its date. Not in the future. */
  readonly effectiveAt?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how many lines are done. */
  readonly onProgress?: ((lines: number) => void) | undefined;
  /** Told what had been done, if anything, where the store failed, before its error is thrown. */
  readonly onBrokenOff?: ((report: MirrorReport) => void) | undefined;
}

export interface MirrorReport {
  /** Lines that are not empty: created, changed, unchanged and bad. */
  readonly objects: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Payments that lay in suspense for these objects and found their place. */
  readonly released: number;
  /** By line. */
  readonly bad: readonly BadLine[];
}

interface Line {
  readonly number: number;
  readonly input: MirrorInput;
}

/** All lines of one object, in order; nearly always one. */
type ObjectLines = [Line, ...Line[]];

const kinds: readonly EntityKind[] = ["customer", "account", "bill"];

/** The lines of a file by kind and object, and what cannot be an object. */
const readLines = async (
  file: InputFile,
): Promise<{
  objects: ReadonlyMap<EntityKind, Map<string, ObjectLines>>;
  bad: BadLine[];
  count: number;
}> => {
  const objects = new Map(kinds.map((kind) => [kind, new Map<string, ObjectLines>()]));
  const bad: BadLine[] = [];
  let count = 0;
  for await (const line of file.lines()) {
    count += 1;
    const read = parseJsonLine(line);
    const problem = read.ok ? misnamed(read.value) : read.message;
    if (!read.ok || problem !== undefined) {
      bad.push({ line: line.number, message: problem ?? "" });
      continue;
    }
    const { object, id } = read.value;
    const ofKind = objects.get(object as EntityKind);
    const one: Line = { number: line.number, input: toCamelCase(read.value) as MirrorInput };
    const known = ofKind?.get(String(id));
    if (known === undefined) ofKind?.set(String(id), [one]);
    else known.push(one);
  }
  return { objects, bad, count };
};

/** The mapper would take a camelCase member for its snake_case twin. */
const misnamed = (value: Readonly<Record<string, unknown>>): string | undefined => {
  const { object, payment_rules: rules } = value;
  if (object === undefined) return "object is required";
  if (!kinds.some((kind) => kind === object))
    return `object must be customer, account or bill, is ${JSON.stringify(object).slice(0, 60)}`;
  const names = Object.keys(value);
  if (typeof rules === "object" && rules !== null) names.push(...Object.keys(rules));
  const foreign = names.filter((name) => /[A-Z]/.test(name)).map((name) => name.slice(0, 60));
  return foreign.length === 0
    ? undefined
    : foreign.map((name) => `${name} is not known here`).join("; ");
};

/** What is wrong with a line; undefined where it is the store, and not the line, that failed. */
const lineProblem = (error: unknown): string | undefined => {
  if (!isLedgerError(error) || errorCatalogue[error.code].kind === "failure") return undefined;
  return error.code === "NOT_FOUND"
    ? `${error.message}, neither in this file nor in the ledger`
    : messageOf(error);
};

/** Throws only where the store fails; what is wrong with lines stands in the report. */
export const mirrorFile = async (
  ledger: Pick<Ledger, "mirror">,
  file: InputFile,
  { effectiveAt, signal, onProgress, onBrokenOff }: MirrorOptions = {},
): Promise<MirrorReport> => {
  const { objects, bad, count } = await readLines(file);
  const counts = { created: 0, changed: 0, unchanged: 0, released: 0 };
  let done = bad.length;
  const dated = effectiveAt === undefined ? {} : { effectiveAt };

  const mirrorLine = async ({ number, input }: Line): Promise<void> => {
    try {
      const { outcome, released } = await ledger.mirror(input, dated);
      counts[outcome] += 1;
      counts.released += released;
    } catch (error) {
      const message = lineProblem(error);
      if (message === undefined) throw error;
      bad.push({ line: number, message });
    }
    done += 1;
    onProgress?.(done);
  };

  /** Whether the last line of an object is the last one that was mirrored, so that all of them were. */
  const wasMirrored = async (lines: ObjectLines): Promise<boolean> => {
    const { input } = lines.at(-1) ?? lines[0];
    try {
      return (await ledger.mirror(input, { ...dated, dryRun: true })).outcome === "unchanged";
    } catch {
      // Whatever is wrong with it is met again when the line itself has its turn.
      return false;
    }
  };

  /** An object that has several lines goes through all its states, once. */
  const mirrorObject = async (lines: ObjectLines): Promise<void> => {
    if (lines.length > 1 && (await wasMirrored(lines))) {
      counts.unchanged += lines.length;
      done += lines.length;
      return;
    }
    for (const line of lines) await mirrorLine(line);
  };

  const report = (): MirrorReport => ({
    objects: count,
    ...counts,
    bad: bad.toSorted((a, b) => a.line - b.line),
  });
  try {
    for (const kind of kinds)
      await eachInFlight(objects.get(kind)?.values() ?? [], mirrorObject, signal);
  } catch (error) {
    if (counts.created + counts.changed + counts.unchanged > 0) onBrokenOff?.(report());
    throw error;
  }
  return report();
};
