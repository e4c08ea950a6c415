/**
 * The raw body of a request, up to a limit. A signature is over bytes, so a body that something else
 * has read before cannot be made up for: that is a mistake in the wiring, and says so.
 */

/** The body was consumed before the receiver saw it. Recognise it by its `code`. */
export class RawBodyUnavailable extends Error {
  override readonly name = "RawBodyUnavailable";
  readonly code = "RAW_BODY_UNAVAILABLE";

  constructor(advice: string) {
    super(`the raw body of the webhook was read before the receiver saw it; ${advice}`);
  }
}

/** The bytes of a body; undefined where there are more than `limitBytes`, which are then not kept. */
export const readRawBody = async (
  request: Request,
  limitBytes: number,
): Promise<Uint8Array | undefined> => {
  if (request.bodyUsed || request.body?.locked === true)
    throw new RawBodyUnavailable(
      "hand it the request before anything calls json() or text() on it",
    );
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, length);
    length += value.byteLength;
    if (length > limitBytes) {
      // Whether the sender hears of it changes nothing here.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(value);
  }
};
