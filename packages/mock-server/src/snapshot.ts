/** Any book as the text that `PUT /_mock/snapshot` takes: how a ledger of one's own gets into a mock. */
export { snapshotOf } from "./merchant/snapshot.ts";
