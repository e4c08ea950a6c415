/**
 * What is remembered beside the books, by collection. `generation` ones belong to one generation of a
 * book and go with it at a reset; the others stay.
 */

/** Keys `clock`, `settings`, `generation`, `last_generation`, `adopted`, `key_deleted`. */
export const merchantCollection = "merchant";
/** First answers by idempotency key. */
export const repliesCollection = "replies";

/** What payments and obligations are found by. */
export const indexCollection = "index";

/** Cleared by `POST /_mock/reset`. Whoever adds a collection that belongs to a book enters it here. */
export const generationCollections: readonly string[] = [repliesCollection, indexCollection];
