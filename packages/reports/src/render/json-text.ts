/**
 * A report as JSON for machines: the API's snake_case, amounts in minor units. Sums that pass 2^53
 * are texts of digits, because most readers of JSON would round them.
 *
 * Each item of a list that stands directly in the report has a line of its own, so that the text can
 * be searched and compared line by line, and no text ever has to hold a whole large report.
 */
import { toSnakeCase } from "@tallystick/core";

const exact = (_key: string, value: unknown): unknown => {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
};

const compact = (value: unknown): string => JSON.stringify(toSnakeCase(value), exact);

/** Pieces of the JSON text of an object, in order; the last one ends in a newline. */
export function* jsonText(report: object): Generator<string, void, undefined> {
  let lead = "{";
  for (const [name, member] of Object.entries(report)) {
    if (member === undefined) continue;
    // The mapper renames members, so the name goes through it as one.
    const [key = ""] = Object.keys(toSnakeCase({ [name]: null }) as object);
    yield `${lead}${JSON.stringify(key)}:`;
    lead = ",";
    if (!Array.isArray(member)) {
      yield compact(member);
      continue;
    }
    let begin = "[\n";
    for (const item of member) {
      yield begin + compact(item);
      begin = ",\n";
    }
    yield begin === "[\n" ? "[]" : "\n]";
  }
  yield lead === "{" ? "{}\n" : "}\n";
}
