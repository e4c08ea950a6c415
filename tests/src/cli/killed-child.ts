/**
 * A process that ends itself as `kill -9` does, in the midst of its work: at the so-many-th hash that
 * is computed. Arguments: how many, then `demo PATH` or a command line.
 */

import { processIo, run } from "@tallystick/cli";
import { brightSpark } from "@tallystick/examples/bright-spark";

const [hashesText = "", ...argv] = process.argv.slice(2);
const io = processIo();
let hashesLeft = Number(hashesText);
const host = {
  ...io.host,
  sha256: (text: string): string => {
    hashesLeft -= 1;
    if (hashesLeft === 0) process.kill(process.pid, "SIGKILL");
    return io.host.sha256(text);
  },
};
const [first, path = ""] = argv;
process.exitCode = await (first === "demo"
  ? brightSpark({ ...io, host }, path)
  : run(argv, { ...io, host }));
