/** A ledger on SQLite, with a backup that is checked. Argument: the folder for its files. */
import { join } from "node:path";

const folder = process.argv[2] ?? ".";
const [book, copy] = [join(folder, "billing.db"), join(folder, "billing-2026-03-31.db")];

// #region open
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { openLedger } from "@tallystick/core";

const store = await sqliteStore(book);
const ledger = openLedger({ store });
// #endregion

await ledger.createCustomer({ externalReference: "CUST-1", balance: 100, currency: "ZAR" });

// #region backup
await store.backup(copy);
const { ok, head } = await openLedger({ store: await sqliteStore(copy) }).verify();
console.log(ok ? `the copy is whole, up to ${head.hash}` : "the copy does not verify");
// #endregion

console.log(head.hash === (await ledger.head())?.hash ? "the heads agree" : "the heads differ");
