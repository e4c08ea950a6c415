/** What a merchant has settled: looked at, and changed. */

import { read } from "../http/read.ts";
import { type AnyRoute, route } from "../http/route.ts";
import { patchSettings, settingsPatch, settingsSchema } from "../merchant/settings.ts";

/** Settings are small and ours: a misspelt one is always refused. */
const patchBody = { loose: settingsPatch, strict: settingsPatch };

export const settingsRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/settings",
    id: "retrieveSettings",
    summary: "What the merchant has settled",
    tag: "mock",
    answers: { 200: settingsSchema },
    handle: async ({ merchant }) => ({ status: 200, body: merchant.settings }),
  }),
  route({
    method: "PATCH",
    path: "/_mock/settings",
    id: "updateSettings",
    summary: "Change settings; objects are merged one level deep",
    tag: "mock",
    body: patchBody,
    exclusive: true,
    answers: { 200: settingsSchema },
    async handle({ merchant, body }) {
      await merchant.settle(read(settingsSchema, patchSettings(merchant.settings, body)));
      return { status: 200, body: merchant.settings };
    },
  }),
];
