import { describe, expect, it } from "vitest";
import { eventCatalogue } from "../domain/events.ts";
import { upcast } from "./upcast.ts";

describe("upcasting", () => {
  it("leaves an event of the current version as it is", () => {
    const data = { customerId: "bcus_c" };
    expect(upcast("customer.updated", 1, data, "event 1")).toEqual({
      type: "customer.updated",
      data,
    });
    expect(upcast("customer.updated", 1, data, "event 1").data).toBe(data);
  });

  it("takes an old event through each version up to the current one", () => {
    const registered = {
      "customer.updated": {
        [-1]: (data: unknown) => ({ ...(data as object), second: true }),
        0: (data: unknown) => ({ ...(data as object), third: true }),
      },
    };
    const { data } = upcast("customer.updated", -1, { first: true }, "event 1", registered);
    expect(data).toEqual({ first: true, second: true, third: true });
    expect(eventCatalogue["customer.updated"].version).toBe(1);
  });

  it.each(["customer.renamed", "constructor", "__proto__", ""])(
    "does not know the type %j",
    (type) => {
      expect(() => upcast(type, 1, {}, "event 7")).toThrow(
        expect.objectContaining({ code: "UNKNOWN_EVENT_TYPE", detail: { type } }) as Error,
      );
    },
  );

  it("repeats no more than 80 characters of an unknown type", () => {
    expect(() => upcast("x".repeat(1000), 1, {}, "event 7")).toThrow(
      expect.objectContaining({ detail: { type: "x".repeat(80) } }) as Error,
    );
  });

  it.each([2, 0, 99, Number.MAX_SAFE_INTEGER])("does not guess at version %i", (schemaVersion) => {
    expect(() => upcast("customer.updated", schemaVersion, {}, "event 7")).toThrow(
      expect.objectContaining({
        code: "UNKNOWN_SCHEMA_VERSION",
        detail: { type: "customer.updated", schemaVersion, supported: 1 },
      }) as Error,
    );
  });
});
