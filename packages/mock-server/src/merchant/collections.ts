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
/** Webhook endpoints by id. */
export const endpointsCollection = "webhook_endpoints";
/** Up to which position an endpoint's events were taken on, by endpoint; `#count` is the last number of an attempt. */
export const positionsCollection = "webhook_positions";
/** Attempts to deliver, made and planned, by their number. */
export const attemptsCollection = "deliveries";
/** Numbers of attempts by event, endpoint and count. */
export const attemptsOfEventCollection = "deliveries_of_event";
/** Planned attempts by endpoint, instant and number. */
export const dueCollection = "deliveries_due";

/** Cleared by `POST /_mock/reset`. Whoever adds a collection that belongs to a book enters it here. */
export const generationCollections: readonly string[] = [
  repliesCollection,
  indexCollection,
  positionsCollection,
  attemptsCollection,
  attemptsOfEventCollection,
  dueCollection,
];
