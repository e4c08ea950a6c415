/** `tallystick migrate`: the tables of a PostgreSQL database, made or brought up to date. */
import {
  type MigrateOptions,
  migrate,
  partitionsSql,
  rolesSql,
} from "@tallystick/adapters/postgres";
import { type Command, InvalidArgumentError } from "commander";
import { addManual, type Manual } from "../manual.ts";
import type { Session } from "../session.ts";
import { postgresUrlOf } from "../stores/postgres-scheme.ts";

const manual: Manual = {
  about: `
Run it as the owner of the tables, at each deployment, before the new version
starts; where several processes run it at once, one does the work. Writers wait
for it no longer than 5 seconds. Commands that write make the tables by
themselves where there are none at all.

With --roles it prints the SQL that gives existing roles their rights: a writer
appends and reads, a reader reads, and neither changes what was recorded. With
--partitions it prints the SQL that divides the large tables by book: run it
once, best before the first book.`,
  json: {
    "from, to": "the version of the tables before and after; 0 where there were none",
  },
  errors: ["STORE_UNAVAILABLE", "STORE_UNWRITABLE"],
  examples: `$ tallystick migrate --store postgres://owner@localhost/billing
$ tallystick migrate \\
    --store "postgres://owner@localhost/billing?schema=ledger"
$ tallystick migrate --roles --writer app --reader audit | psql billing
$ tallystick migrate --partitions 16 | psql billing`,
  seeAlso: ["copy", "verify"],
};

interface Options {
  readonly roles?: true;
  readonly writer?: string;
  readonly reader?: string;
  readonly schema?: string;
  readonly partitions?: number;
}

const partitionsOf = (text: string): number => {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 2 && Number(text) <= 1024) return Number(text);
  throw new InvalidArgumentError("a whole number from 2 to 1024 is needed");
};

export const addMigrate = (program: Command, session: Session): void => {
  addManual(program.command("migrate"), manual)
    .summary("make or update the tables in PostgreSQL")
    .description("Make the tables of a PostgreSQL database, or bring them up to date.")
    .option("--roles", "print the grants for roles instead; no store is needed")
    .option("--writer <role>", "with --roles: may append and read")
    .option("--reader <role>", "with --roles: may read")
    .option("--partitions <n>", "print how to divide the tables; no store is needed", partitionsOf)
    .option("--schema <name>", "where the tables live (default: that of the URL, or tallystick)")
    .action(async ({ roles, writer, reader, schema, partitions }: Options) => {
      if (partitions !== undefined) {
        session.print(partitionsSql({ partitions, ...(schema === undefined ? {} : { schema }) }));
        return;
      }
      if (roles === true) {
        session.print(
          rolesSql({
            ...(schema === undefined ? {} : { schema }),
            ...(writer === undefined ? {} : { writer }),
            ...(reader === undefined ? {} : { reader }),
          }),
        );
        return;
      }
      const { url, options } = postgresUrlOf(session.storeUrl);
      const chosen: MigrateOptions = schema === undefined ? options : { schema };
      const { from, to } = await migrate(url, chosen);
      session.answer({ from, to }, () =>
        from === to
          ? `The tables have version ${to}; there was nothing to do.\n`
          : `The tables were brought from version ${from} to ${to}.\n`,
      );
    });
};
