/** A process that is interrupted as by Ctrl-C, in the midst of its work: at the so-many-th hash. */
import { processIo, run } from "@tallystick/cli";

const [hashesText = "", ...argv] = process.argv.slice(2);
const io = processIo();
let hashesLeft = Number(hashesText);
const host = {
  ...io.host,
  sha256: (text: string): string => {
    hashesLeft -= 1;
    if (hashesLeft === 0) process.kill(process.pid, "SIGINT");
    return io.host.sha256(text);
  },
};
process.exitCode = await run(argv, { ...io, host });
