/** Accounts: E4 to E6. */
import { type CreateAccountInput, toCamelCase, type UpdateAccountInput } from "@tallystick/core";
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import {
  accountBody,
  accountSchema,
  createAccountBody,
  updateAccountBody,
} from "../wire/account.ts";
import { idOrReference } from "../wire/fields.ts";

const params = z.object({ account: idOrReference });

export const accountRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/billing/accounts",
    id: "createAccount",
    summary: "Create an account, and its customer where that is given as an object",
    tag: "billing",
    body: createAccountBody,
    idempotencyKey: "required",
    answers: { 201: accountSchema },
    refusals: [404, 409, 422],
    async handle({ ledger, body, idempotencyKey }) {
      const input = toCamelCase(body) as CreateAccountInput;
      const { entity, events } = await ledger.createAccount(input, { idempotencyKey });
      return { status: 201, body: accountBody(entity), events };
    },
  }),
  route({
    method: "GET",
    path: "/billing/accounts/{account}",
    id: "retrieveAccount",
    summary: "Retrieve an account",
    tag: "billing",
    params,
    answers: { 200: accountSchema },
    refusals: [404],
    async handle({ ledger, params: { account } }) {
      return { status: 200, body: accountBody(await ledger.retrieveAccount(account)) };
    },
  }),
  route({
    method: "PATCH",
    path: "/billing/accounts/{account}",
    id: "updateAccount",
    summary: "Update an account",
    tag: "billing",
    params,
    body: updateAccountBody,
    answers: { 200: accountSchema },
    refusals: [404, 422],
    async handle({ ledger, params: { account }, body }) {
      const input = toCamelCase(body) as UpdateAccountInput;
      const { entity, events } = await ledger.updateAccount(account, input);
      return { status: 200, body: accountBody(entity), events };
    },
  }),
];
