/** castore, which keeps events in memory. */
import { EventStore, EventType } from "@castore/core";
import { InMemoryEventStorageAdapter } from "@castore/event-storage-adapter-in-memory";
import type { EventBody } from "../bare.ts";
import type { Peer } from "./peer.ts";

const applied = new EventType<"obligation.amount_applied", EventBody>({
  type: "obligation.amount_applied",
});

export const castore: Peer = {
  name: "castore in memory",
  open: async () => {
    const store = new EventStore({
      eventStoreId: "customers",
      eventTypes: [applied],
      eventStorageAdapter: new InMemoryEventStorageAdapter(),
      reducer: (aggregate: { aggregateId: string; version: number }) => aggregate,
    });
    return {
      append: async (stream, bodies, revision) => {
        try {
          for (const [index, payload] of bodies.entries())
            await store.pushEvent({
              aggregateId: stream,
              version: revision + index + 1,
              type: "obligation.amount_applied",
              payload,
            });
          return true;
        } catch (error) {
          if (error instanceof Error && "code" in error && error.code === "EventAlreadyExistsError")
            return false;
          throw error;
        }
      },
      read: async (stream, after) => {
        const { events } = await store.getEvents(stream, { minVersion: after + 1 });
        return events.map(({ payload }) => payload);
      },
      close: async () => undefined,
    };
  },
};
