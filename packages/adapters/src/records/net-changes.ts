/** What changes come to in the end, for an engine that takes them all at once and in no order. */
import type { RecordChange } from "./records.ts";

export interface OwnedChanges {
  readonly owner: string;
  readonly changes: readonly RecordChange[];
}

export interface NetChanges {
  /** Collections that are emptied before anything else. */
  readonly cleared: readonly (readonly [owner: string, collection: string])[];
  readonly deleted: readonly (readonly [owner: string, collection: string, key: string])[];
  /** Each key once; values as JSON text. */
  readonly put: readonly (readonly [
    owner: string,
    collection: string,
    key: string,
    value: string,
  ])[];
}

interface Collection {
  readonly owner: string;
  readonly name: string;
  isCleared: boolean;
  /** By key, the value that it ends with; undefined where it is deleted. */
  readonly last: Map<string, string | undefined>;
}

export const netChanges = (writes: readonly OwnedChanges[]): NetChanges => {
  const collections = new Map<string, Collection>();
  for (const { owner, changes } of writes)
    for (const change of changes) {
      const { collection: name } = change;
      // No name has a space in it.
      const place = `${owner} ${name}`;
      const collection = collections.get(place) ?? {
        owner,
        name,
        isCleared: false,
        last: new Map<string, string | undefined>(),
      };
      collections.set(place, collection);
      if (change.kind === "clear") {
        collection.isCleared = true;
        collection.last.clear();
      } else
        collection.last.set(
          change.key,
          change.kind === "put" ? JSON.stringify(change.value) : undefined,
        );
    }
  const all = [...collections.values()];
  const ends = all.flatMap(({ owner, name, last }) =>
    [...last].map(([key, value]) => [owner, name, key, value] as const),
  );
  return {
    cleared: all
      .filter(({ isCleared }) => isCleared)
      .map(({ owner, name }) => [owner, name] as const),
    deleted: ends
      .filter(([, , , value]) => value === undefined)
      .map(([owner, collection, key]) => [owner, collection, key] as const),
    put: ends.filter((end): end is [string, string, string, string] => end[3] !== undefined),
  };
};
