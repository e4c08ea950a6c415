/** Who may do what: keys, their forms, their merchants. */
import { describe, expect, it } from "vitest";
import { clientOf, problemFields, startMock, startWithObjects } from "./support.ts";

describe("without a good key", () => {
  it("answers 401 to none and to a malformed one, before anything else (AUTH-03, AUTH-04)", async () => {
    const client = startMock();
    for (const path of ["/billing/customers/C-1", "/billing/nowhere", "/billing", "/_mock/clock"])
      for (const authorization of [
        undefined,
        "",
        "sk_test_a",
        "Basic sk_test_a",
        "Bearer",
        "Bearer sk_test_",
        "Bearer sk_",
        "Bearer pk_test_",
        "Bearer sk_test_é",
        "Bearer sk_test_a-b",
        "Bearer tk_test_a",
        `Bearer sk_test_${"a".repeat(400)}`,
      ]) {
        const headers =
          authorization === undefined ? {} : { authorization: encodeURI(authorization) };
        const answered = await client.send("GET", path, undefined, { key: null, headers });
        problemFields(answered, 401, "unauthorized", path);
        expect(answered.headers.get("www-authenticate")).toBe("Bearer");
      }
  });

  it("answers 403 to a public key (AUTH-02, AUTH-06)", async () => {
    const client = startMock();
    for (const key of ["pk_test_a", "pk_a"])
      for (const path of ["/billing/customers/C-1", "/_mock/clock"])
        problemFields(await client.get(path, { key }), 403, "forbidden", path);
  });

  it("answers 401 to a key that is not among those that exist (AUTH-04)", async () => {
    const client = startMock({ secretKey: ["sk_test_a", "sk_a"] });
    for (const key of ["sk_test_a", "sk_a"])
      expect((await client.get("/_mock/clock", { key })).status).toBe(200);
    for (const key of ["sk_test_b", "sk_test_aa", "sk_b"])
      problemFields(await client.get("/_mock/clock", { key }), 401, "unauthorized");
  });
});

describe("with a good key", () => {
  it("takes the scheme in any case (AUTH-01)", async () => {
    const client = startMock();
    const headers = { authorization: "bEARER  sk_test_YOUR_SECRET_KEY" };
    const answered = await client.send("GET", "/_mock/clock", undefined, { key: null, headers });
    expect(answered.status).toBe(200);
  });

  it("sees its own merchant and mode only (AUTH-07, AUTH-08, D-03)", async () => {
    const client = await startWithObjects();
    const { body } = await client.get("/billing/customers/CUST-1");
    for (const key of ["sk_test_other", "sk_9rZk3Lm0"]) {
      const other = clientOf(client.server, key);
      for (const name of ["CUST-1", body.id])
        problemFields(await other.get(`/billing/customers/${name}`), 404, "not_found");
      // References and idempotency keys are its own, too.
      const same = await other.post("/billing/customers", { external_reference: "CUST-1" });
      expect(same.status).toBe(201);
      expect(same.headers.has("idempotent-replayed")).toBe(false);
    }
  });

  it("is refused on /billing once it was deleted, until a reset (AUTH-05)", async () => {
    const client = await startWithObjects();
    expect((await client.send("DELETE", "/_mock/key")).status).toBe(204);
    problemFields(await client.get("/billing/customers/CUST-1"), 403, "forbidden");
    problemFields(await client.get("/billing/nowhere"), 403, "forbidden");
    expect((await client.get("/_mock/clock")).status).toBe(200);
    expect((await client.post("/_mock/reset")).status).toBe(204);
    problemFields(await client.get("/billing/customers/CUST-1"), 404, "not_found");
  });
});
