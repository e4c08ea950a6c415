/** What the bridges share: a `Request` made of the parts that the receiver looks at. */

export type RawBody = Uint8Array | string | ReadableStream<Uint8Array>;

/** `Request` refuses the methods of proxies, which are as wrong here as any other. */
const forbidden: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * A request with the headers of a signature, and a raw body if it is a POST: nothing else is read.
 * Other headers are left behind, since a framework may carry names that web `Headers` refuses.
 */
export const webhookRequest = (
  method: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: () => RawBody,
): Request => {
  const url = "http://webhook.invalid/";
  if (method !== "POST")
    return new Request(url, { method: forbidden.has(method) ? "GET" : method });
  const carried = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (name.toLowerCase().startsWith("webhook-"))
      for (const each of [value ?? []].flat()) carried.append(name, each);
  return new Request(url, { method, headers: carried, body: body(), duplex: "half" });
};

/** A body that fails when it is read, so that the receiver answers and reports it like any failure. */
export const failingBody = (error: Error): ReadableStream<Uint8Array> =>
  new ReadableStream({ start: (controller) => controller.error(error) });

/** A body that a framework handed over, if it is still raw: a text or bytes. */
export const rawOf = (body: unknown): string | Uint8Array | undefined =>
  typeof body === "string" || body instanceof Uint8Array ? body : undefined;
