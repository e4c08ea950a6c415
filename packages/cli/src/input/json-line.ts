/** One line of JSON Lines, read so that no line, however odd, stops the ones around it. */
import { type InputLine, lineTooLong } from "./input-file.ts";

/** What was wrong with a line. */
export interface BadLine {
  /** 1 for the first line of the file. */
  readonly line: number;
  readonly message: string;
}

export type JsonLine =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** Deeper than anything that the API sends. Whatever walks a value recursively is safe below it. */
const depthMax = 32;

const isWithin = (value: unknown, depth: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (depth > 0 && Object.values(value).every((member) => isWithin(member, depth - 1)));

const bad = (message: string): JsonLine => ({ ok: false, message });

/** The object in a line, or what is wrong with it. */
export const parseJsonLine = ({ text }: InputLine): JsonLine => {
  if (text === undefined) return bad(lineTooLong);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return bad("is not a JSON object");
  if (!isWithin(value, depthMax)) return bad(`is nested more than ${depthMax} levels deep`);
  return { ok: true, value: value as Readonly<Record<string, unknown>> };
};
