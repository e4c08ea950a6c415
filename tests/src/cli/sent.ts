/** Payments as good deliveries in a file, for tests that are about what comes after. */
import { signWebhook } from "@tallystick/adapters/webhooks";
import { fileOf } from "./support.ts";

const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const arrivedMs = Date.UTC(2026, 2, 10);

export const sent = async (
  payments: readonly object[],
): Promise<{ readonly secret: string; readonly file: string }> => {
  const lines = payments.map((payment, at) => {
    const data = { id: "ob_a", ...payment };
    const body = JSON.stringify({ id: `evt_${at}`, type: "obligation.amount_applied", data });
    const headers = signWebhook({ id: `msg_${at}`, timestamp: arrivedMs / 1000, body, secret });
    return JSON.stringify({ received_at: new Date(arrivedMs).toISOString(), headers, body });
  });
  return { secret, file: await fileOf(lines) };
};
