/**
 * Reading one header of a request, from web `Headers` or from a plain record such as Node's, with
 * names in any case. A header that came twice is never read as either of its values.
 */

/** `Headers`, or a record of names and values; an array holds the values of a repeated header. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Every value that the header has: none, one, or more. `Headers` itself has joined them with ", " already. */
export const headerValues = (headers: WebhookHeaders, name: string): readonly string[] => {
  if (typeof headers.get === "function") {
    const value = headers.get(name);
    return value === null ? [] : [value];
  }
  return Object.entries(headers).flatMap(([key, value]) =>
    key.toLowerCase() !== name || value === undefined ? [] : value,
  );
};
