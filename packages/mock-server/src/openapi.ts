/**
 * The OpenAPI 3.1 document, written from the schemas that validate. Loaded when it is first asked
 * for: nothing of it is needed to serve.
 */
import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { problemCodes } from "./http/problem.ts";
import type { Route } from "./http/route.ts";
import { version } from "./version.ts";

type Documented = Route<unknown, unknown, unknown>;

const problem = z
  .object({
    type: z.string().meta({ format: "uri" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(Object.keys(problemCodes) as [string, ...string[]]),
    reason: z
      .string()
      .meta({ description: "The ledger's own code, finer than `code`." })
      .optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457." });

const problemResponse = {
  description: "A problem",
  content: { "application/problem+json": { schema: problem } },
};

const keyHeader = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9-]+$/)
  .meta({ description: "The first answer is given again for 24 hours." });

const described: Readonly<Record<number, string>> = {
  200: "Done",
  201: "Created",
  202: "Accepted",
  204: "Done; no body",
};

/** Problems that a route can end in, by what it takes. */
const problemStatuses = ({
  body,
  params,
  query,
  idempotencyKey,
  tag,
}: Documented): readonly number[] => [
  ...([body, params, query, idempotencyKey].every((taken) => taken === undefined) ? [] : [400]),
  401,
  403,
  ...(params === undefined && body === undefined ? [] : [404]),
  ...(body === undefined && idempotencyKey === undefined ? [] : [409]),
  ...(body === undefined ? [] : [413, 415]),
  ...(body === undefined && idempotencyKey === undefined ? [] : [422]),
  ...(tag === "billing" ? [429] : []),
];

const responsesOf = (route: Documented): ZodOpenApiResponsesObject => {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, schema] of Object.entries(route.answers))
    responses[status as `${1 | 2 | 3 | 4 | 5}${string}`] = {
      description: described[Number(status)] ?? "Done",
      ...(schema === undefined ? {} : { content: { "application/json": { schema } } }),
      ...(route.idempotencyKey === undefined
        ? {}
        : {
            headers: z.object({
              "Idempotent-Replayed": z
                .literal("true")
                .meta({ description: "This is the first answer again." })
                .optional(),
            }),
          }),
    };
  for (const status of problemStatuses(route))
    responses[String(status) as `${1 | 2 | 3 | 4 | 5}${string}`] = problemResponse;
  responses.default = problemResponse;
  return responses;
};

const operationOf = (route: Documented): ZodOpenApiOperationObject => {
  const { id, summary, tag, params, query, body, idempotencyKey } = route;
  return {
    operationId: id,
    summary,
    tags: [tag],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(idempotencyKey === undefined
        ? {}
        : {
            header: z.object({
              "Idempotency-Key": idempotencyKey === "required" ? keyHeader : keyHeader.optional(),
            }),
          }),
    },
    ...(body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: body.loose } } },
        }),
    responses: responsesOf(route),
  };
};

/** The document of these routes, as an object that is JSON. */
export const openApiDocument = (routes: readonly Route[]): object => {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes as unknown as readonly Documented[])
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route),
    };
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Tallystick mock of the Moment Billing API",
        version,
        description:
          "`/billing` behaves as the Moment Billing API does. `/_mock` is this mock's own and no part of Moment's API.",
      },
      servers: [{ url: "/" }],
      tags: [
        { name: "billing", description: "The Moment Billing API." },
        { name: "mock", description: "The mock's own control API." },
      ],
      security: [{ secretKey: [] }],
      components: {
        securitySchemes: {
          secretKey: { type: "http", scheme: "bearer", description: "sk_test_… or sk_…" },
        },
      },
      paths,
    },
    {
      // Metadata is checked by hand, as any key is data; what it looks like stands in its `meta`.
      allowEmptySchema: { custom: true },
    },
  );
};
