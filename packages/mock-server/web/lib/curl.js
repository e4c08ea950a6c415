/** A request as a command to paste into a shell. The key is never part of it. */

/** Inside single quotes a POSIX shell reads everything but the quote. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * @param {{ method: string, path: string, query?: string, body?: unknown,
 *   headers?: Record<string, string> }} request as the journal answers it
 * @param {string} origin
 */
export const curlOf = ({ method, path, query = "", body, headers = {} }, origin) => {
  const key = headers["idempotency-key"];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return [
    `curl -X ${method} ${quoted(`${origin}${path}${query}`)}`,
    `-H "Authorization: Bearer $TALLYSTICK_KEY"`,
    ...(key === undefined ? [] : [`-H ${quoted(`Idempotency-Key: ${key}`)}`]),
    ...(body === undefined || body === null
      ? []
      : [`-H 'Content-Type: application/json'`, `--data-raw ${quoted(text)}`]),
  ].join(" \\\n  ");
};
