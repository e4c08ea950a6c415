/** The path behind the colon of a store's URL. */
import { fileURLToPath } from "node:url";
import { usage } from "../cli-error.ts";

/** `file:///data/book.jsonl` is understood too, as other programs write it. */
export const pathOfUrl = (scheme: string, rest: string, example: string): string => {
  if (rest === "") throw usage(`--store ${scheme}: needs a path, such as ${scheme}:${example}`);
  if (!rest.startsWith("//")) return rest;
  try {
    return fileURLToPath(`file:${rest}`);
  } catch (error) {
    throw usage(
      `${scheme}:${rest} is no path on this machine: ${String(error)}; write ${scheme}:PATH`,
    );
  }
};
