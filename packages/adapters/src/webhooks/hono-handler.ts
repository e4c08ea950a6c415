/**
 * The receiver behind Hono, which speaks `Request` and `Response` already:
 * `app.post("/webhooks", honoWebhookHandler(receiver))`. No middleware may read the body before it;
 * what Hono keeps of a parsed body is not the text that was signed.
 */
import type { WebhookReceiver } from "./receiver.ts";

export type HonoWebhookHandler = (context: {
  readonly req: { readonly raw: Request };
}) => Promise<Response>;

/** A Hono handler. A body that was read before is answered with 500, never taken for a forgery. */
export const honoWebhookHandler =
  (receiver: WebhookReceiver): HonoWebhookHandler =>
  ({ req }) =>
    receiver(req.raw);
