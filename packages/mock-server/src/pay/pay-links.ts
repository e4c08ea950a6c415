/**
 * Whose obligation an `ob_…` id is. No store has an index of them, since nothing else is found by
 * them: so each book that is asked about is read once, from the first event on, and then only what
 * was added. Costs near 100 bytes for each object of such a book.
 */
import { type Entity, type Ledger, parseStreamId, type StreamId } from "@tallystick/core";
import { Problem } from "../http/problem.ts";
import { type Merchant, merchantOfBook } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";
import { Turns } from "../merchant/turns.ts";

interface KnownBook {
  readonly book: string;
  readonly owners: Map<string, StreamId>;
  readonly turns: Turns;
  position: number;
}

export interface PayLink {
  readonly merchant: Merchant;
  readonly streamId: StreamId;
}

export class PayLinks {
  readonly #merchants: Merchants;
  readonly #listBooks: () => Promise<readonly string[]>;
  readonly #books = new WeakMap<Merchant, KnownBook>();

  constructor(merchants: Merchants, listBooks: () => Promise<readonly string[]>) {
    this.#merchants = merchants;
    this.#listBooks = listBooks;
  }

  /**
   * Works with the first book that knows the obligation, while nothing replaces its ledger; 404 where
   * none does. `only` is the public name of the one merchant to look at.
   */
  async use<Result>(
    obligationId: string,
    only: string | undefined,
    work: (link: PayLink) => Promise<Result>,
  ): Promise<Result> {
    for (const book of await this.#listBooks()) {
      const name = merchantOfBook(book);
      if (only !== undefined && name !== only) continue;
      const found = await this.#merchants.useNamed(name, (merchant) =>
        merchant.gate.shared(async () => {
          // Another generation may have begun since the book was listed.
          if (merchant.book !== book) return undefined;
          const streamId = await this.#ownerIn(merchant, obligationId);
          return streamId === undefined
            ? undefined
            : { result: await work({ merchant, streamId }) };
        }),
      );
      if (found !== undefined) return found.result;
    }
    throw new Problem("not_found", "nothing can be paid under this link");
  }

  async #ownerIn(merchant: Merchant, obligationId: string): Promise<StreamId | undefined> {
    const { book, store } = merchant;
    let known = this.#books.get(merchant);
    if (known?.book !== book) {
      known = { book, owners: new Map(), turns: new Turns(), position: 0 };
      this.#books.set(merchant, known);
    }
    const { owners, turns } = known;
    await turns.take(async () => {
      const range = { afterPosition: known.position };
      for await (const events of store.readBook(book, range))
        for (const { type, data, streamId, position } of events) {
          if (type === "customer.created" || type === "account.created" || type === "bill.created")
            owners.set(data.obligationId, streamId);
          known.position = position;
        }
    });
    return owners.get(obligationId);
  }
}

/** The object behind a stream, as it is now. */
export const entityOf = (ledger: Ledger, streamId: StreamId): Promise<Entity> => {
  const { kind, id } = parseStreamId(streamId);
  if (kind === "bill") return ledger.retrieveBill(id);
  return kind === "account" ? ledger.retrieveAccount(id) : ledger.retrieveCustomer(id);
};
