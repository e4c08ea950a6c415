/**
 * The OpenAPI 3.1 document, written from the schemas that validate. Loaded when it is first asked
 * for: nothing of it is needed to serve.
 */
import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiRequestBodyObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { payOperations } from "../pay/pay-operations.ts";
import { billingRoutes, controlRoutes } from "../routes.ts";
import { version } from "../version.ts";
import { examples } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { problemResponses } from "./problems.ts";

const json = "application/json";

const keyHeader = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9-]+$/)
  .meta({ description: "The first answer is given again for 24 hours." });

const replayed = z.object({
  "Idempotent-Replayed": z
    .literal("true")
    .meta({ description: "This is the first answer again." })
    .optional(),
});

const described: Readonly<Record<string, string>> = {
  200: "Done",
  201: "Created",
  202: "Accepted",
  204: "Done; no body",
};

const withExample = (value: unknown): object => (value === undefined ? {} : { example: value });

const successResponses = ({
  id,
  answers,
  idempotencyKey,
  media,
}: Operation): ZodOpenApiResponsesObject => {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, schema] of Object.entries(answers)) {
    const type = media?.answer ?? json;
    const shown = schema ?? (media?.answer === undefined ? undefined : z.string());
    const example = withExample(examples[id]?.answer);
    responses[status as "200"] = {
      description: described[status] ?? "Done",
      ...(shown === undefined ? {} : { content: { [type]: { schema: shown, ...example } } }),
      ...(idempotencyKey === undefined ? {} : { headers: replayed }),
    };
  }
  return responses;
};

const requestBodyOf = ({ id, body, media }: Operation): ZodOpenApiRequestBodyObject | undefined => {
  const example = withExample(examples[id]?.body);
  if (body !== undefined)
    return { required: true, content: { [json]: { schema: body.loose, ...example } } };
  if (media?.body === undefined) return undefined;
  return { required: true, content: { [media.body]: { schema: z.string(), ...example } } };
};

const operationOf = (operation: Operation): ZodOpenApiOperationObject => {
  const { id, summary, tag, params, query, idempotencyKey } = operation;
  const requestBody = requestBodyOf(operation);
  return {
    operationId: id,
    summary,
    tags: [tag],
    security: tag === "pay" ? [] : [{ secretKey: [] }],
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
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...successResponses(operation), ...problemResponses(operation) },
  };
};

const tags = [
  { name: "billing", description: "The Moment Billing API." },
  { name: "mock", description: "The mock's own control API, and none of Moment's." },
  { name: "pay", description: "What the mock's pay page asks, without a key." },
];

export interface DocumentOptions {
  /** False: only what is Moment's own is there. */
  readonly isControlled: boolean;
}

const operationsOf = (isControlled: boolean): readonly Operation[] => {
  const routes = isControlled ? [...billingRoutes, ...controlRoutes] : billingRoutes;
  return [...(routes as unknown as readonly Operation[]), ...(isControlled ? payOperations : [])];
};

/** The document of a server with or without its control API, as an object that is JSON. */
const openApiDocument = ({ isControlled }: DocumentOptions): object => {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operationsOf(isControlled))
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationOf(operation),
    };
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Tallystick mock of the Moment Billing API",
        version,
        license: { name: "MIT", identifier: "MIT" },
        description:
          "`/billing` behaves as the Moment Billing API does. What stands under another tag is this mock's own and no part of Moment's API.",
      },
      servers: [{ url: "/" }],
      tags: isControlled ? tags : tags.slice(0, 1),
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

const texts = new Map<boolean, string>();

/** The same as JSON, made once. */
export const openApiText = (options: DocumentOptions): string => {
  const text = texts.get(options.isControlled) ?? JSON.stringify(openApiDocument(options));
  texts.set(options.isControlled, text);
  return text;
};
