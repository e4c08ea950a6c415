/** Writers that each wait for their own command before they send the next. */
import type { Pass } from "./measure.ts";

/**
 * `count` commands by `writers` at once; `send` gets the number of the command, from 0. After `limitMs`
 * milliseconds no further one is sent, and the pass counts what was done. The first failure is thrown when
 * no writer is at work any more.
 */
export const writing = async (
  writers: number,
  count: number,
  send: (command: number) => Promise<unknown>,
  limitMs: number = Number.POSITIVE_INFINITY,
): Promise<Pass> => {
  const latencies: number[] = [];
  const begin = performance.now();
  const failures: unknown[] = [];
  let next = 0;
  const writer = async (): Promise<void> => {
    for (let command = next++; command < count; command = next++) {
      const start = performance.now();
      if (start - begin > limitMs || failures.length > 0) return;
      try {
        await send(command);
      } catch (error) {
        failures.push(error);
        return;
      }
      latencies.push((performance.now() - start) * 1000);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  if (failures.length > 0) throw failures[0];
  return { count: latencies.length, seconds: (performance.now() - begin) / 1000, latencies };
};
