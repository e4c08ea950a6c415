/** Every route there is, in the order in which they are documented. A new resource is entered here. */
import { accountRoutes } from "./billing/accounts.ts";
import { billRoutes } from "./billing/bills.ts";
import { customerRoutes } from "./billing/customers.ts";
import { clockRoutes } from "./control/clock.ts";
import { faultRoutes } from "./control/faults.ts";
import { paymentRoutes } from "./control/payments.ts";
import { resetRoutes } from "./control/reset.ts";
import { settingsRoutes } from "./control/settings.ts";
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
  ...settingsRoutes,
  ...clockRoutes,
  ...webhookRoutes,
  ...faultRoutes,
  ...resetRoutes,
];
