/**
 * A process that sends waves of commands to a ledger over a file, until it is killed or done, and
 * says on standard output, one JSON line each and before anything else happens, what it was answered.
 *
 * Arguments: path, first wave, how many waves, then how it dies: `never`, `killed` (it waits for it
 * when it is done), `answer N` (of its own hand when the N-th answer arrives, before it is told) or
 * `hash N` (at the N-th hash that is computed, so in the midst of deciding and writing).
 */
import { writeSync } from "node:fs";
import { fileStore } from "@tallystick/adapters/file";
import { nodeHost } from "@tallystick/adapters/host";
import { openLedger } from "@tallystick/core";
import { answerTo } from "../stored/replay.ts";
import { keyOf, waves } from "./commands.ts";

const [path = "", first = "", count = "", end = "", endAt = ""] = process.argv.slice(2);
const say = (line: object): void => {
  writeSync(1, `${JSON.stringify(line)}\n`);
};
const countdown = (what: string): (() => void) => {
  let left = end === what ? Number(endAt) : Number.POSITIVE_INFINITY;
  return () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
};
const [answered, hashed] = [countdown("answer"), countdown("hash")];

const store = await fileStore(path, {
  host: {
    ...nodeHost,
    sha256: (text) => {
      hashed();
      return nodeHost.sha256(text);
    },
  },
  onRecovery: ({ bytes, afterCommit }) => say({ recovered: { bytes, afterCommit } }),
});
const ledger = openLedger({ store });
for (const wave of waves.slice(Number(first), Number(first) + Number(count)))
  await Promise.all(
    wave.map(async (call) => {
      const answer = await answerTo(ledger, call);
      answered();
      say({ key: keyOf(call), answer });
    }),
  );
// Nothing but a signal ends this process now.
if (end !== "never") setInterval(() => undefined, 60_000);
else await store.close();
