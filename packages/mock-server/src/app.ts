/** From a URL to its route: what is known, what is known under another method, what is not. */
import { Hono } from "hono";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { ConnectionCut } from "./http/cut.ts";
import { Problem, problemOf } from "./http/problem.ts";
import type { AnyRoute } from "./http/route.ts";
import { type ServeContext, serve } from "./http/serve.ts";

/** What needs no key. `path` as Hono writes it, such as `/pay/:obligation`. */
export interface Page {
  /** Default GET, which answers HEAD too. */
  readonly method?: "POST";
  readonly path: string;
  /** Undefined where there is nothing under these parameters. */
  handle(
    request: Request,
    params: Readonly<Record<string, string>>,
  ): Promise<Response | undefined> | Response | undefined;
}

export interface AppOptions extends ServeContext {
  /** False: what stands under `/_mock` is not there for anybody. */
  readonly isControlled: boolean;
  readonly routes: readonly AnyRoute[];
  readonly pages: readonly Page[];
}

/** `/billing/bills/{bill}` as Hono writes it. */
const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);

/** Methods by the pattern of their path: looked at only where no route was found. */
const methodsByPath = (routes: readonly AnyRoute[]): Map<string, string[]> => {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes)
    methods.set(path, [
      ...(methods.get(path) ?? []),
      ...(method === "GET" ? ["GET", "HEAD"] : [method]),
    ]);
  return methods;
};

/** Paths that are answered only to who has a key, whether there is something or not. */
const keptPaths = { controlled: /^\/(billing|_mock)(\/|$)/, billing: /^\/billing(\/|$)/ };

const notFoundPage = (path: string): Response =>
  Response.json(new Problem("not_found", `there is nothing at ${path}`).document(path), {
    status: 404,
    headers: { "content-type": "application/problem+json" },
  });

/** The server as a function from a request to an answer. */
export const createApp = ({
  routes,
  pages,
  isControlled,
  ...context
}: AppOptions): ((request: Request, env?: object) => Response | Promise<Response>) => {
  const kept = isControlled ? keptPaths.controlled : keptPaths.billing;
  const app = new Hono({ router: new RegExpRouter() });
  const known = [...methodsByPath(routes)].map(([path, methods]) => ({
    pattern: patternOf(path),
    allow: methods.join(", "),
  }));

  for (const route of routes)
    app.on(route.method, honoPath(route.path), (c) =>
      serve(
        context,
        { request: c.req.raw, url: new URL(c.req.url), method: c.req.method, env: c.env },
        route,
        c.req.param() as Record<string, string>,
      ),
    );
  for (const shown of pages)
    app.on(shown.method ?? "GET", shown.path, async (c) => {
      const page = await shown.handle(c.req.raw, c.req.param() as Record<string, string>);
      return page ?? notFoundPage(c.req.path);
    });

  app.onError((error, c) => {
    if (error instanceof ConnectionCut) throw error;
    context.onFailure(error);
    return Response.json(problemOf(error).document(c.req.path), {
      status: 500,
      headers: { "content-type": "application/problem+json" },
    });
  });
  app.notFound((c) => {
    const url = new URL(c.req.url);
    if (!kept.test(url.pathname)) return notFoundPage(url.pathname);
    const allow = known.find(({ pattern }) => pattern.test(url.pathname))?.allow;
    const problem =
      allow === undefined
        ? new Problem("not_found", `there is nothing at ${url.pathname}`)
        : new Problem(
            "method_not_allowed",
            `${c.req.method} is not for ${url.pathname}; use ${allow}`,
            {
              headers: { allow },
            },
          );
    return serve(context, { request: c.req.raw, url, method: c.req.method, env: c.env }, problem);
  });
  return (request, env) => app.fetch(request, env);
};
