/** Beginning anew: an empty book, with endpoints, settings and clock as they are; and deleting the key. */
import { type AnyRoute, route } from "../http/route.ts";

export const resetRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/_mock/reset",
    id: "reset",
    summary: "Begin a new, empty generation of the book",
    tag: "mock",
    idempotencyKey: "optional",
    exclusive: true,
    answers: { 204: undefined },
    async handle({ merchant }) {
      await merchant.reset();
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/_mock/key",
    id: "deleteKey",
    summary: "Delete the key: 403 on /billing until a reset",
    tag: "mock",
    answers: { 204: undefined },
    async handle({ merchant }) {
      await merchant.deleteKey();
      return { status: 204 };
    },
  }),
];
