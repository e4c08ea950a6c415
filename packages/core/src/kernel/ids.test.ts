import { describe, expect, it } from "vitest";
import { seededBytes } from "../testing/seeded.ts";
import { type IdKind, idPatterns, idSource, looksLikeId } from "./ids.ts";

const kinds = Object.keys(idPatterns) as IdKind[];

describe("ids", () => {
  it.each(kinds)("makes a %s id of its prefix and 21 letters and digits (D-49)", (kind) => {
    const id = idSource(seededBytes(1))(kind);
    expect(id).toMatch(idPatterns[kind]);
    expect(id).toMatch(/^[a-z]+_[a-zA-Z0-9]{21}$/);
  });

  it("makes event ids of at least 20 characters after the prefix, 24 to 50 in all (ID-04)", () => {
    const id = idSource(seededBytes(1))("event");
    expect(id).toMatch(/^evt_[a-zA-Z0-9]{20,}$/);
    expect(id.length).toBeGreaterThanOrEqual(24);
    expect(id.length).toBeLessThanOrEqual(50);
  });

  it("gives obligation ids the prefix ob_ and payment ids pay_ (ID-05)", () => {
    const next = idSource(seededBytes(1));
    expect(next("obligation")).toMatch(/^ob_/);
    expect(next("payment")).toMatch(/^pay_/);
  });

  it("never repeats itself, however many are drawn", () => {
    const next = idSource(seededBytes(7));
    const ids = Array.from({ length: 5000 }, () => next("bill"));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("repeats itself where the randomness does", () => {
    expect(idSource(seededBytes(3))("customer")).toBe(idSource(seededBytes(3))("customer"));
    expect(idSource(seededBytes(3))("customer")).not.toBe(idSource(seededBytes(4))("customer"));
  });

  it.each([
    ["customer", "bcus_1"],
    ["account", "bacc_1"],
    ["bill", "bill_1"],
    ["obligation", "ob_1"],
    ["payment", "pay_1"],
    ["payment", "p_1"],
    ["payment", "pay_6f1c2c5e-0b4f-4d3a-9a51-2f8f3c0f7d10"],
    ["payment", "pay_order_17"],
    ["event", "evt_1"],
  ] as const)("takes a given %s id such as %s by prefix and shape only (D-49)", (kind, id) => {
    expect(idPatterns[kind].test(id)).toBe(true);
  });

  it.each([
    ["customer", "bcus_"],
    ["customer", "bacc_1"],
    ["customer", "BCUS_1"],
    ["customer", "bcus_a-b"],
    ["customer", "bcus_a\n"],
    ["account", "xbacc_1"],
    ["bill", "bill_ä"],
    ["payment", "payment_1"],
    ["event", `evt_${"a".repeat(251)}`],
  ] as const)("does not take %s id %j", (kind, id) => {
    expect(idPatterns[kind].test(id)).toBe(false);
  });

  it("tells an id from an external reference by its prefix alone", () => {
    expect(looksLikeId("customer", "bcus_x")).toBe(true);
    expect(looksLikeId("customer", "bacc_x")).toBe(false);
    expect(looksLikeId("bill", "BILL-2026-0317")).toBe(false);
    expect(looksLikeId("account", "constructor")).toBe(false);
  });
});
