/** Writers that each wait for their own command before they send the next. */
import type { Pass } from "./measure.ts";

/** `count` commands by `writers` at once; `send` gets the number of the command, from 0. */
export const writing = async (
  writers: number,
  count: number,
  send: (command: number) => Promise<unknown>,
): Promise<Pass> => {
  const latencies = Array.from({ length: count }, () => 0);
  let next = 0;
  const writer = async (): Promise<void> => {
    for (let command = next++; command < count; command = next++) {
      const start = performance.now();
      await send(command);
      latencies[command] = (performance.now() - start) * 1000;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: writers }, writer));
  return { count, seconds: (performance.now() - start) / 1000, latencies };
};
