/**
 * Endpoints that the server was started with: they belong to every merchant. One that is new at this
 * start hears nothing of what happened before; from then on a merchant that has no position for it had
 * no book when it came, and is delivered whole.
 */
import type { Records } from "@tallystick/adapters/records";
import type { Host } from "@tallystick/core";
import type { Endpoint } from "./endpoint.ts";

/** The server's own records, beside those of its merchants. */
const owner = "server";
const collection = "configured_endpoints";
const idDigits = 24;

export const configuredEndpoints = (
  host: Host,
  urls: readonly string[],
  secret: string,
): readonly Endpoint[] =>
  [...new Set(urls)].map((url) => ({
    id: `we_${host.sha256(`tallystick/endpoint/${url}`).slice(0, idDigits)}`,
    url,
    secrets: [{ secret }],
    shared: true,
  }));

/** Those that no server of this store was ever started with. */
export const newlyConfigured = async (
  records: Records,
  endpoints: readonly Endpoint[],
): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  for (const { id } of endpoints)
    if ((await records.get(owner, collection, id)) === undefined) ids.add(id);
  return ids;
};

/** Only once every merchant with a book has a position for them. */
export const noteConfigured = async (records: Records, ids: ReadonlySet<string>): Promise<void> => {
  if (ids.size === 0) return;
  await records.write(
    owner,
    [...ids].map((key) => ({ kind: "put", collection, key, value: true }) as const),
  );
};
