import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededHost } from "../host/node-host.ts";
import { generateSecret, secretKey, secretKeys } from "./secret.ts";

const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    code: "INVALID_INPUT",
    message: typeof message === "string" ? expect.stringContaining(message) : message,
  });

const thrownBy = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("secretKey", () => {
  it("reads the base64 after whsec_ as the key's bytes", () => {
    const key = secretKey("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=");
    expect([...key]).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
  });

  it("takes a secret without the prefix by its UTF-8 bytes", () => {
    expect([...secretKey("schlüssel")]).toEqual([...Buffer.from("schlüssel", "utf8")]);
  });

  it("takes 24 to 64 bytes, both included", () => {
    const ofBytes = (count: number) => `whsec_${Buffer.alloc(count, 7).toString("base64")}`;
    expect(secretKey(ofBytes(24))).toHaveLength(24);
    expect(secretKey(ofBytes(64))).toHaveLength(64);
    expect(thrownBy(() => secretKey(ofBytes(23)))).toEqual(refusal("holds 23"));
    expect(thrownBy(() => secretKey(ofBytes(65)))).toEqual(refusal("holds 65"));
  });

  it.each([
    ["", "must not be empty"],
    ["whsec_", "holds 0"],
    ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA", "base64"],
    ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB=", "base64"],
    ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0e-_8=", "base64"],
    ["whsec_AQIDBAUGBwgJCgsM DQ4PEBESExQVFhcYGRobHB0eHyA=", "base64"],
    ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n", "white space"],
    [" plain", "white space"],
    ["half \ud800", "surrogate"],
  ])("refuses %j: %s", (secret, message) => {
    expect(thrownBy(() => secretKey(secret))).toEqual(refusal(message));
  });

  it("never repeats the secret in its error", () => {
    const error = thrownBy(() => secretKey("whsec_c2VjcmV0")) as Error;
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("c2VjcmV0");
  });
});

describe("secretKeys", () => {
  it("takes one secret, or several in their order", () => {
    expect(secretKeys({ secret: "a" })).toHaveLength(1);
    const keys = secretKeys({ secrets: ["new", "old"] }).map((key) => Buffer.from(key).toString());
    expect(keys).toEqual(["new", "old"]);
  });

  it("refuses none, and both ways of giving them at once", () => {
    expect(thrownBy(() => secretKeys({ secrets: [] }))).toEqual(refusal("at least one"));
    expect(thrownBy(() => secretKeys({} as never))).toEqual(refusal("is to be given"));
    const both = { secret: "a", secrets: ["a"] } as never;
    expect(thrownBy(() => secretKeys(both))).toEqual(refusal("not both"));
  });
});

describe("generateSecret", () => {
  it("makes a secret of the host's bytes that reads back as the same bytes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 64 }), fc.nat(), (bytes, seed) => {
        const secret = generateSecret(seededHost({ seed }).randomBytes, bytes);
        expect([...secretKey(secret)]).toEqual([...seededHost({ seed }).randomBytes(bytes)]);
      }),
    );
  });

  it("draws 32 bytes if not told otherwise, and refuses fewer than 24 or more than 64", () => {
    const { randomBytes } = seededHost();
    expect(secretKey(generateSecret(randomBytes))).toHaveLength(32);
    for (const bytes of [23, 65, 32.5])
      expect(thrownBy(() => generateSecret(randomBytes, bytes))).toEqual(refusal("24 to 64"));
  });
});
