/** A request as a command to paste into a shell. The key is never part of it. */

/** Inside single quotes a POSIX shell reads everything but the quote. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * @param {{ method: string, path: string, request_body?: string, idempotency_key?: string }} request
 *   as the journal answers it
 * @param {string} origin
 */
export const curlOf = ({ method, path, request_body: body, idempotency_key: key }, origin) =>
  [
    `curl -X ${method} ${quoted(`${origin}${path}`)}`,
    `-H "Authorization: Bearer $TALLYSTICK_KEY"`,
    ...(key === undefined ? [] : [`-H ${quoted(`Idempotency-Key: ${key}`)}`]),
    ...(body === undefined || body === ""
      ? []
      : [`-H 'Content-Type: application/json'`, `--data-raw ${quoted(body)}`]),
  ].join(" \\\n  ");
