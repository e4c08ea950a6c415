/** message-db: a table and functions in PostgreSQL, installed from the scripts of its package. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { EventBody } from "../bare.ts";
import type { Peer } from "./peer.ts";

const database = join(
  dirname(fileURLToPath(import.meta.resolve("@eventide/message-db/package.json"))),
  "database",
);

/** As its `install.sh` runs them; roles and rights are left out, as who measures owns the database. */
const scripts = [
  "schema/message-store.sql",
  "extensions/pgcrypto.sql",
  "tables/messages.sql",
  "types/message.sql",
  ...[
    "message-store-version",
    "hash-64",
    "acquire-lock",
    "category",
    "is-category",
    "id",
    "cardinal-id",
    "stream-version",
    "write-message",
    "get-stream-messages",
    "get-category-messages",
    "get-last-stream-message",
  ].map((name) => `functions/${name}.sql`),
  ...readdirSync(join(database, "indexes")).map((name) => `indexes/${name}`),
];

export const messageDb: Peer = {
  name: "message-db, a pool of 10",
  open: async ({ url }) => {
    const pool = new pg.Pool({
      connectionString: url,
      max: 10,
      options: "-c search_path=message_store,public",
    });
    for (const script of scripts) await pool.query(readFileSync(join(database, script), "utf8"));
    /** A pool's own `query` would close the connection after each conflict. */
    const query = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
      const client = await pool.connect();
      try {
        return await client.query(config);
      } finally {
        client.release();
      }
    };
    return {
      append: async (stream, bodies, revision) => {
        try {
          for (const [index, body] of bodies.entries())
            await query({
              name: "write",
              text: "SELECT write_message($1, $2, $3, $4::jsonb, NULL, $5)",
              values: [
                randomUUID(),
                stream,
                body.type,
                JSON.stringify(body),
                // It counts from -1, for a stream that is not there.
                revision + index - 1,
              ],
            });
          return true;
        } catch (error) {
          if (error instanceof Error && error.message.startsWith("Wrong expected version"))
            return false;
          throw error;
        }
      },
      read: async (stream, after) => {
        const { rows } = await query({
          name: "read",
          text: "SELECT data FROM get_stream_messages($1, $2, -1)",
          values: [stream, after],
        });
        return rows.map(({ data }: { data: string }) => JSON.parse(data) as EventBody);
      },
      close: () => pool.end(),
    };
  },
};
