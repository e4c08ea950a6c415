import type { ClaimKey } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { claimHash, keyHash, paymentHashes } from "./key-hash.ts";

describe("the hash of a key", () => {
  it("is the first 52 bits of SHA-256 of the book's seed and the key", () => {
    // printf '7/customer/bcus_a' | sha256sum | cut -c1-13
    expect(keyHash(7, "customer/bcus_a").toString(16)).toBe("6c73d2cad72ec");
  });

  it("is another one in a book with another seed", () => {
    expect(keyHash(7, "key")).not.toBe(keyHash(8, "key"));
  });
});

describe("the hashes of claims on one payment", () => {
  it("differ, and lie between the payment's bounds, the bounds included", () => {
    const claims = ["payment/pay_1/", "applied/pay_1/ob_1", "applied/pay_1/ob_2"] as ClaimKey[];
    const hashes = claims.map((claim) => claimHash(7, claim));
    const [from, upTo] = paymentHashes(7, "pay_1");
    expect(new Set(hashes).size).toBe(claims.length);
    for (const hash of hashes) {
      expect(hash).toBeGreaterThanOrEqual(from);
      expect(hash).toBeLessThanOrEqual(upTo);
    }
    expect(Number.isSafeInteger(upTo)).toBe(true);
    expect(upTo - from).toBe(16 ** 5 - 1);
  });
});
