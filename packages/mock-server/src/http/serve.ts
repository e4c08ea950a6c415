/**
 * From a request to its answer: the key, the merchant, the journal, the idempotency key, the body,
 * the handler. Whatever goes wrong on the way is answered as a problem document.
 */
import type { RecordedEvent } from "@tallystick/core";
import type { RequestEffect } from "../merchant/faults.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";
import { type Body, readBody, requireJson } from "./body.ts";
import { ConnectionCut } from "./cut.ts";
import { AskedProblem, goWrong, isCut, nameOfEffect } from "./go-wrong.ts";
import {
  answerOnce,
  fingerprintOf,
  type Keyed,
  type Reply,
  readIdempotencyKey,
} from "./idempotency.ts";
import { readKey } from "./key.ts";
import { Problem, problemOf } from "./problem.ts";
import { countRequest } from "./rate-limit.ts";
import { read, settledFaults } from "./read.ts";
import type { Answer, AnyRoute, Call } from "./route.ts";
import { send } from "./send.ts";

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
  /** What the port knows of the connection; undefined without a port. */
  readonly env: unknown;
}

const json = "application/json";
const journalPath = "/_mock/requests";
const problemJson = "application/problem+json";

/** What a request has come to. */
interface Done {
  readonly reply: Reply;
  readonly headers?: Readonly<Record<string, string>>;
  readonly replayed?: boolean;
  /** Sent in place of the reply. */
  readonly response?: Response | undefined;
}

/** What is found out on the way, for the journal. */
interface Notes {
  /** What is to go wrong with it. */
  readonly effect: RequestEffect | undefined;
  requestText?: string;
  events?: readonly RecordedEvent[] | undefined;
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
  try {
    const key = readKey(visit.request.headers.get("authorization"));
    return await context.merchants.use(key, async (merchant) => {
      const notes: Notes = { effect: merchant.faults.ofRequest(visit.method, visit.url.pathname) };
      const done = await attended(context, visit, route, params, merchant, notes);
      noteVisit(merchant, visit, done, notes);
      if (isCut(notes.effect)) await cut(done);
      return done.response ?? respond(done, visit);
    });
  } catch (error) {
    if (error instanceof ConnectionCut) throw error;
    return respond(failed(context, visit, error), visit);
  }
};

const nothingDone: Done = { reply: { status: 0, contentType: json, text: "" } };

/** Nobody is to read the answer, as for a connection that broke. */
const cut = async ({ response }: Done): Promise<never> => {
  await response?.body?.cancel();
  throw new ConnectionCut();
};

const failed = (
  { onFailure }: ServeContext,
  { url }: Visit,
  error: unknown,
): Done & { readonly error: unknown } => {
  const problem = problemOf(error);
  if (problem.status >= 500 && !(problem instanceof AskedProblem))
    onFailure(problem.cause ?? problem);
  return { reply: problemReply(problem, url.pathname), headers: problem.headers, error };
};

const attended = async (
  context: ServeContext,
  visit: Visit,
  route: AnyRoute | Problem,
  params: Readonly<Record<string, string>>,
  merchant: Merchant,
  notes: Notes,
): Promise<Done> => {
  if (notes.effect === "drop_before") return nothingDone;
  try {
    await goWrong(notes.effect);
    if (isBilling(visit.url.pathname)) admit(merchant);
    if (route instanceof Problem) throw route;
    return await attend(context, visit, route, params, merchant, notes);
  } catch (error) {
    return failed(context, visit, error);
  }
};

const noteVisit = (
  merchant: Merchant,
  { method, url, request }: Visit,
  { reply, response, replayed }: Done,
  { effect, requestText, events = [] }: Notes,
): void => {
  // Whoever watches the mock, as its dashboard does, leaves no trace among what is watched.
  if (url.pathname === journalPath) return;
  if (url.pathname.startsWith("/_mock/") && (method === "GET" || method === "HEAD")) return;
  const key = request.headers.get("idempotency-key");
  merchant.journal.add({
    at: merchant.clock.now(),
    method,
    path: url.pathname + url.search,
    status: response?.status ?? reply.status,
    ...(effect === undefined ? {} : { fault: nameOfEffect(effect) }),
    ...(key === null ? {} : { idempotency_key: key.slice(0, 255) }),
    ...(replayed === true ? { idempotent_replayed: true } : {}),
    ...(requestText === undefined ? {} : { request_body: requestText }),
    response_body: reply.text,
    events: events.map(({ id }) => id),
  });
};

