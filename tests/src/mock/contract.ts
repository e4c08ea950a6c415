/**
 * The OpenAPI document as a judge: an answer of a server whose status, headers, media type or body the
 * server's own document does not tell of is no answer of its API.
 */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { default as formats } from "ajv-formats";

export interface JudgedAnswer {
  readonly method: string;
  /** Of the request, as it was sent. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Described {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Reference {
  readonly $ref?: string;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Described & Reference>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Described>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

/** What an answer offends against; an empty list where it is as the document says. */
export type Judge = (answer: JudgedAnswer) => readonly string[];

/** What is answered by who is asked for anything under these, whether it is there or not. */
const keptPath = /^\/(billing|_mock)(\/|$)/;
const statusesOnTheWay = [401, 403, 429];
/** A fault that a test entered answers with any status. */
const isEntered = (text: string): boolean => text.includes("a fault was entered at /_mock/faults");

const escaped = (part: string): string => (part.startsWith("{") ? "[^/]+" : part);

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.split("/").map(escaped).join("/")}$`);

const pointer = (...parts: readonly string[]): string =>
  parts
    .map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`)
    .join("");

/** Judges by a document, as `GET /openapi.json` answers it. */
export const judgeBy = (document: OpenApi): Judge => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ ...document, $id: "api" });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (at: string): ValidateFunction => {
    const known = compiled.get(at) ?? ajv.compile({ $ref: `api#${at}` });
    compiled.set(at, known);
    return known;
  };
  // Paths without parameters go before those with.
  const paths = Object.keys(document.paths)
    .sort((one, other) => one.split("{").length - other.split("{").length)
    .map((path) => ({ path, pattern: patternOf(path) }));

  const bodyFaults = (at: string, text: string, type: string): string[] => {
    const validate = validator(at);
    let value: unknown = text;
    if (type === "application/json" || type.endsWith("+json")) {
      try {
        value = JSON.parse(text);
      } catch {
        return ["the body is no JSON"];
      }
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `body${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };

  const responseFaults = (
    { method, headers, text }: JudgedAnswer,
    described: Described,
    at: string,
  ): string[] => {
    const faults = Object.entries(described.headers ?? {}).flatMap(([name, header]) => {
      const value = headers.get(name);
      if (value === null) return header.required === true ? [`the header ${name} is missing`] : [];
      const isValid: boolean = validator(`${at}/headers${pointer(name)}/schema`)(value as unknown);
      return isValid ? [] : [`the header ${name} is ${value}`];
    });
    const type = headers.get("content-type")?.split(";")[0]?.trim();
    if (type === undefined) {
      if (text !== "") faults.push("there is a body of no type");
      else if (described.content !== undefined && method !== "HEAD")
        faults.push("there is no body");
      return faults;
    }
    if (described.content?.[type] === undefined) return [...faults, `the body is ${type}`];
    if (method === "HEAD") return faults;
    return [...faults, ...bodyFaults(`${at}/content${pointer(type)}/schema`, text, type)];
  };

  const problemFaults = (answer: JudgedAnswer): string[] => {
    const type = answer.headers.get("content-type");
    if (type !== "application/problem+json") return [`the problem is ${type}`];
    if (answer.method === "HEAD") return [];
    return bodyFaults("/components/schemas/Problem", answer.text, type);
  };

  const answerFaults = (answer: JudgedAnswer): readonly string[] => {
    const { method, url, status, headers, text } = answer;
    const found = paths.find(({ pattern }) => pattern.test(url.pathname));
    if (found === undefined) {
      // Pages and their files are no part of the API; nothing else is there.
      if (!keptPath.test(url.pathname)) return status < 400 ? [] : problemFaults(answer);
      return [404, ...statusesOnTheWay].includes(status) || isEntered(text)
        ? problemFaults(answer)
        : [`${status} at an address that is not documented`];
    }
    const key = (method === "HEAD" ? "GET" : method).toLowerCase();
    const operation = document.paths[found.path]?.[key];
    if (operation === undefined) {
      if (
        ![405, ...statusesOnTheWay, ...(keptPath.test(url.pathname) ? [] : [404])].includes(status)
      )
        return [`${status} to a method that is not documented`];
      const isAllowTold = status !== 405 || headers.has("allow");
      return [...problemFaults(answer), ...(isAllowTold ? [] : ["the header Allow is missing"])];
    }
    const listed = operation.responses[String(status)];
    const response = listed ?? (isEntered(text) ? operation.responses["default"] : undefined);
    if (response === undefined) return [`${status} is not documented for ${operation.operationId}`];
    if (response.$ref === undefined) {
      const at = `/paths${pointer(found.path, key, "responses", String(status))}`;
      return responseFaults(answer, response, at);
    }
    const name = response.$ref.slice("#/components/responses/".length);
    const component = document.components.responses[name] ?? {};
    return responseFaults(answer, component, `/components/responses${pointer(name)}`);
  };

  return (answer) => {
    const faults = answerFaults(answer);
    // No schema can say it: a problem tells the status that it is answered with.
    const isSame = answer.status < 400 || answer.text.includes(`"status":${answer.status},`);
    return isSame || answer.method === "HEAD"
      ? faults
      : [...faults, "the problem tells of another status"];
  };
};
