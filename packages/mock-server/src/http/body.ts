/**
 * The body of a request as a JSON value. Bounded in bytes and in depth; text that is no UTF-8 or no
 * JSON is a problem of the caller's, told before anything is looked up.
 */
import type { Json } from "@tallystick/core";
import { Problem } from "./problem.ts";

const bytesMax = 1024 * 1024;
const depthMax = 32;

const tooLarge = (): Problem =>
  new Problem("payload_too_large", `the body has more than ${bytesMax} bytes`, {
    // What is left of the body is not read, so nothing can follow it.
    headers: { connection: "close" },
  });

const decoder = new TextDecoder("utf-8", { fatal: true });

/** `invalid_request` for what is no UTF-8, `payload_too_large` above 1 MiB, which is not read on. */
const readText = async (request: Request): Promise<string> => {
  const stated = request.headers.get("content-length");
  if (stated !== null && Number(stated) > bytesMax) throw tooLarge();
  // Asking for `request.body` makes a stream of it, which costs more than all the rest: only where it must be.
  const bytes = await (stated === null
    ? readBounded(request.body)
    : request.arrayBuffer().catch(brokenOff));
  if (bytes.byteLength > bytesMax) throw tooLarge();
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new Problem("invalid_request", "the body is not UTF-8", { cause: error });
  }
};

/** The sender has gone: its fault, which nobody reads, and no failure here. */
const brokenOff = (cause: unknown): never => {
  throw new Problem("invalid_request", "the body broke off before its end", { cause });
};

/** A sender that does not say how much comes is stopped when it is too much. */
const readBounded = async (body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> => {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) return Buffer.concat(chunks);
    size += value.length;
    if (size > bytesMax) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
};

/** A body, read once. */
export interface Body {
  readonly text: string;
  /** Undefined where the text is no JSON; `fault` says why. */
  readonly value?: Json;
  readonly fault?: Problem;
}

/** The body of a request. What is wrong with its text is kept, to be told when it is asked for. */
export const readBody = async (request: Request): Promise<Body> => {
  const text = await readText(request);
  try {
    return { text, value: parseJson(text) };
  } catch (error) {
    return { text, fault: error as Problem };
  }
};

const isJson = /^application\/json\s*(;|$)/i;

/** `unsupported_media_type` unless it is JSON; without a Content-Type it is read as JSON (D-09). */
export const requireJson = (contentType: string | null): void => {
  if (contentType !== null && !isJson.test(contentType))
    throw new Problem(
      "unsupported_media_type",
      `the body is ${contentType.slice(0, 100)}; send application/json`,
    );
};

/** `invalid_request` for text that is no JSON, or that nests deeper than anything here. */
const parseJson = (text: string): Json => {
  if (nestsTooDeep(text))
    throw new Problem("invalid_request", `the body nests deeper than ${depthMax} levels`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const what = text.trim() === "" ? "the body is empty; send JSON" : "the body is not JSON";
    throw new Problem("invalid_request", what, { cause: error });
  }
};

const quote = 0x22;
const backslash = 0x5c;

/** Asked of the text, so that no deep value is ever built. */
const nestsTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === backslash) at += 1;
      else if (unit === quote) inString = false;
    } else if (unit === quote) inString = true;
    // "[" and "{", "]" and "}" differ in one bit.
    else if ((unit | 0x20) === 0x7b) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if ((unit | 0x20) === 0x7d) depth -= 1;
  }
  return false;
};
