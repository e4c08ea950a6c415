/** `tallystick mock` over SQLite, in a process of its own: tells its URL, and its usage when it is asked. */
import { run } from "@tallystick/cli";
import { usageNow } from "./orders.ts";

const [, , path = ""] = process.argv;
const ending = new AbortController();
process.on("message", () => process.send?.(usageNow()));
process.once("disconnect", () => ending.abort());
process.exitCode = await run(["mock", "--port", "0", "--store", `sqlite:${path}`], {
  signal: ending.signal,
  stdout: { write: (url) => process.send?.(url.trim()) },
  stderr: process.stderr,
});
