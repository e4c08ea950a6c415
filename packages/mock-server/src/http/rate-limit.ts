/** A limit on how often `/billing` may be asked, in fixed windows of the merchant's clock (D-20). Off by default. */
import type { Merchant } from "../merchant/merchant.ts";
import { Problem } from "./problem.ts";

interface Window {
  readonly endsAtMs: number;
  count: number;
}

const windows = new WeakMap<Merchant, Window>();

/** Counts a request; 429 where it is one too many, with the seconds until the next window. */
export const countRequest = (merchant: Merchant): void => {
  const { rate_limit: limit } = merchant.settings;
  if (limit === null) return;
  const nowMs = merchant.clock.nowMs();
  let window = windows.get(merchant);
  if (window === undefined || nowMs >= window.endsAtMs) {
    window = { endsAtMs: nowMs + limit.seconds * 1000, count: 0 };
    windows.set(merchant, window);
  }
  window.count += 1;
  if (window.count <= limit.requests) return;
  const waitSeconds = Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000));
  throw new Problem(
    "rate_limited",
    `more than ${limit.requests} requests in ${limit.seconds} seconds; wait ${waitSeconds} seconds`,
    { headers: { "retry-after": String(waitSeconds) } },
  );
};
