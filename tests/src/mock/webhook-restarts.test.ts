/** Webhooks over the death of the server: nothing is lost between the book and the endpoints. */
import { join } from "node:path";
import { seededHost } from "@tallystick/adapters/host";
import { createMockServer, type MockServerOptions } from "@tallystick/mock-server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../cli/support.ts";
import { createBill, type Hooked, hooked, type Inbox, openInbox, secret } from "./inbox.ts";
import { clientOf, noon } from "./support.ts";

const storeIn = async (scheme: "file" | "sqlite"): Promise<string> => {
  const folder = await temporaryFolder();
  return `${scheme}:${join(folder, scheme === "file" ? "books" : "books.db")}`;
};

let starts = 0;

/** Each start draws other ids. */
const startOn = (store: string, inbox: Inbox, options: MockServerOptions = {}): Hooked => {
  starts += 1;
  return hooked(
    clientOf(
      createMockServer({
        store,
        deliver: inbox.deliver,
        machine: seededHost({ seed: starts }),
        clock: noon,
        ...options,
      }),
    ),
    inbox,
  );
};

const url = "https://shop.test/hooks";

describe.each(["file", "sqlite"] as const)("over %s: a restart", (scheme) => {
  it("goes on in the midst of retries, with no key needed for it", async () => {
    const store = await storeIn(scheme);
    const inbox = openInbox();
    inbox.answer = () => 500;
    const first = startOn(store, inbox);
    await createBill(first.client);
    await first.client.post("/_mock/webhook_endpoints", { url, secret });
    const event = await first.pay();
    await first.client.server.settled();
    await first.client.post("/_mock/faults", { on: "webhook", effect: "drop" });
    await first.client.server.close();
    const second = startOn(store, inbox);
    await second.advance(5);
    await second.client.server.close();
    inbox.answer = () => 200;
    const third = startOn(store, inbox);
    await third.advance(300);
    expect(
      inbox.arrived.map(({ id, timestamp }) => [id, timestamp - Date.parse(noon) / 1000]),
    ).toEqual([
      [event.id, 0],
      [event.id, 5],
      [event.id, 305],
    ]);
    const rows = await third.deliveries(event.id);
    expect(rows.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "failed"],
      [2, "failed"],
      [3, "succeeded"],
    ]);
    expect((await third.client.get("/_mock/webhook_endpoints")).body.data).toMatchObject([
      { url, secret },
    ]);
    expect((await third.client.get("/_mock/faults")).body.data).toEqual([]);
    await third.client.server.close();
  });

  it("sends what was in flight again", async () => {
    const store = await storeIn(scheme);
    const inbox = openInbox();
    const came = Promise.withResolvers<void>();
    inbox.answer = () => {
      came.resolve();
      return new Promise(() => undefined);
    };
    const first = startOn(store, inbox);
    await createBill(first.client);
    await first.client.post("/_mock/webhook_endpoints", { url, secret });
    const event = await first.pay();
    await came.promise;
    await first.client.server.close();
    inbox.answer = () => 200;
    const second = startOn(store, inbox);
    await second.client.server.settled();
    expect(inbox.arrived.map(({ id }) => id)).toEqual([event.id, event.id]);
    expect(await second.deliveries()).toMatchObject([{ attempt: 1, status: "succeeded" }]);
    await second.client.server.close();
  });

  it("with an endpoint that is new sends it nothing of the past, and all that comes", async () => {
    const store = await storeIn(scheme);
    const inbox = openInbox();
    const first = startOn(store, inbox);
    await createBill(first.client);
    await first.pay();
    await first.client.server.close();
    const options = { webhookUrl: [url], webhookSecret: secret };
    const second = startOn(store, inbox, options);
    await second.client.server.settled();
    expect(inbox.arrived).toEqual([]);
    const event = await second.pay();
    await second.client.server.close();
    // Nobody waited for it: the delivery may be made before the end or after it.
    const third = startOn(store, inbox, options);
    await third.client.server.settled();
    expect(new Set(inbox.arrived.map(({ id }) => id))).toEqual(new Set([event.id]));
    await third.client.server.close();
  });
});

