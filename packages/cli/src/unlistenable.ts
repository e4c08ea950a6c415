/** What is in the way of a server that cannot listen. */
import { usage } from "./cli-error.ts";

/** Why nothing can listen there, in words and with the next step; any other error as it is. */
export const unlistenable = (
  error: unknown,
  { port, host }: { readonly port: number; readonly host: string },
): unknown => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return usage(`port ${port} is taken; name another with --port, or --port 0 for any free one`);
  if (code === "EACCES") return usage(`port ${port} is not yours to open; name one above 1023`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return usage(`${host} is no address of this machine; name another with --host`);
  return error;
};
