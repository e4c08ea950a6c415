/** Webhooks of the Moment Billing API: signing, verifying, receiving (spec 6). */

export type { DeadLetter, KeepDeadLetter } from "./dead-letters.ts";
export {
  type AmountApplied,
  amountAppliedType,
  type EnvelopeRead,
  type OtherEvent,
  readEnvelope,
} from "./envelope.ts";
export {
  type FastifyLike,
  type FastifyWebhookOptions,
  fastifyWebhooks,
} from "./fastify-plugin.ts";
export { fileDeadLetters } from "./file-dead-letters.ts";
export type { WebhookHeaders } from "./headers.ts";
export { type HonoWebhookHandler, honoWebhookHandler } from "./hono-handler.ts";

export {
  type NodeWebhookHandler,
  nodeWebhookHandler,
} from "./node-handler.ts";
export { RawBodyUnavailable } from "./raw-body.ts";
export type { Delivery, Received, ReceivedPayment } from "./receive.ts";
export {
  createWebhookReceiver,
  type ReceiverCounts,
  type WebhookReceiver,
  type WebhookReceiverOptions,
} from "./receiver.ts";
export { generateSecret, type Secrets, secretKey } from "./secret.ts";
export { type SignatureHeaders, type SignOptions, signWebhook } from "./sign.ts";
export {
  toleranceMsDefault,
  type Verified,
  type VerifyInput,
  type VerifyReason,
  verifyWebhook,
} from "./verify.ts";
