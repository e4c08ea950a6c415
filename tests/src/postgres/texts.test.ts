/** Texts of every kind in every field: what is read is what was written, and alone and in groups the same. */
import { memoryStore } from "@tallystick/adapters/memory";
import { openLedger, type RecordedEvent } from "@tallystick/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { patienceMs, runs } from "../arbitraries/settings.ts";
import { everything, openFresh } from "./fixture.ts";
import { type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

/** What means something to a row, to an array, to JSON or to SQL, or looks like nothing. */
const pieces = fc.oneof(
  fc.constantFrom(
    '"',
    "\\",
    ",",
    "(",
    ")",
    "{",
    "}",
    "'",
    "$1",
    "$$",
    "NULL",
    "null",
    "\\N",
    "\\x00",
  ),
  fc.constantFrom(
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u000b",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\u0001",
  ),
  fc.constantFrom("é", "e\u0301", "🧾", "\u{10ffff}", "\uffff", "س", "\\u0000", "\u007f", "a", "0"),
);

/** From 1 to `max` characters, often as many as there may be. */
const text = (max: number): fc.Arbitrary<string> =>
  fc.tuple(fc.array(pieces, { minLength: 1, maxLength: 12 }), fc.boolean()).map(([some, long]) => {
    const characters = Array.from(some.join(""));
    const times = long ? Math.ceil(max / characters.length) : 1;
    return Array.from({ length: times }, () => characters)
      .flat()
      .slice(0, max)
      .join("");
  });

const written = fc.record({
  name: fc.oneof(text(255), fc.constant("")),
  metadata: fc.dictionary(text(40), text(500), { maxKeys: 4, noNullPrototype: true }),
  reason: text(500),
  source: text(255),
  key: text(255),
  actor: text(255),
  correlationId: text(255),
  causationId: text(255),
});

it("come back as they were written, whatever they hold", { timeout: patienceMs }, async () => {
  const { store } = await openFresh(await server.database());
  let place = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 5 }), async (all) => {
      place += 1;
      const book = `book ${place}`;
      const ledger = openLedger({ store, book });
      const told = await Promise.all(
        all.map(async ({ name, metadata, reason, source, key, ...options }, n) => {
          const id = `bcus_${n}`;
          const customer = `C-${n}`;
          const idempotencyKey = Array.from(`${n}${key}`).slice(0, 255).join("");
          const create = () =>
            ledger.createCustomer(
              { id, externalReference: customer, name, metadata, currency: "ZAR", balance: 0 },
              { ...options, idempotencyKey },
            );
          const created = await create();
          const charged = await ledger.charge({ customer: id, amount: 5, reason }, options);
          const paid = await ledger.recordPayment(
            {
              customer,
              paymentId: `pay_${n}`,
              amount: 1,
              currency: "ZAR",
              metadata,
              sourceEventId: source,
              sourceObligationId: source,
            },
            options,
          );
          const again = await create();
          expect(again.replayed).toBe(true);
          expect(again.entity).toEqual(created.entity);
          return [created, charged, paid].flatMap(({ events }) => events);
        }),
      );
      const inOrder = (events: readonly RecordedEvent[]) =>
        [...events].sort((one, other) => one.position - other.position);
      const read = await everything(store.readBook(book));
      expect(read).toEqual(inOrder(told.flat()));
      expect(await openLedger({ store, book }).verify()).toMatchObject({ ok: true });
      const copy = memoryStore({ host: store.host });
      onTestFinished(() => copy.close());
      const head = await store.head(book);
      await copy.importCommits(book, head?.chainId ?? "", store.readCommits(book));
      expect(await copy.head(book)).toEqual(head);
    }),
    runs(40),
  );
});