const isBilling = (path: string): boolean => path === "/billing" || path.startsWith("/billing/");

/** Whether the merchant may use `/billing` now. */
const admit = (merchant: Merchant): void => {
  if (merchant.keyDeleted) throw new Problem("forbidden", "this key was deleted");
  countRequest(merchant);
};

const respond = ({ reply, headers, replayed }: Done, visit: Visit): Response =>
  send(
    {
      status: reply.status,
      text: reply.text,
      headers: {
        ...(reply.text === "" ? {} : { "content-type": reply.contentType }),
        ...headers,
        ...(replayed === true ? { "idempotent-replayed": "true" } : {}),
      },
    },
    visit,
  );

const noBody: Body = { text: "" };

/** Works beside others, alone, or without anybody who waits for its end. */
const passing = <Result>(
  { gate }: Merchant,
  { exclusive, apart }: AnyRoute,
  work: () => Promise<Result>,
): Promise<Result> => {
  if (apart === true) return work();
  return exclusive === true ? gate.exclusive(work) : gate.shared(work);
};

/** The request at its route, once it is known who asks. */
const attend = async (
  context: ServeContext,
  visit: Visit,
  route: AnyRoute,
  params: Readonly<Record<string, string>>,
  merchant: Merchant,
  notes: Notes,
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
  const body = route.body === undefined ? noBody : await readBody(request);
  if (route.body !== undefined) notes.requestText = body.text;
  const run = async (idempotencyKey: string | undefined): Promise<Answer> => {
    const answer = await route.handle(
      callOf(context, visit, route, params, merchant, body, idempotencyKey),
    );
    notes.events = answer.events;
    return answer;
  };
  if (key === undefined) {
    const answer = await passing(merchant, route, () => run(undefined));
    return { reply: replyOf(answer), response: answer.response };
  }
  let headers: Readonly<Record<string, string>> = {};
  const keyed: Keyed = {
    merchant,
    key,
    fingerprint: fingerprintOf(merchant.store.host.sha256, { method, path: url.pathname, body }),
    answer: async (ledgerKey) => {
      try {
        return { reply: replyOf(await run(ledgerKey)) };
      } catch (error) {
        const done = failed(context, visit, error);
        headers = done.headers ?? {};
        return done;
      }
    },
  };
  // With its storing: a reset in between would leave an answer that tells of the book before.
  const { reply, replayed } = await passing(merchant, route, () => answerOnce(keyed));
  return { reply, headers, replayed };
};

/** Everything that the handler is given, read by the route's schemas; 400 with all that is wrong. */
const callOf = (
  { merchants }: ServeContext,
  { request, url }: Visit,
  route: AnyRoute,
  params: Readonly<Record<string, string>>,
  merchant: Merchant,
  { text, value, fault }: Body,
  idempotencyKey: string | undefined,
): Call<never, never, never> => {
  let body: unknown;
  if (route.body !== undefined) {
    const isLeftOut = route.bodyOptional === true && text === "";
    if (!isLeftOut) requireJson(request.headers.get("content-type"));
    if (fault !== undefined && !isLeftOut) throw fault;
    const schema = merchant.settings.strict ? route.body.strict : route.body.loose;
    body = read(schema, isLeftOut ? {} : value, settledFaults(value, merchant.settings));
  }
  const query = (): unknown =>
    route.query === undefined
      ? undefined
      : read(route.query, Object.fromEntries(url.searchParams.entries()));
  return {
    merchant,
    merchants,
    ledger: merchant.ledger,
    params: (route.params === undefined ? params : read(route.params, params)) as never,
    query: query() as never,
    body: body as never,
    idempotencyKey,
    request,
  };
};
