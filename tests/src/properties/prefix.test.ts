/** A copy of the first commits of a book is a book: it verifies, answers as of then, and goes on. */
import { seededHost } from "@tallystick/adapters/host";
import { openLedger, type RecordedCommit } from "@tallystick/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories, startMs } from "../arbitraries/histories.ts";
import { patienceMs, shares } from "../arbitraries/settings.ts";
import { collect, holds } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();

async function* inBatches(commits: readonly RecordedCommit[], size: number) {
  for (let at = 0; at < commits.length; at += size) yield commits.slice(at, at + size);
}

describe.each(stores)("on the $name store", (store) => {
  it("the first commits, imported, verify and answer as of then", { timeout: patienceMs }, () =>
    holds(
      store,
      120,
      fc.tuple(histories(), shares, fc.integer({ min: 1, max: 9 })),
      async ({ play }, [history, share, batch]) => {
        await play.runAll(history);
        const commits = await play.commits();
        const first = commits.slice(0, Math.floor(commits.length * share));
        const chainId = (await play.ledger.store.chainId(play.ledger.book)) ?? "";
        if (first.length === 0) return;

        const host = seededHost({ seed: 2, now: startMs });
        const other = await store.open(host);
        try {
          const head = await other.store.importCommits("copy", chainId, inBatches(first, batch));
          const copy = openLedger({ store: other.store, book: "copy" });
          expect((await collect(other.store.readCommits("copy"))).flat()).toEqual(first);
          expect(await copy.verify()).toMatchObject({
            ok: true,
            events: head.position,
            commits: first.length,
          });
          const events = await play.events();
          for (const streamId of new Set(
            events.slice(0, head.position).map((event) => event.streamId),
          )) {
            const [kind = "", id = ""] = streamId.split("/");
            if (kind === "suspense" || kind === "acceptance") continue;
            const known = { known: head.position };
            expect(await copy.balanceOf({ [kind]: id })).toEqual(
              await play.ledger.balanceOf({ [kind]: id }, known),
            );
          }
          // The rest can follow, what is there already being passed over.
          const whole = await other.store.importCommits("copy", chainId, inBatches(commits, batch));
          expect(whole).toEqual(await play.ledger.head());
          expect(await collect(copy.events())).toEqual(events);
          // And the copy goes on as a book of its own.
          await copy.createCustomer({ externalReference: "after-the-copy" });
          expect(await copy.verify()).toMatchObject({ ok: true, commits: commits.length + 1 });
          tally.count(first.length < commits.length ? "part of a book" : "whole book");
          if (first.some(({ events: none }) => none.length === 0))
            tally.count("commit without events");
        } finally {
          await other.dispose();
        }
        await tally.add(play);
      },
    ),
  );
});

afterAll(() => tally.expect([...everyHistory, "part of a book", "commit without events"]));
