/**
 * Many calls at once, so that a store can write them together. They are begun in the order of the
 * items, which is all the order that the ledger needs: it decides what concerns one target in the
 * order in which it was handed in.
 */

/** A few hundred fill a group of the store; more would only wait in memory. */
const inFlightMax = 512;

/**
 * Begins `task` for each item, at most `inFlightMax` at a time. After a failure, or once `signal` is
 * aborted, nothing more is begun; what is in flight is waited for. Rejects with the first failure.
 */
export const eachInFlight = async <Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  task: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> => {
  const failures: unknown[] = [];
  let running = 0;
  let wake = (): void => undefined;
  const roomFor = async (most: number): Promise<void> => {
    while (running > most)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  for await (const item of items) {
    if (signal?.aborted === true || failures.length > 0) break;
    running += 1;
    void task(item)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        running -= 1;
        wake();
      });
    await roomFor(inFlightMax - 1);
  }
  await roomFor(0);
  if (failures.length > 0) throw failures[0];
};
