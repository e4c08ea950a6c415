/** What a program remembers beside its books; see `Records`. */
export { fileRecords } from "./file-records.ts";
export { memoryRecords } from "./memory-records.ts";
export type { PageRange, RecordChange, Records, StoredRecord } from "./records.ts";
export { sqliteRecords } from "./sqlite-records.ts";
