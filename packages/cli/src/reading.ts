/** A bar while a report reads the book, for a person who waits. */
import type { Ledger } from "@tallystick/core";
import type { Io } from "./io.ts";
import { startProgress } from "./progress.ts";

/** So often is the bar moved, in events. */
const stride = 1024;

/**
 * The ledger, whose first reading of all events is shown on standard error. For reports that print
 * nothing before they have read everything: a bar and a report do not mix.
 */
export const reading = (io: Io, ledger: Ledger): Ledger => {
  if (io.stderr.isTTY !== true) return ledger;
  let shown = false;
  return {
    ...ledger,
    async *events(range) {
      if (shown) return yield* ledger.events(range);
      shown = true;
      const progress = startProgress(io, "reading events", (await ledger.head())?.position);
      let read = 0;
      try {
        for await (const event of ledger.events(range)) {
          read += 1;
          if (read % stride === 0) progress.update(read);
          yield event;
        }
      } finally {
        progress.stop();
      }
    },
  };
};
