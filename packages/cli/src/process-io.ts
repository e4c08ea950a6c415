/** The process as the place where output goes and interruptions come from. */
import { nodeHost } from "@tallystick/adapters/host";
import type { Io, Output } from "./io.ts";

/**
 * Standard output or error. A reader that has gone away, such as `head`, is no failure: what comes
 * after is dropped, and the work goes on to its end.
 */
const untilClosed = (stream: NodeJS.WriteStream): Output => {
  let closed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed = true;
  });
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === "write" && closed) return () => true;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
};

/** The first Ctrl-C asks for an orderly end; the second one ends the process as it always does. */
const interruption = (): AbortSignal => {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    controller.abort();
    process.stderr.write(
      "\nStopping; what is acknowledged stays. Press Ctrl-C again to stop at once.\n",
    );
  });
  return controller.signal;
};

/** Takes over the interruptions of this process, so it is called once, by a program. */
export const processIo = (): Io => ({
  stdout: untilClosed(process.stdout),
  stderr: untilClosed(process.stderr),
  env: process.env,
  signal: interruption(),
  host: nodeHost,
});
