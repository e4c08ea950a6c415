/** Lists of a ledger from their first page to their last, one object at a time. */
import type { Page } from "@tallystick/core";

/** The largest page that a list gives. */
const pageMax = 500;

/** Every object of a list, oldest first. Memory: one page. */
export async function* everyItem<Item>(
  list: (query: { limit: number; after?: string }) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let after: string | undefined;
  do {
    const page = await list({ limit: pageMax, ...(after === undefined ? {} : { after }) });
    yield* page.data;
    after = page.next;
  } while (after !== undefined);
}
