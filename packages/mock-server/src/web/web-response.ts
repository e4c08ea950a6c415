/** A web file as the answer to a request: HEAD without a body, 304 where the browser has it. */
import type { WebFile } from "./web-files.ts";

/** Undefined where the path is none of ours, or the method is neither GET nor HEAD. */
export const webResponse = (
  request: Request,
  files: (path: string) => WebFile | undefined,
): Response | undefined => {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const found = files(new URL(request.url).pathname);
  if (found === undefined) return undefined;
  const known = (request.headers.get("if-none-match") ?? "").split(/\s*,\s*/);
  const unchanged = known.some((tag) => tag.replace(/^W\//, "") === found.headers["etag"]);
  if (unchanged) return new Response(null, { status: 304, headers: found.headers });
  return new Response(request.method === "HEAD" ? null : found.body, { headers: found.headers });
};
