import { PassThrough } from "node:stream";
import { seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import { type Ledger, openLedger } from "@tallystick/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { completeIo } from "./io.ts";
import { reading } from "./reading.ts";

const customers = 1100;

describe("reading a book for a person who waits", () => {
  let ledger: Ledger;
  let printed: string;

  const terminal = () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    stderr.on("data", (bytes: Buffer) => (printed += String(bytes)));
    return completeIo({ stderr });
  };

  /** How many events are told; meanwhile the clock moves on by `msEach` for each. */
  const readAll = async (source: Ledger, msEach = 0): Promise<number> => {
    let count = 0;
    for await (const { position } of source.events()) {
      count += 1;
      expect(position).toBe(count);
      vi.advanceTimersByTime(msEach);
    }
    return count;
  };

  beforeEach(async () => {
    printed = "";
    ledger = openLedger({ store: memoryStore({ host: seededHost({ seed: "reading" }) }) });
    for (let index = 0; index < customers; index += 1)
      await ledger.createCustomer({ externalReference: `CUST-${index}` });
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("shows how far it is, once it takes long, and takes the bar away", async () => {
    expect(await readAll(reading(terminal(), ledger), 1)).toBe(customers);
    expect(printed).toContain("reading events");
    expect(printed).toContain(`1024/${customers}`);
    expect(printed.lastIndexOf("\x1b[?25h")).toBeGreaterThan(printed.lastIndexOf("1024/"));
  });

  it("shows nothing of what is over at once, and nothing where nobody sees it", async () => {
    expect(await readAll(reading(terminal(), ledger))).toBe(customers);
    expect(await readAll(reading(completeIo({}), ledger), 1)).toBe(customers);
    expect(printed).toBe("");
  });

  it("shows a second reading no more", async () => {
    const source = reading(terminal(), ledger);
    await readAll(source);
    expect(await readAll(source, 1)).toBe(customers);
    expect(printed).toBe("");
  });
});
