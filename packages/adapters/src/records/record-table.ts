/** The records of one owner in memory: what the implementations that hold them all share. */
import type { Json } from "@tallystick/core";
import type { PageRange, RecordChange, StoredRecord } from "./records.ts";

/** Values are kept as JSON text, so that nobody changes one from outside. */
class Collection {
  readonly texts = new Map<string, string>();
  /** Sorted; undefined until somebody asks for them. */
  #keys: string[] | undefined;

  put(key: string, text: string): void {
    if (!this.texts.has(key)) this.#enter(key);
    this.texts.set(key, text);
  }

  delete(key: string): void {
    if (!this.texts.delete(key) || this.#keys === undefined) return;
    this.#keys.splice(firstBehind(this.#keys, "", key), 1);
  }

  page({ after = "", prefix = "", limit }: PageRange): StoredRecord[] {
    this.#keys ??= [...this.texts.keys()].sort();
    const keys = this.#keys;
    const records: StoredRecord[] = [];
    for (let at = firstBehind(keys, after, prefix); at < keys.length; at += 1) {
      const key = keys[at] as string;
      if (records.length === limit || !key.startsWith(prefix)) break;
      records.push({ key, value: JSON.parse(this.texts.get(key) ?? "null") as Json });
    }
    return records;
  }

  /** Into its place: a queue of which the first goes and one comes behind is never sorted again. */
  #enter(key: string): void {
    const keys = this.#keys;
    const last = keys?.at(-1);
    if (keys === undefined) return;
    if (last === undefined || last < key) keys.push(key);
    else keys.splice(firstBehind(keys, "", key), 0, key);
  }
}

/** The place of the first key that is behind `after` and not before `prefix`. */
const firstBehind = (keys: readonly string[], after: string, prefix: string): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle] as string;
    if (key <= after || key < prefix) low = middle + 1;
    else high = middle;
  }
  return low;
};

export class RecordTable {
  readonly #collections = new Map<string, Collection>();

  /** How many records it holds. */
  get size(): number {
    let size = 0;
    for (const { texts } of this.#collections.values()) size += texts.size;
    return size;
  }

  get(collection: string, key: string): Json | undefined {
    const text = this.#collections.get(collection)?.texts.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  }

  page(collection: string, range: PageRange): readonly StoredRecord[] {
    return this.#collections.get(collection)?.page(range) ?? [];
  }

  apply(changes: readonly RecordChange[]): void {
    for (const change of changes) {
      const { collection } = change;
      if (change.kind === "clear") this.#collections.delete(collection);
      else if (change.kind === "delete") this.#collections.get(collection)?.delete(change.key);
      else this.#collection(collection).put(change.key, JSON.stringify(change.value));
    }
  }

  /** What makes an equal table out of an empty one. */
  *changes(): Generator<RecordChange> {
    for (const [collection, { texts }] of this.#collections)
      for (const [key, text] of texts)
        yield { kind: "put", collection, key, value: JSON.parse(text) as Json };
  }

  #collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new Collection();
      this.#collections.set(name, collection);
    }
    return collection;
  }
}
