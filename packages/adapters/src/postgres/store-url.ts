/**
 * A store by one URL, `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. `?schema=NAME` says in which
 * schema; everything else is `pg`'s to understand, `?sslmode=verify-full` among it.
 */
import { isLedgerError } from "@tallystick/core";
import { requireUrl } from "./connect.ts";
import { migrate } from "./migrate.ts";
import {
  type PostgresStore,
  type PostgresStoreOptions,
  postgresStore,
} from "./open-postgres-store.ts";

export interface PostgresUrl {
  /** As `pg` takes it. */
  readonly url: string;
  readonly options: { readonly schema?: string };
}

/** The parts of a URL. `INVALID_INPUT` for what is none; it is not repeated. */
export const readPostgresUrl = (text: string): PostgresUrl => {
  const url = requireUrl(text);
  const schema = url.searchParams.get("schema");
  url.searchParams.delete("schema");
  return { url: url.href, options: schema === null ? {} : { schema } };
};

/** The store that a URL names, as `postgresStore` opens it; makes the tables where there are none at all. */
export const openOrMake = async (
  text: string,
  options: Omit<PostgresStoreOptions, "schema"> = {},
): Promise<PostgresStore> => {
  const { url, options: named } = readPostgresUrl(text);
  try {
    return await postgresStore(url, { ...named, ...options });
  } catch (error) {
    if (!isLedgerError(error, "BOOK_NOT_FOUND")) throw error;
    await migrate(url, named);
    return postgresStore(url, { ...named, ...options });
  }
};
