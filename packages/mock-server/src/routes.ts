/** Every route there is, in the order in which they are documented. A new resource is entered here. */
import { accountRoutes } from "./billing/accounts.ts";
import { billRoutes } from "./billing/bills.ts";
import { customerRoutes } from "./billing/customers.ts";
import { clockRoutes } from "./control/clock.ts";
import { eventRoutes } from "./control/events.ts";
import { listRoutes } from "./control/lists.ts";
import { paymentRoutes } from "./control/payments.ts";
import { requestRoutes } from "./control/requests.ts";
import { resetRoutes } from "./control/reset.ts";
import { settingsRoutes } from "./control/settings.ts";
import type { AnyRoute } from "./http/route.ts";

export const billingRoutes: readonly AnyRoute[] = [
  ...customerRoutes,
  ...accountRoutes,
  ...billRoutes,
];

/** The control API: the mock's own, and none of Moment's. */
export const controlRoutes: readonly AnyRoute[] = [
  ...paymentRoutes,
  ...listRoutes,
  ...eventRoutes,
  ...requestRoutes,
  ...settingsRoutes,
  ...clockRoutes,
  ...resetRoutes,
];
