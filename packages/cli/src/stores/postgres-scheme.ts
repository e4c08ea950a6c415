/**
 * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`: any number of books in a PostgreSQL database, for many
 * processes and machines. The password never appears in what is printed.
 */
import {
  openOrMake,
  type PostgresUrl,
  postgresStore,
  readPostgresUrl,
} from "@tallystick/adapters/postgres";
import { isLedgerError, type Store } from "@tallystick/core";
import { usage } from "../cli-error.ts";
import type { OpenedStore, StoreOpening, StoreScheme } from "./store-scheme.ts";

/** The parts of a URL, or a usage error that does not repeat it. */
export const postgresUrlOf = (text: string): PostgresUrl => {
  try {
    return readPostgresUrl(text);
  } catch (error) {
    if (!isLedgerError(error, "INVALID_INPUT")) throw error;
    throw usage(
      "--store postgres: needs a URL such as postgres://user:password@host:5432/database",
    );
  }
};

/** Opens the store; what writes makes the tables where there are none at all. */
const opened = (rest: string, { use, host }: StoreOpening): Promise<Store> => {
  const text = `postgres:${rest}`;
  const { url, options } = postgresUrlOf(text);
  return use === "create" ? openOrMake(text, { host }) : postgresStore(url, { ...options, host });
};

const openPostgres = async (rest: string, opening: StoreOpening): Promise<OpenedStore> => ({
  store: await opened(rest, opening),
  // A delivery that cannot be read is kept on the machine that received it.
  deadLettersPath: (book) => `${encodeURIComponent(book)}.dead-letters.jsonl`,
  tornBytes: async () => 0,
});

export const postgresScheme: StoreScheme = {
  form: "postgres://USER:PASSWORD@HOST/DATABASE",
  open: openPostgres,
};
