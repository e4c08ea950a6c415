/** Records in memory: beside a store in memory, and as gone as that when the process ends. */
import type { Json } from "@tallystick/core";
import { RecordTable } from "./record-table.ts";
import {
  type PageRange,
  type RecordChange,
  type Records,
  recordsClosed,
  requireChanges,
  requirePlace,
  type StoredRecord,
} from "./records.ts";

class MemoryRecords implements Records {
  readonly #tables = new Map<string, RecordTable>();
  #closed = false;

  async get(owner: string, collection: string, key: string): Promise<Json | undefined> {
    this.#requireOpen();
    requirePlace(owner, collection, key);
    return this.#tables.get(owner)?.get(collection, key);
  }

  async page(
    owner: string,
    collection: string,
    range: PageRange,
  ): Promise<readonly StoredRecord[]> {
    this.#requireOpen();
    requirePlace(owner, collection);
    return this.#tables.get(owner)?.page(collection, range) ?? [];
  }

  async write(owner: string, changes: readonly RecordChange[]): Promise<void> {
    this.#requireOpen();
    requireChanges(owner, changes);
    let table = this.#tables.get(owner);
    if (table === undefined) {
      table = new RecordTable();
      this.#tables.set(owner, table);
    }
    table.apply(changes);
  }

  async owners(): Promise<readonly string[]> {
    this.#requireOpen();
    return [...this.#tables]
      .filter(([, { size }]) => size > 0)
      .map(([owner]) => owner)
      .sort();
  }

  async release(): Promise<void> {
    this.#requireOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #requireOpen(): void {
    if (this.#closed) throw recordsClosed();
  }
}

/** No records yet, and room for any. */
export const memoryRecords = (): Records => new MemoryRecords();
