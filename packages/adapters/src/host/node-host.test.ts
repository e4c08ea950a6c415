import { describe, expect, it } from "vitest";
import { loadFullSqlite, loadSqlite } from "./load-sqlite.ts";
import { nodeHost, seededHost } from "./node-host.ts";

describe("the host for production", () => {
  it("hashes the UTF-8 of a text", () => {
    expect(nodeHost.sha256("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(nodeHost.sha256("é")).toBe(seededHost().sha256("é"));
  });

  it("draws as many bytes as it is asked for, others each time", () => {
    expect(nodeHost.randomBytes(40)).toHaveLength(40);
    expect(nodeHost.randomBytes(16)).not.toEqual(nodeHost.randomBytes(16));
  });

  it("knows the time, in whole milliseconds", () => {
    expect(Number.isInteger(nodeHost.now())).toBe(true);
  });

  it("pauses", async () => {
    await nodeHost.pause(0);
  });
});

describe("the host for tests", () => {
  it("draws the same bytes for the same seed, and others for another", () => {
    const draw = (seed: number): Uint8Array => seededHost({ seed }).randomBytes(100);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const host = seededHost();
    expect(host.randomBytes(8)).not.toEqual(host.randomBytes(8));
  });

  it("has a clock that stands until it is moved, and may go back", async () => {
    const { now, clock, pause } = seededHost({ now: 1000 });
    await pause(60_000);
    expect(now()).toBe(1000);
    clock.advance(5);
    expect(now()).toBe(1005);
    clock.set(7);
    expect(now()).toBe(7);
  });
});

describe("Node's SQLite", () => {
  it("is refused by name where it is too old for the store, or not there at all", () => {
    expect(loadFullSqlite()).toBe(loadSqlite());
    class StatementSync {}
    const { backup } = loadSqlite();
    for (const older of [undefined, {}, { StatementSync, backup }])
      expect(() => loadFullSqlite(() => older as never)).toThrow(
        expect.objectContaining({
          code: "STORE_UNSUPPORTED",
          message: expect.stringContaining("needs Node 22.16 or newer"),
          detail: { node: process.version, needed: "22.16" },
        }),
      );
  });
});
