/** The process as the place where output goes and interruptions come from. */
import { setImmediate } from "node:timers/promises";
import { nodeHost } from "@tallystick/adapters/host";
import type { CliError } from "./cli-error.ts";
import type { Io, Output } from "./io.ts";
import { unwritable } from "./unwritable.ts";

/**
 * Standard output or error. A reader that has gone away, such as `head`, is no failure: what comes
 * after is dropped, and the work goes on to its end. So it does after a failure, which is told then.
 */
const untilClosed = (stream: NodeJS.WriteStream, name: string): Output => {
  let closed = false;
  let failure: CliError | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && !closed) failure = unwritable(name, error);
    closed = true;
  });
  const settled = async (): Promise<void> => {
    // An error is told of right after the writes that failed have been called back.
    if (!closed) await new Promise((resolve) => stream.write("", resolve));
    await setImmediate();
    if (failure !== undefined) throw failure;
  };
  return new Proxy(stream, {
    get: (target, member) => {
      if (member === "settled") return settled;
      if (member === "write" && closed) return () => true;
      const value: unknown = Reflect.get(target, member, target);
      return typeof value === "function" ? value.bind(target) : value;
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
  // Whoever supervises the process has no need of words.
  process.once("SIGTERM", () => controller.abort());
  return controller.signal;
};

/** Takes over the interruptions of this process, so it is called once, by a program. */
export const processIo = (): Io => ({
  stdout: untilClosed(process.stdout, "standard output"),
  stderr: untilClosed(process.stderr, "standard error"),
  env: process.env,
  signal: interruption(),
  host: nodeHost,
});
