/**
 * Requests of every operation, plain and spoilt: whatever comes, the answer is one of the document's, no
 * failure of the server's own, and a refusal writes nothing.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patienceMs, runs } from "../arbitraries/settings.ts";
import { mutations } from "./fuzz/mutations.ts";
import { type Draw, draws, plainRequests } from "./fuzz/plain.ts";
import { exchange, plainText, wireTexts } from "./fuzz/wire-text.ts";
import { ask, openWorld, plainOf, type World } from "./fuzz/world.ts";
import { startMock, startWithObjects } from "./support.ts";

const operations = Object.keys(plainRequests);

const inWorld = async (work: (world: World) => Promise<void>): Promise<void> => {
  const world = await openWorld();
  try {
    await work(world);
  } finally {
    await world.close();
  }
};

const draw: Draw = { number: 1, amount: 250, owner: "CUST-1", text: "a", limit: 50 };

describe("the generator", () => {
  it("knows every operation of the document", async () => {
    const { body } = await startMock().get("/openapi.json");
    const documented = Object.values(body.paths as Record<string, Record<string, object>>)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => (operation as { operationId: string }).operationId);
    expect([...operations].sort()).toEqual(documented.sort());
  });

  it.each(operations)("reaches success at %s", (id) =>
    inWorld(async (world) => {
      expect(await ask(world, plainOf(id, draw, world, "tried-1"))).toBeLessThan(300);
    }),
  );
});

/** One spoilt request among plain ones. */
const steps = fc.record({
  id: fc.constantFrom(...operations),
  draw: draws,
  spoilt: fc.array(mutations, { minLength: 0, maxLength: 3, size: "max" }),
});

describe("any request", () => {
  it("is answered as the document says, never with a failure, and writes nothing where it is refused", {
    timeout: 3 * patienceMs,
  }, async () => {
    const seen = new Map<string, Set<number>>();
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 25, size: "max" }), (given) =>
        inWorld(async (world) => {
          for (const [index, step] of given.entries()) {
            const plain = plainOf(step.id, step.draw, world, `tried-${index}`);
            const sent = step.spoilt.reduce((each, { mutate }) => mutate(each), plain);
            const status = await ask(world, sent);
            if (status === undefined) continue;
            const statuses = seen.get(step.id) ?? new Set();
            seen.set(step.id, statuses.add(status));
          }
        }),
      ),
      runs(60),
    );
    // What was tried came through, and was refused, at every operation; in every way there is.
    for (const id of operations) {
      const statuses = [...(seen.get(id) ?? [])];
      expect(
        statuses.some((status) => status < 300),
        `${id} ${statuses.join()}`,
      ).toBe(true);
      expect(
        statuses.some((status) => status >= 400),
        `${id} ${statuses.join()}`,
      ).toBe(true);
    }
    const all = new Set([...seen.values()].flatMap((statuses) => [...statuses]));
    for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 422])
      expect(all, String(status)).toContain(status);
  });
});

describe("any bytes on a connection", () => {
  it("are answered or closed, never with a failure, and write nothing where they are refused", async () => {
    const failures: string[] = [];
    const client = await startWithObjects({ port: 0, onLog: (line) => void failures.push(line) });
    const { url } = await client.server.listen();
    const port = Number(new URL(url).port);
    const position = async (): Promise<number> =>
      (await client.get("/_mock/events?limit=500")).body.data.length;
    expect(await exchange(port, plainText)).toMatch(/^HTTP\/1\.1 201 /);
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(wireTexts, async (text) => {
        const before = await position();
        const answered = await exchange(port, text);
        const statuses = [...answered.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) =>
          Number(status),
        );
        for (const status of statuses) {
          seen.add(status);
          expect(status, answered.slice(0, 400)).toBeLessThan(500);
        }
        if (answered !== "") expect(answered).toMatch(/^HTTP\/1\.1 /);
        if (!statuses.includes(201)) expect(await position()).toBe(before);
      }),
      runs(400),
    );
    for (const status of [200, 201, 400, 401, 404, 431]) expect(seen).toContain(status);
    expect(seen).not.toContain(417);
    expect(failures).toEqual([]);
    // Whatever came, the server serves on.
    expect((await client.get("/billing/bills/BILL-1")).status).toBe(200);
  });
});
