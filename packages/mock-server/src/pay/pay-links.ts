/**
 * Whose obligation an `ob_…` id is: asked of the index of each book, or of one merchant's alone. Where
 * several know it, because one's book began as a copy of another's, the oldest book is meant.
 */
import { type Entity, type Ledger, parseStreamId, type StreamId } from "@tallystick/core";
import { Problem } from "../http/problem.ts";
import { bookIndexOf } from "../merchant/book-index.ts";
import { type Merchant, merchantOfBook } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";

export interface PayLink {
  readonly merchant: Merchant;
  readonly streamId: StreamId;
}

const unknownLink = (): Problem => new Problem("not_found", "nothing can be paid under this link");

/** A book that began where it is goes before all that were taken over, and those before later ones. */
const ageOf = ({ adopted }: Merchant): number => adopted?.atMs ?? Number.NEGATIVE_INFINITY;

export class PayLinks {
  readonly #merchants: Merchants;
  readonly #listBooks: () => Promise<readonly string[]>;

  constructor(merchants: Merchants, listBooks: () => Promise<readonly string[]>) {
    this.#merchants = merchants;
    this.#listBooks = listBooks;
  }

  /**
   * Works with the merchant whose obligation it is, while nothing replaces its ledger; 404 where there is
   * none. `only` is the public name of the one merchant to look at.
   */
  async use<Result>(
    obligationId: string,
    only: string | undefined,
    work: (link: PayLink) => Promise<Result>,
  ): Promise<Result> {
    const name = await this.#holderOf(obligationId, only);
    return this.#merchants.useNamed(name, (merchant) =>
      merchant.gate.shared(async () => {
        const place = await bookIndexOf(merchant).obligation(obligationId);
        // A reset may have come since it was found.
        if (place === undefined) throw unknownLink();
        return work({ merchant, streamId: place.streamId });
      }),
    );
  }

  async #holderOf(obligationId: string, only: string | undefined): Promise<string> {
    const names = new Set((await this.#listBooks()).map(merchantOfBook));
    let oldest: { readonly name: string; readonly age: number } | undefined;
    for (const name of names) {
      if (only !== undefined && name !== only) continue;
      const age = await this.#merchants.useNamed(name, (merchant) =>
        merchant.gate.shared(async () =>
          (await bookIndexOf(merchant).obligation(obligationId)) === undefined
            ? undefined
            : ageOf(merchant),
        ),
      );
      if (age !== undefined && (oldest === undefined || age < oldest.age)) oldest = { name, age };
    }
    if (oldest === undefined) throw unknownLink();
    return oldest.name;
  }
}

/** The object behind a stream, as it is now. */
export const entityOf = (ledger: Ledger, streamId: StreamId): Promise<Entity> => {
  const { kind, id } = parseStreamId(streamId);
  if (kind === "bill") return ledger.retrieveBill(id);
  return kind === "account" ? ledger.retrieveAccount(id) : ledger.retrieveCustomer(id);
};
