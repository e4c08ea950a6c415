/**
 * `--store URL`: which store is meant, and opening it. A further kind of store is a scheme of its
 * own, entered here.
 */
import { usage } from "../cli-error.ts";
import { fileScheme } from "./file-scheme.ts";
import { postgresScheme } from "./postgres-scheme.ts";
import { sqliteScheme } from "./sqlite-scheme.ts";
import type { OpenedStore, StoreOpening, StoreScheme } from "./store-scheme.ts";

const schemes: ReadonlyMap<string, StoreScheme> = new Map([
  ["file", fileScheme],
  ["sqlite", sqliteScheme],
  ["postgres", postgresScheme],
  ["postgresql", postgresScheme],
]);

const known = [...new Set(schemes.values())].map(({ form }) => form).join(", ");

/** The store as it may be printed: of a server without user, password and parameters. */
export const shownUrl = (url: string): string =>
  url.replace(/^(postgres(?:ql)?:\/\/)(?:[^/?#]*@)?([^?#]*).*$/is, "$1$2");

/** Two letters at least, so that `C:\book.jsonl` is a path and not a scheme. */
const pattern = /^([a-z][a-z0-9+.-]+):(.*)$/is;

/** Throws a usage error that names the schemes that there are. */
export const openStore = async (url: string, opening: StoreOpening): Promise<OpenedStore> => {
  const [, name, rest] = pattern.exec(url) ?? [];
  if (name === undefined || rest === undefined)
    throw usage(
      `--store ${url} does not say what kind of store it is; write file:${url} for a file`,
      {
        store: url,
        known: [...schemes.keys()],
      },
    );
  const scheme = schemes.get(name.toLowerCase());
  if (scheme === undefined)
    throw usage(`there are no ${name}: stores in this version; there is ${known}`, {
      scheme: name,
      known: [...schemes.keys()],
    });
  return scheme.open(rest, opening);
};
