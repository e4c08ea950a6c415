/** The OpenAPI document: valid by outside judges, whole, and what its examples say. */
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { problemFields, startMock } from "./support.ts";

interface Content {
  readonly [type: string]: { readonly schema: object; readonly example?: unknown };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

const documentOf = async (control: boolean) => {
  const { status, body, text, headers } = await startMock({ control }).get("/openapi.json", {
    key: null,
  });
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/json");
  return { document: body, text };
};

const operationsOf = (document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}): readonly (Operation & { readonly method: string; readonly path: string })[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );

const lint = async (source: string): Promise<string[]> => {
  const config = await createConfig({
    extends: ["recommended-strict"],
    rules: {
      "no-invalid-media-type-examples": { severity: "error", allowAdditionalProperties: false },
      "no-invalid-schema-examples": "error",
      "operation-operationId": "error",
      "operation-summary": "error",
      "operation-tag-defined": "error",
      "tags-alphabetical": "off",
      "no-unused-components": "error",
    },
  });
  const problems = await lintFromString({ source, config });
  return problems.map(
    ({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`,
  );
};

describe.each([
  ["with the control API", true],
  ["without it", false],
])("the OpenAPI document of a server %s", (_name, control) => {
  it("is valid OpenAPI 3.1 with nothing to complain of", async () => {
    const { document, text } = await documentOf(control);
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(await lint(text)).toEqual([]);
  });

  it("tells of each operation what it is, who may use it, and every way in which it ends", async () => {
    const operations = operationsOf((await documentOf(control)).document);
    expect(operations.length).toBe(control ? 42 : 10);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, summary, tags, security, responses, parameters } of operations) {
      const tag = path.startsWith("/billing")
        ? "billing"
        : path.startsWith("/_mock")
          ? "mock"
          : "pay";
      expect(tags).toEqual([tag]);
      expect(security).toEqual(tag === "pay" ? [] : [{ secretKey: [] }]);
      expect(summary.length).toBeGreaterThan(8);
      const statuses = Object.keys(responses);
      expect(statuses).toEqual(expect.arrayContaining(["500", "503"]));
      if (tag !== "pay") expect(statuses).toEqual(expect.arrayContaining(["401", "403"]));
      if (tag === "billing") expect(statuses).toContain("429");
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (parameters ?? []).filter((each) => each.in === "path");
      expect(declared.map(({ name }) => name)).toEqual(named);
    }
  });

  it("has an example of every body that is JSON", async () => {
    const { document } = await documentOf(control);
    for (const { operationId, requestBody, responses } of operationsOf(document)) {
      const contents = [
        requestBody?.content,
        ...Object.values(responses).map((each) => each.content),
      ];
      for (const content of contents)
        if (content?.["application/json"] !== undefined)
          expect(content["application/json"], operationId).toHaveProperty("example");
    }
  });
});

describe("the linter", () => {
  it("finds a reference that leads nowhere, and an example that is none", async () => {
    const { text } = await documentOf(true);
    const dangling = text.replace('"$ref":"#/components/schemas/Bill"', '"$ref":"#/nowhere"');
    expect((await lint(dangling)).join()).toContain("no-unresolved-refs");
    const wrong = text.replace('"amount_due":37650', '"amount_due":"37650"');
    expect((await lint(wrong)).join()).toContain("no-invalid-media-type-examples");
  });
});

describe("the page at /docs", () => {
  it("comes with its files under a policy without inline script, and not without control", async () => {
    const open = { key: null };
    const client = startMock();
    for (const [path, type] of [
      ["/docs", "text/html; charset=utf-8"],
      ["/docs/", "text/html; charset=utf-8"],
      ["/docs/swagger-ui.css", "text/css; charset=utf-8"],
      ["/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
      ["/_web/docs.js", "text/javascript; charset=utf-8"],
    ] as const) {
      const { status, headers } = await client.get(path, open);
      expect(status, path).toBe(200);
      expect(headers.get("content-type")).toBe(type);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'self';/);
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
    }
    for (const path of ["/docs/swagger-ui-bundle.js.map", "/docs/package.json", "/docs/../x"])
      problemFields(await client.get(path, open), 404, "not_found");
    const closed = startMock({ control: false });
    for (const path of ["/docs", "/docs/swagger-ui.css", "/_web/docs.js"])
      problemFields(await closed.get(path, open), 404, "not_found");
  });
});

describe("the examples of requests", () => {
  it("are taken by the server, in the order of the document", async () => {
    const client = startMock();
    const { body: document } = await client.get("/openapi.json");
    const names: Record<string, string> = {
      customer: "CUST-40217",
      account: "ACC-7781",
      bill: "BILL-2026-0317",
      kind: "bills",
      ref: "BILL-2026-0317",
    };
    const taken = [
      "createCustomer",
      "updateCustomer",
      "createAccount",
      "updateAccount",
      "createBill",
      "createPayment",
      "setPaymentRules",
      "updateBill",
      "updateSettings",
      "setClock",
      "advanceClock",
      "createWebhookEndpoint",
      "createFault",
    ];
    const operations = operationsOf(document);
    for (const id of taken) {
      const operation = operations.find(({ operationId }) => operationId === id);
      if (operation === undefined) throw new Error(`there is no ${id}`);
      const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
      const example = operation.requestBody?.content["application/json"]?.example;
      const answered = await client.send(operation.method.toUpperCase(), path, example, {
        idempotencyKey: `key-${id}`,
      });
      expect(answered.status, `${id}: ${answered.text}`).toBeLessThan(300);
      // What is answered looks like the example of the answer: the same members all the way down.
      const shown = operation.responses[String(answered.status)]?.content?.["application/json"];
      expect(shapeOf(answered.body), id).toEqual(shapeOf(shown?.example));
    }
  });
});

/** Names of members, and kinds of values. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]));
  return typeof value;
};
