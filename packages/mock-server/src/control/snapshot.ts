/** A merchant's book as a text, and back; and as the beginning of another merchant's book. */
import type { RecordedCommit, Store } from "@tallystick/core";
import { z } from "zod";
import { readKey, type SecretKey } from "../http/key.ts";
import { invalid, Problem } from "../http/problem.ts";
import { type AnyRoute, bodySchema, route } from "../http/route.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { Merchants } from "../merchant/merchants.ts";

const bookSchema = z.object({
  position: z.int().min(0).meta({ description: "Where the book ends." }),
  commits: z.int().min(0),
});

const forkBody = bodySchema((object) =>
  object({
    to: z.string().meta({ description: "The secret key of a merchant without a book." }),
    at_position: z
      .int()
      .min(1)
      .meta({ description: "The last event that is taken along; default: all of them." })
      .optional(),
  }),
);

const tooFar = (position: number, end: number): Problem =>
  new Problem("unprocessable", `the book ends at position ${end}, before ${position}`, {
    errors: [{ field: "at_position", message: `must be 1 to ${end}` }],
  });

/** The number of the commit that ends at a position; 422 where none does. */
const commitEndingAt = async (store: Store, book: string, position: number): Promise<number> => {
  for await (const commits of store.readCommits(book))
    for (const { number, firstPosition, events } of commits) {
      const last = firstPosition + events.length - 1;
      if (events.length === 0 || last < position) continue;
      if (last === position) return number;
      throw new Problem(
        "unprocessable",
        `position ${position} lies inside a commit, of positions ${firstPosition} to ${last}`,
        {
          errors: [{ field: "at_position", message: `must be ${firstPosition - 1} or ${last}` }],
        },
      );
    }
  throw tooFar(position, (await store.head(book))?.position ?? 0);
};

const keyOf = (to: string): SecretKey => {
  try {
    return readKey(`Bearer ${to}`);
  } catch {
    throw invalid([{ field: "to", message: "must be a secret key, sk_test_… or sk_…" }]);
  }
};

const withTarget = <Result>(
  merchants: Merchants,
  to: string,
  work: (target: Merchant) => Promise<Result>,
): Promise<Result> => {
  const key = keyOf(to);
  if (!merchants.knows(key))
    throw new Problem("unprocessable", "no such key exists", {
      errors: [
        { field: "to", message: "must be one of the keys that the server was started with" },
      ],
    });
  return merchants.useNamed(merchants.nameOf(key), work);
};

const copied = (
  { store, book }: Merchant,
  upToCommit: number,
): AsyncIterable<readonly RecordedCommit[]> => store.readCommits(book, { upToCommit });

export const snapshotRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/snapshot",
    id: "retrieveSnapshot",
    summary: "The book as UTF-8 JSON Lines: a header, then one commit a line",
    tag: "mock",
    answers: { 200: undefined },
    media: { answer: "application/x-ndjson" },
    async handle({ merchant: { store, book } }) {
      const { snapshotOf } = await import("../merchant/snapshot.ts");
      const response = new Response(ReadableStream.from(snapshotOf(store, book)), {
        headers: { "content-type": "application/x-ndjson; charset=utf-8" },
      });
      return { status: 200, response };
    },
  }),
  route({
    method: "PUT",
    path: "/_mock/snapshot",
    id: "restoreSnapshot",
    summary: "Restore a book into an empty merchant, all of it or nothing",
    tag: "mock",
    apart: true,
    answers: { 200: bookSchema },
    media: { body: "application/x-ndjson" },
    refusals: [400, 409, 422],
    async handle({ merchant, request }) {
      const { restore } = await import("../merchant/snapshot.ts");
      const head = await merchant.adopt((book) => restore(merchant.store, book, request.body));
      return {
        status: 200,
        body: { position: head?.position ?? 0, commits: head?.commit ?? 0 },
      };
    },
  }),
  route({
    method: "POST",
    path: "/_mock/fork",
    id: "fork",
    summary: "Begin another merchant's book as this one is, or was at a position",
    tag: "mock",
    body: forkBody,
    idempotencyKey: "optional",
    answers: { 201: bookSchema.extend({ merchant: z.string() }) },
    refusals: [409, 422],
    handle: ({ merchant, merchants, body: { to, at_position: at } }) =>
      withTarget(merchants, to, async (target) => {
        const { store, book } = merchant;
        const head = await target.adopt(async (name) => {
          const end = await store.head(book);
          if (end === undefined || (at ?? 0) > end.position)
            throw tooFar(at ?? 1, end?.position ?? 0);
          const commit = at === undefined ? end.commit : await commitEndingAt(store, book, at);
          return store.importCommits(name, end.chainId, copied(merchant, commit));
        });
        return {
          status: 201,
          body: {
            merchant: target.name,
            position: head?.position ?? 0,
            commits: head?.commit ?? 0,
          },
        };
      }),
  }),
];