type Step =
  | { readonly kind: "pay"; readonly amount: number }
  | { readonly kind: "advance"; readonly seconds: number }
  | { readonly kind: "restart" }
  | { readonly kind: "settle" }
  | { readonly kind: "answers"; readonly endpoint: number; readonly ok: boolean }
  | { readonly kind: "fault"; readonly effect: string }
  | { readonly kind: "redeliver"; readonly nth: number };

const effects = ["drop", "duplicate", "reorder", "bad_signature", "stale_timestamp"];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("pay" as const),
      amount: fc.integer({ min: 100, max: 999 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("advance" as const),
      seconds: fc.constantFrom(1, 5, 305, 10_000),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "settle" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("answers" as const),
      endpoint: fc.nat(1),
      ok: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      effect: fc.constantFrom(...effects),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("redeliver" as const), nth: fc.nat(9) }) },
);

const urls = ["https://a.test/", "https://b.test/"];

describe("whatever is paid, fails, is moved on and restarted", () => {
  it("each event reaches each endpoint that answers in the end, never before it is durable", async () => {
    const play = async (steps: readonly Step[]): Promise<void> => {
      const store = await storeIn("file");
      const inbox = openInbox();
      const answers = [true, true];
      const premature: string[] = [];
      const paid = new Set<string>();
      let hooks = startOn(store, inbox);
      inbox.answer = async ({ url: to, id }) => {
        // Asked of the book while the delivery is at the door; in-process, so it cannot be too late.
        const { readFile, readdir } = await import("node:fs/promises");
        const folder = store.slice("file:".length);
        const books = (await readdir(folder)).filter((name) => !name.includes("records"));
        const texts = await Promise.all(
          books.map((name) => readFile(join(folder, name), "utf8").catch(() => "")),
        );
        if (!texts.some((text) => text.includes(id))) premature.push(id);
        return new Response(null, { status: answers[urls.indexOf(to)] === true ? 200 : 500 });
      };
      await createBill(hooks.client);
      for (const to of urls)
        await hooks.client.post("/_mock/webhook_endpoints", { url: to, secret });
      for (const each of steps)
        switch (each.kind) {
          case "pay":
            paid.add((await hooks.pay(each.amount)).id);
            break;
          case "advance":
            await hooks.advance(each.seconds);
            break;
          case "restart":
            await hooks.client.server.close();
            hooks = startOn(store, inbox);
            break;
          case "settle":
            await hooks.client.server.settled();
            break;
          case "answers":
            answers[each.endpoint] = each.ok;
            break;
          case "fault":
            await hooks.client.post(
              "/_mock/faults",
              { on: "webhook", effect: each.effect },
              { idempotencyKey: null },
            );
            break;
          case "redeliver": {
            const id = [...paid][each.nth];
            if (id !== undefined) {
              const unkeyed = { idempotencyKey: null };
              await hooks.client.post(`/_mock/events/${id}/redeliver`, undefined, unkeyed);
            }
          }
        }
      answers.fill(true);
      await hooks.client.send("DELETE", "/_mock/faults");
      await hooks.advance(30 * 24 * 60 * 60);
      for (const to of urls)
        expect(
          new Set(inbox.arrived.filter(({ url: at }) => at === to).map(({ id }) => id)),
        ).toEqual(paid);
      expect(premature).toEqual([]);
      const rows = await hooks.deliveries();
      const counts = new Map<string, number>();
      for (const { event_id, endpoint_id, attempt, status } of rows) {
        const pair = `${String(event_id)}/${String(endpoint_id)}`;
        expect(attempt).toBe((counts.get(pair) ?? 0) + 1);
        counts.set(pair, Number(attempt));
        expect(status).not.toBe("pending");
      }
      expect(counts.size).toBe(2 * paid.size);
      await hooks.client.server.close();
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), play), { numRuns: 60 });
  });
});
