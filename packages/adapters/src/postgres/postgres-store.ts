/**
 * Books in PostgreSQL: the store for many processes and machines. What `append` acknowledged has been
 * committed, with whatever durability the server is set to (`synchronous_commit` is left alone). A
 * group of commands is one statement, one round trip and one transaction; books do not wait for each
 * other.
 *
 * Needs the package `pg` and tables that `migrate` has made. No statement relies on what an earlier one
 * left in its session, so a pooler in transaction mode may stand in between; then say `listen: false`.
 */
export type { LentClient, PostgresClient, PostgresPool } from "./client.ts";
export type { PostgresPlace } from "./connect.ts";
export { type Migrated, type MigrateOptions, migrate } from "./migrate.ts";
export {
  type PostgresStore,
  type PostgresStoreOptions,
  postgresStore,
} from "./open-postgres-store.ts";
export { type PartitionsOptions, partitionsSql } from "./partitions.ts";
export { type RolesOptions, rolesSql } from "./roles.ts";
export { openOrMake, type PostgresUrl, readPostgresUrl } from "./store-url.ts";
