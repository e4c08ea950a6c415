/** Every route there is, in the order in which they are documented. A new resource is entered here. */
import { accountRoutes } from "./billing/accounts.ts";
import { billRoutes } from "./billing/bills.ts";
import { customerRoutes } from "./billing/customers.ts";
import { clockRoutes } from "./control/clock.ts";
import { eventRoutes } from "./control/events.ts";
import { faultRoutes } from "./control/faults.ts";
import { listRoutes } from "./control/lists.ts";
import { paymentListRoutes } from "./control/payment-list.ts";
import { paymentRulesRoutes } from "./control/payment-rules.ts";
import { paymentRoutes } from "./control/payments.ts";
import { requestRoutes } from "./control/requests.ts";
import { resetRoutes } from "./control/reset.ts";
import { settingsRoutes } from "./control/settings.ts";
import { snapshotRoutes } from "./control/snapshot.ts";
import { webhookRoutes } from "./control/webhooks.ts";
import type { AnyRoute } from "./http/route.ts";

export const billingRoutes: readonly AnyRoute[] = [
  ...customerRoutes,
  ...accountRoutes,
  ...billRoutes,
];

/** The control API: the mock's own, and none of Moment's. */
export const controlRoutes: readonly AnyRoute[] = [
  ...paymentRoutes,
  ...paymentRulesRoutes,
  ...listRoutes,
  ...paymentListRoutes,
  ...eventRoutes,
  ...requestRoutes,
  ...settingsRoutes,
  ...clockRoutes,
  ...webhookRoutes,
  ...faultRoutes,
  ...resetRoutes,
  ...snapshotRoutes,
];
