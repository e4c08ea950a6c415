/** What a client is made of, checked once: `INVALID_INPUT` that never repeats the key. */
import { faulty } from "../store/faulty.ts";
import { uuids } from "./idempotency-key.ts";
import { type RetryOptions, type RetryPolicy, retryDefaults } from "./retry-policy.ts";
import { type MomentHost, webHost } from "./web-host.ts";

export interface MomentClientOptions {
  /**
   * `sk_test_…` or `sk_…`; the key chooses the mode (spec 2.2). Public keys may not use the billing
   * API and are refused here. A secret key has no place in a browser.
   */
  readonly secretKey: string;
  /**
   * Default `https://api.momentpay.net` (D-48). Plain `http:` only on the loopback, or with a test
   * key: a live key never goes over the wire in clear text.
   */
  readonly baseUrl?: string | undefined;
  /** Default: the global `fetch`. That of a mock server calls it within the process. */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
  /** Makes the key of a call that was given none. Default: random UUIDs. */
  readonly idempotencyKeys?: (() => string) | undefined;
  readonly retry?: RetryOptions | undefined;
  /**
   * How long one attempt may take, its whole answer included, in milliseconds: 1 to 600000. A short
   * one finds out sooner, and leaves more calls in doubt. Default 30000.
   */
  readonly timeoutMs?: number | undefined;
  /** Clock, randomness, pauses and time-outs. Default: those of the web platform. */
  readonly host?: MomentHost | undefined;
}

export interface Settings {
  readonly authorization: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly idempotencyKeys: () => string;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly host: MomentHost;
  /** The text without the secret key. */
  readonly redact: (text: string) => string;
}

const baseUrlDefault = "https://api.momentpay.net";
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const refuse = (field: string, message: string): Error =>
  faulty("createMomentClient", field, message);

const readSecretKey = (secretKey: string): string => {
  if (typeof secretKey !== "string" || secretKey === "")
    throw refuse("secretKey", "must be a text");
  if (secretKey.startsWith("pk_"))
    throw refuse("secretKey", "is a public key; the billing API takes secret keys, sk_…");
  if (!/^sk_[A-Za-z0-9_.~+=-]{1,500}$/.test(secretKey))
    throw refuse("secretKey", "must be sk_ and letters or digits, with no spaces or line breaks");
  return secretKey;
};

const readBaseUrl = (baseUrl: string, secretKey: string): string => {
  const url = URL.parse(baseUrl);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw refuse("baseUrl", "must be a URL such as https://api.momentpay.net");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw refuse("baseUrl", "must have no user, query or fragment");
  const mayBePlain = loopback.test(url.hostname) || secretKey.startsWith("sk_test_");
  if (url.protocol === "http:" && !mayBePlain)
    throw refuse("baseUrl", "must be https: a live key would go over the wire in clear text");
  return url.href.replace(/\/+$/, "");
};

const readNumber = (field: string, value: number, min: number, max: number): number => {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw refuse(field, `must be a whole number from ${min} to ${max}`);
};

export const readOptions = (options: MomentClientOptions): Settings => {
  const { host = webHost, retry = {}, timeoutMs = 30_000 } = options;
  const { attempts, baseMs, maxMs } = retryDefaults;
  const secretKey = readSecretKey(options.secretKey);
  return {
    authorization: `Bearer ${secretKey}`,
    baseUrl: readBaseUrl(options.baseUrl ?? baseUrlDefault, secretKey),
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    idempotencyKeys: options.idempotencyKeys ?? uuids(host.randomBytes),
    retry: {
      attempts: readNumber("retry.attempts", retry.attempts ?? attempts, 1, 10),
      baseMs: readNumber("retry.baseMs", retry.baseMs ?? baseMs, 0, 60_000),
      maxMs: readNumber("retry.maxMs", retry.maxMs ?? maxMs, 0, 60_000),
    },
    timeoutMs: readNumber("timeoutMs", timeoutMs, 1, 600_000),
    host,
    redact: (text) => text.replaceAll(secretKey, "sk_…"),
  };
};
