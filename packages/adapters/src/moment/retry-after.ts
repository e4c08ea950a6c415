/** The header `Retry-After` (RFC 9110): seconds, or an HTTP date. */

const seconds = /^\d{1,9}$/;
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds from `now` (ms since 1970) on, 0 or more; undefined for a value that says nothing. */
export const retryAfterMs = (header: string | null, now: number): number | undefined => {
  const value = header?.trim() ?? "";
  if (seconds.test(value)) return Number(value) * 1000;
  if (!httpDate.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};
