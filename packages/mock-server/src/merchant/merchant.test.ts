import { memoryStore } from "@tallystick/adapters/memory";
import { memoryRecords } from "@tallystick/adapters/records";
import { describe, expect, it } from "vitest";
import { Merchant } from "./merchant.ts";
import { defaultSettings } from "./settings.ts";

describe("a merchant", () => {
  it("goes on with its book and its deliveries where a reset could not be remembered", async () => {
    const records = memoryRecords();
    const merchant = await Merchant.open({
      name: "test-0",
      store: memoryStore(),
      records,
      machineMs: () => 0,
      adoptionMs: () => 0,
      defaults: { settings: defaultSettings, clock: { frozenAtMs: 0 } },
    });
    const told: string[] = [];
    merchant.onReplacing.push(async () => void told.push("let go"));
    merchant.onReset.push(async () => void told.push("go on"));
    const { book } = merchant;
    await records.close();
    await expect(merchant.reset()).rejects.toMatchObject({ code: "STORE_CLOSED" });
    expect([merchant.book, ...told]).toEqual([book, "let go", "go on"]);
  });
});
