/** A line for each request, for whoever watches the server. No key and no body ever stands in it. */
import { performance } from "node:perf_hooks";
import { statusSent } from "./http/send.ts";
import type { LogLine } from "./options.ts";

type Fetch = (request: Request, env?: object) => Response | Promise<Response>;

export interface RequestLog {
  /** The same function, which tells of each request. */
  readonly wrap: (fetch: Fetch) => Fetch;
  /** Tells of what went wrong here. */
  readonly failure: (error: unknown) => void;
}

const toStandardError: LogLine = (line) => {
  process.stderr.write(`${line}\n`);
};

export const requestLog = (
  form: "json" | "pretty" | "none",
  write: LogLine = toStandardError,
): RequestLog => {
  const failure = (error: unknown): void => {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    write(form === "json" ? JSON.stringify({ error: told }) : told);
  };
  if (form === "none") return { wrap: (fetch) => fetch, failure };
  const line = (method: string, path: string, status: number, ms: number): string =>
    form === "json"
      ? JSON.stringify({ method, path, status, ms })
      : `${status} ${method} ${path} ${ms} ms`;
  return {
    failure,
    wrap: (fetch) => async (request, env) => {
      const beganAt = performance.now();
      const response = await fetch(request, env);
      const { pathname } = new URL(request.url);
      write(
        line(
          request.method,
          pathname,
          statusSent(response, env),
          Math.round(performance.now() - beganAt),
        ),
      );
      return response;
    },
  };
};
