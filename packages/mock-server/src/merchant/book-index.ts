/**
 * What a merchant's payments and obligations are found by: an index beside the book, made of its
 * events and caught up with them before it is asked, so that no request reads the whole book and
 * nothing of it is held in memory. It can always be dropped and made again.
 *
 * Keys of the collection, with `place` in sixteen digits:
 * `checkpoint` · `obligation/{ob_…}` · `payment/{pay_…}` · `all/{place}` · `customer/{bcus_…}/{place}` ·
 * `status/{status}/{place}`. The last three hold the id of the payment. Nearly every payment has succeeded,
 * so those are found among all; only the other two statuses have keys.
 */
import type { RecordChange } from "@tallystick/adapters/records";
import { idPatterns, type Json, parseStreamId, type RecordedEvent } from "@tallystick/core";
import { indexCollection } from "./collections.ts";
import type { Merchant } from "./merchant.ts";
import {
  customersOf,
  type PaymentRow,
  type PaymentStatus,
  paymentAfter,
  paymentIdOf,
  statusOf,
} from "./payment-rows.ts";
import { Turns } from "./turns.ts";

/** Where an obligation is: its owner's stream, and whose it is. */
interface ObligationPlace {
  readonly streamId: string;
  readonly customer: string;
}

interface PaymentQuery {
  readonly status?: PaymentStatus | undefined;
  /** An id. */
  readonly customer?: string | undefined;
  /** Only those whose place lies behind this one. */
  readonly after: number;
  readonly count: number;
}

interface Checkpoint {
  readonly chainId: string;
  readonly position: number;
}

/** Entries that are looked at in one go where a second filter has to be asked of each. */
const stepMax = 500;

const usual: PaymentStatus = "succeeded";

const placeKey = (place: number): string => String(place).padStart(16, "0");
const obligationKey = (id: string): string => `obligation/${id}`;
const paymentKey = (id: string): string => `payment/${id}`;

/** Every key under which a payment is found. */
const listKeys = (row: PaymentRow): string[] => [
  `all/${placeKey(row.place)}`,
  ...(statusOf(row) === usual ? [] : [`status/${statusOf(row)}/${placeKey(row.place)}`]),
  ...customersOf(row).map((id) => `customer/${id}/${placeKey(row.place)}`),
];

const put = (key: string, value: unknown): RecordChange => ({
  kind: "put",
  collection: indexCollection,
  key,
  value: value as Json,
});

class BookIndex {
  readonly #merchant: Merchant;
  readonly #turns = new Turns();

  constructor(merchant: Merchant) {
    this.#merchant = merchant;
  }

  /** Undefined for what is no id of an obligation, or none of the book. */
  async obligation(id: string): Promise<ObligationPlace | undefined> {
    if (!idPatterns.obligation.test(id)) return undefined;
    await this.#catchUp();
    return (await this.#recall(obligationKey(id))) as unknown as ObligationPlace | undefined;
  }

  /** In the order of their places. */
  async payments({ status, customer, after, count }: PaymentQuery): Promise<PaymentRow[]> {
    await this.#catchUp();
    const prefix =
      customer !== undefined
        ? `customer/${customer}/`
        : status !== undefined && status !== usual
          ? `status/${status}/`
          : "all/";
    const found: PaymentRow[] = [];
    let last = `${prefix}${placeKey(after)}`;
    while (found.length < count) {
      const isFiltered = status !== undefined && !prefix.startsWith("status/");
      const limit = isFiltered ? Math.max(stepMax, count) : count;
      const range = { prefix, after: last, limit };
      const page = await this.#merchant.recallPage(indexCollection, range);
      for (const { value } of page) {
        const row = (await this.#recall(paymentKey(value as string))) as unknown as PaymentRow;
        if (status === undefined || statusOf(row) === status) found.push(row);
        if (found.length === count) break;
      }
      last = page.at(-1)?.key ?? last;
      if (page.length < limit) break;
    }
    return found;
  }

  #recall(key: string): Promise<Json | undefined> {
    return this.#merchant.recall(indexCollection, key);
  }

  /** Up to the end of the book as it was when this was called, at least. */
  #catchUp(): Promise<void> {
    return this.#turns.take(async () => {
      const { store, book } = this.#merchant;
      const head = await store.head(book);
      if (head === undefined) return;
      const checkpoint = (await this.#recall("checkpoint")) as unknown as Checkpoint | undefined;
      let position = checkpoint?.position ?? 0;
      // Another book under the name, or an older copy of it, was put in its place.
      if (position > head.position || (checkpoint?.chainId ?? head.chainId) !== head.chainId) {
        await this.#merchant.remember({ kind: "clear", collection: indexCollection });
        position = 0;
      }
      if (position === head.position) return;
      for await (const batch of store.readBook(book, { afterPosition: position }))
        await this.#take(head.chainId, batch);
    });
  }

  /** Notes a batch of events and how far it goes: all of it, or nothing. */
  async #take(chainId: string, events: readonly RecordedEvent[]): Promise<void> {
    const position = events.at(-1)?.position;
    if (position === undefined) return;
    const obligations = new Map<string, ObligationPlace>();
    const payments = new Map<string, { before?: PaymentRow; after?: PaymentRow }>();
    for (const event of events) {
      this.#noteObligation(obligations, event);
      const id = paymentIdOf(event);
      if (id === undefined) continue;
      let payment = payments.get(id);
      if (payment === undefined) {
        const before = (await this.#recall(paymentKey(id))) as unknown as PaymentRow | undefined;
        payment = before === undefined ? {} : { before, after: before };
        payments.set(id, payment);
      }
      const after = paymentAfter(payment.after, event, await this.#customerOf(obligations, event));
      if (after !== undefined) payment.after = after;
    }
    const changes: RecordChange[] = [];
    for (const [id, place] of obligations) changes.push(put(obligationKey(id), place));
    for (const [id, { before, after }] of payments) {
      if (after === undefined) continue;
      const stale = new Set(before === undefined ? [] : listKeys(before));
      for (const key of listKeys(after)) if (!stale.delete(key)) changes.push(put(key, id));
      for (const key of stale) changes.push({ kind: "delete", collection: indexCollection, key });
      changes.push(put(paymentKey(id), after));
    }
    const checkpoint: Checkpoint = { chainId, position };
    await this.#merchant.remember(...changes, put("checkpoint", checkpoint));
  }

  #noteObligation(
    obligations: Map<string, ObligationPlace>,
    { type, data, streamId }: RecordedEvent,
  ): void {
    if (type !== "customer.created" && type !== "account.created" && type !== "bill.created")
      return;
    obligations.set(data.obligationId, { streamId, customer: data.customerId });
  }

  /** Whose obligation an event is on; undefined for an event that is on none. */
  async #customerOf(
    obligations: ReadonlyMap<string, ObligationPlace>,
    { data, streamId }: RecordedEvent,
  ): Promise<string | undefined> {
    if (!("obligationId" in data)) return undefined;
    const { kind, id } = parseStreamId(streamId);
    if (kind === "customer") return id;
    const noted =
      obligations.get(data.obligationId) ??
      ((await this.#recall(obligationKey(data.obligationId))) as unknown as
        | ObligationPlace
        | undefined);
    return noted?.customer;
  }
}

const indexes = new WeakMap<Merchant, BookIndex>();

/** The index of a merchant's book. */
export const bookIndexOf = (merchant: Merchant): BookIndex => {
  let index = indexes.get(merchant);
  if (index === undefined) {
    index = new BookIndex(merchant);
    indexes.set(merchant, index);
  }
  return index;
};
