/** The world of a process that gets a signal in the midst of its work: at the so-many-th hash. */
import { processIo } from "@tallystick/cli";

type ProcessIo = ReturnType<typeof processIo>;

/** `hashes` is the number of the hash before which the signal comes. */
export const signalledIo = (signal: NodeJS.Signals, hashes: number): ProcessIo => {
  const io = processIo();
  let left = hashes;
  const sha256 = (text: string): string => {
    left -= 1;
    if (left === 0) process.kill(process.pid, signal);
    return io.host.sha256(text);
  };
  return { ...io, host: { ...io.host, sha256 } };
};
