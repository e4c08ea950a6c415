/**
 * A store over logs of commits, one log a book. The log is the only copy of the events; everything
 * else is an index of numbers, made from it and kept in memory.
 */
import type { Host, Store, StoreCapabilities } from "@tallystick/core";
import { BookStore } from "../store/book-store.ts";
import { Book } from "./book.ts";
import type { LogFolder } from "./commit-log.ts";

export interface LogStoreOptions {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;
  readonly folder: LogFolder;
}

/** A store over the logs of a folder. Closing it closes the folder. */
export const logStore = ({ host, capabilities, folder }: LogStoreOptions): Store =>
  new BookStore({
    host,
    capabilities,
    books: {
      book: (name, failed) => new Book(name, host, folder, failed),
      list: () => folder.list(),
      close: () => folder.close(),
    },
  });
