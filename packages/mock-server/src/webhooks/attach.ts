/** The webhooks of a merchant, bound to its life: the clock, its books, the end. */
import { invariant } from "@tallystick/core";
import type { Merchant } from "../merchant/merchant.ts";
import { Webhooks, type WebhooksOptions } from "./webhooks.ts";

const attached = new WeakMap<Merchant, Webhooks>();

export const webhooksOf = (merchant: Merchant): Webhooks => {
  const webhooks = attached.get(merchant);
  invariant(webhooks !== undefined, `${merchant.name} was opened without its webhooks`);
  return webhooks;
};

/** For a merchant that was opened, before anybody uses it. */
export const attachWebhooks = async (
  merchant: Merchant,
  options: WebhooksOptions,
): Promise<void> => {
  const webhooks = new Webhooks(merchant, options);
  attached.set(merchant, webhooks);
  merchant.dueWork.push(webhooks);
  merchant.goesOn.push(() => webhooks.goesOn);
  merchant.onClock.push(() => webhooks.wake());
  merchant.faults.onClear.push(() => webhooks.release());
  merchant.onReplacing.push(() => webhooks.stop());
  merchant.onReset.push(() => webhooks.begin());
  merchant.onClose.push(() => webhooks.stop());
  await webhooks.open();
};
