/**
 * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`: any number of books in a PostgreSQL database, for many
 * processes and machines. `?schema=NAME` says in which schema; everything else is `pg`'s to understand,
 * `?sslmode=verify-full` among it. The password never appears in what is printed.
 */
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import { isLedgerError, type Store } from "@tallystick/core";
import { usage } from "../cli-error.ts";
import type { OpenedStore, StoreOpening, StoreScheme } from "./store-scheme.ts";

export interface PostgresUrl {
  /** As `pg` takes it. */
  readonly url: string;
  readonly options: { readonly schema?: string };
}

/** The parts of a URL, or a usage error that does not repeat it. */
export const readPostgresUrl = (text: string): PostgresUrl => {
  if (!/^postgres(ql)?:\/\//i.test(text) || !URL.canParse(text))
    throw usage(
      "--store postgres: needs a URL such as postgres://user:password@host:5432/database",
    );
  const url = new URL(text);
  const schema = url.searchParams.get("schema");
  url.searchParams.delete("schema");
  return { url: url.href, options: schema === null ? {} : { schema } };
};

/** Opens the store; what writes makes the tables where there are none at all. */
const opened = async (rest: string, { use, host }: StoreOpening): Promise<Store> => {
  const { url, options } = readPostgresUrl(`postgres:${rest}`);
  try {
    return await postgresStore(url, { ...options, host });
  } catch (error) {
    if (use !== "create" || !isLedgerError(error, "BOOK_NOT_FOUND")) throw error;
    await migrate(url, options);
    return postgresStore(url, { ...options, host });
  }
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
