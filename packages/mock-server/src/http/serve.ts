/**
 * From a request to its answer: the key, the merchant, the journal, the idempotency key, the body,
 * the handler. Whatever goes wrong on the way is answered as a problem document.
 */
import type { Json } from "@tallystick/core";
import type { RequestEffect } from "../merchant/faults.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";
import { parseJson, readText, requireJson } from "./body.ts";
import { AskedProblem, goWrong, isCut, nameOfEffect } from "./go-wrong.ts";
import { answerOnce, fingerprintOf, type Reply, readIdempotencyKey } from "./idempotency.ts";
import { ConnectionCut } from "./cut.ts";
import { readKey } from "./key.ts";
import { Problem, problemOf } from "./problem.ts";
import { countRequest } from "./rate-limit.ts";
import { read, settledFaults } from "./read.ts";
import type { Answer, AnyRoute, Call } from "./route.ts";

export interface ServeContext {
  readonly merchants: Merchants;
  /** Told of what went wrong here, and not on the caller's side. */
  readonly onFailure: (error: unknown) => void;
}

/** A request, as far as it was understood. */
export interface Visit {
  readonly method: string;
  readonly url: URL;
  readonly request: Request;
}

const json = "application/json";
const problemJson = "application/problem+json";

/** What a request has come to, for the journal. */
interface Done {
  readonly reply: Reply;
  readonly headers?: Readonly<Record<string, string>>;
  readonly replayed?: boolean;
  readonly requestText?: string;
  readonly answer?: Answer;
}

const replyOf = ({ status, body }: Answer): Reply => ({
  status,
  contentType: json,
  text: body === undefined ? "" : JSON.stringify(body),
});

const problemReply = (problem: Problem, path: string): Reply => ({
  status: problem.status,
  contentType: problemJson,
  text: JSON.stringify(problem.document(path)),
});

/**
 * The answer to a request that found its route; `route` is a problem where it found none. Rejects with
 * `ConnectionCut` where the connection is to be cut.
 */
export const serve = async (
  context: ServeContext,
  visit: Visit,
  route: AnyRoute | Problem,
  params: Readonly<Record<string, string>> = {},
): Promise<Response> => {
  const { request, url, method } = visit;
  const path = url.pathname;
  let merchant: Merchant | undefined;
  let effect: RequestEffect | undefined;
  let done: Done;
  try {
    const key = readKey(request.headers.get("authorization"));
    merchant = await context.merchants.of(key);
    effect = merchant.faults.ofRequest(method, path);
    done =
      effect === "drop_before"
        ? nothingDone
        : await admitted(context, visit, route, params, { merchant, effect });
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500 && !(problem instanceof AskedProblem))
      context.onFailure(problem.cause ?? problem);
    done = { reply: problemReply(problem, path), headers: problem.headers };
  }
  merchant?.journal.add({
    at: merchant.clock.now(),
    method,
    path: path + url.search,
    status: done.answer?.response?.status ?? done.reply.status,
    ...(effect === undefined ? {} : { fault: nameOfEffect(effect) }),
    ...noted(request.headers.get("idempotency-key"), done),
    response_body: done.reply.text,
    events: done.answer?.events?.map(({ id }) => id) ?? [],
  });
  if (isCut(effect)) {
    await done.answer?.response?.body?.cancel();
    throw new ConnectionCut();
  }
  return done.answer?.response ?? respond(done);
};

const nothingDone: Done = { reply: { status: 0, contentType: json, text: "" } };

/** The request behind whatever was to go wrong before it. */
const admitted = async (
  context: ServeContext,
  visit: Visit,
  route: AnyRoute | Problem,
  params: Readonly<Record<string, string>>,
  { merchant, effect }: { merchant: Merchant; effect: RequestEffect | undefined },
): Promise<Done> => {
  await goWrong(effect);
  if (isBilling(visit.url.pathname)) admit(merchant);
  if (route instanceof Problem) throw route;
  return attend(context, visit, route, params, merchant);
};

