/** The typed client of the Moment Billing API (spec 2 and 3). Web standards only. */

export type { MomentAccount, MomentBill, MomentCustomer } from "./answers.ts";
export { createMomentClient, type MomentClient } from "./client.ts";
export {
  isMomentApiError,
  MomentApiError,
  type MomentErrorCode,
  type MomentFailure,
} from "./moment-api-error.ts";
export type { MomentClientOptions } from "./options.ts";
export type { Problem } from "./problem.ts";
export type {
  MomentReadOptions,
  MomentWriteOptions,
  MomentWritten,
  NewAccount,
  NewBill,
  NewCustomer,
} from "./requests.ts";
export type { RetryOptions } from "./retry-policy.ts";
export { type MomentHost, webHost } from "./web-host.ts";
