/**
 * emmett-sqlite, and the binary of the driver that it asks for. Installing the workspace leaves the
 * binary out, since few want this benchmark and it may need a compiler: it is made at the first use, by
 * the script that the driver brings along.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

const isThere = (): boolean => {
  try {
    require("sqlite3");
    return true;
  } catch {
    return false;
  }
};

/** Throws where there is no binary, and none could be made. */
export const loadEmmettSqlite = async (): Promise<
  typeof import("@event-driven-io/emmett-sqlite")
> => {
  if (!isThere()) {
    process.stderr.write("fetching or building the binary of sqlite3, once\n");
    const cwd = dirname(require.resolve("sqlite3/package.json"));
    const made = spawnSync("npm", ["run", "install"], { cwd, encoding: "utf8" });
    if (!isThere()) throw new Error(`sqlite3 has no binary here: ${made.stderr.slice(-200)}`);
  }
  return import("@event-driven-io/emmett-sqlite");
};