const isBilling = (path: string): boolean => path === "/billing" || path.startsWith("/billing/");

/** Whether the merchant may use `/billing` now. */
const admit = (merchant: Merchant): void => {
  if (merchant.keyDeleted) throw new Problem("forbidden", "this key was deleted");
  countRequest(merchant);
};

const noted = (
  idempotencyKey: string | null,
  { requestText, replayed }: Done,
): { idempotency_key?: string; idempotent_replayed?: true; request_body?: string } => ({
  ...(idempotencyKey === null ? {} : { idempotency_key: idempotencyKey.slice(0, 255) }),
  ...(replayed === true ? { idempotent_replayed: true } : {}),
  ...(requestText === undefined ? {} : { request_body: requestText }),
});

const respond = ({ reply, headers, replayed }: Done): Response =>
  new Response(reply.text === "" ? null : reply.text, {
    status: reply.status,
    headers: {
      ...(reply.text === "" ? {} : { "content-type": reply.contentType }),
      ...headers,
      ...(replayed === true ? { "idempotent-replayed": "true" } : {}),
    },
  });

/** The request at its route, once it is known who asks. */
const attend = async (
  context: ServeContext,
  visit: Visit,
  route: AnyRoute,
  params: Readonly<Record<string, string>>,
  merchant: Merchant,
): Promise<Done> => {
  const { request, method, url } = visit;
  const key =
    route.idempotencyKey === undefined
      ? undefined
      : readIdempotencyKey(
          request.headers.get("idempotency-key"),
          route.idempotencyKey === "required" ? merchant.settings.idempotency_key : "optional",
        );
  // A body that nobody asks for is not read: it makes no difference to what the request is.
  const text = route.body === undefined ? "" : await readText(request);
  const run = async (idempotencyKey: string | undefined): Promise<Answer> => {
    const work = (): Promise<Answer> =>
      route.handle(callOf(visit, route, params, merchant, text, idempotencyKey));
    return route.exclusive === true ? merchant.gate.exclusive(work) : merchant.gate.shared(work);
  };
  if (key === undefined) {
    const answer = await run(undefined);
    return { reply: replyOf(answer), answer, requestText: text };
  }
  let answer: Answer | undefined;
  let headers: Readonly<Record<string, string>> = {};
  const { reply, replayed } = await answerOnce({
    merchant,
    key,
    fingerprint: fingerprintOf(merchant.store.host.sha256, { method, path: url.pathname, text }),
    answer: async (ledgerKey) => {
      try {
        answer = await run(ledgerKey);
        return { reply: replyOf(answer) };
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status >= 500) context.onFailure(problem.cause ?? problem);
        headers = problem.headers;
        return { reply: problemReply(problem, url.pathname), error };
      }
    },
  });
  return {
    reply,
    headers,
    replayed,
    requestText: text,
    ...(answer === undefined ? {} : { answer }),
  };
};

/** Everything that the handler is given, read by the route's schemas; 400 with all that is wrong. */
const callOf = (
  { request, url }: Visit,
  route: AnyRoute,
  params: Readonly<Record<string, string>>,
  merchant: Merchant,
  text: string,
  idempotencyKey: string | undefined,
): Call<never, never, never> => {
  let body: unknown;
  if (route.body !== undefined) {
    requireJson(request.headers.get("content-type"));
    const value: Json = parseJson(text);
    const schema = merchant.settings.strict ? route.body.strict : route.body.loose;
    body = read(schema, value, settledFaults(value, merchant.settings));
  }
  const query = (): unknown =>
    route.query === undefined
      ? undefined
      : read(route.query, Object.fromEntries(url.searchParams.entries()));
  return {
    merchant,
    ledger: merchant.ledger,
    params: (route.params === undefined ? params : read(route.params, params)) as never,
    query: query() as never,
    body: body as never,
    idempotencyKey,
    signal: request.signal,
  };
};
