/**
 * A process without the rights of the root user, whoever started it: it gives them up before it opens
 * a store, so that a read-only folder is one. Arguments: the path of a book that is there, of one
 * that is not, and of one that its user may not read. Prints what each attempt came to, as JSON.
 */
import { fileStore, readBookFile } from "@tallystick/adapters/file";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { isLedgerError, openLedger } from "@tallystick/core";

const [there = "", missing = "", secret = ""] = process.argv.slice(2);
const nobody = 65_534;
if (process.getuid?.() === 0) process.seteuid?.(nobody);

const attempt = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    const { code, retry, message, detail } = error;
    return { code, retry, message, systemCode: detail["systemCode"] };
  }
};

const reader = await fileStore(there, { readOnly: true });
const ledger = openLedger({ store: reader });
const outcomes = {
  open: await attempt(() => fileStore(there)),
  begin: await attempt(() => fileStore(missing)),
  unread: await attempt(() => fileStore(secret, { readOnly: true })),
  unimported: await attempt(() => readBookFile(secret)),
  unqueried: await attempt(() => sqliteStore(secret, { readOnly: true })),
  folder: await attempt(() => fileStore(`${missing}/`)),
  read: await attempt(async () => (await ledger.retrieveCustomer("CUST-0")).balance),
  write: await attempt(() => ledger.charge({ customer: "CUST-0", amount: 1 })),
};
await reader.close();
process.stdout.write(JSON.stringify(outcomes));
