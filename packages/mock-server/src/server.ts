/** A mock server: the ledger core behind HTTP, with or without a port. */
import type { AddressInfo } from "node:net";
import { nodeHost } from "@tallystick/adapters/host";
import { generateSecret } from "@tallystick/adapters/webhooks";
import { type Fault, faultsOf, type Host, LedgerError, msOfInstant } from "@tallystick/core";
import { createApp, type Page } from "./app.ts";
import type { MerchantClock } from "./merchant/clock.ts";
import { merchantOfBook } from "./merchant/merchant.ts";
import { Merchants } from "./merchant/merchants.ts";
import { defaultSettings } from "./merchant/settings.ts";
import { type MockServerOptions, optionsSchema, type ReadOptions } from "./options.ts";
import { payPages } from "./pay/pay-pages.ts";
import { requestLog } from "./request-log.ts";
import { billingRoutes, controlRoutes } from "./routes.ts";
import { openStorage, type Storage } from "./storage.ts";
import { webPages } from "./web/web-pages.ts";
import { attachWebhooks, webhooksOf } from "./webhooks/attach.ts";
import { configuredEndpoints, newlyConfigured, noteConfigured } from "./webhooks/configured.ts";

/** Each member may be handed on by itself: `createMomentClient({ fetch: server.fetch })`. */
export interface MockServer {
  /** Answers a request as the server would; needs no port. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Resolves once every webhook that is due by its merchant's clock was attempted, so that a test can
   * look at what came. Retries that are planned for later are not waited for.
   */
  readonly settled: () => Promise<void>;
  /** Listens on the port and address of the options; once, however often it is called. */
  readonly listen: () => Promise<Listening>;
  /** Stops listening, finishes what is in flight, closes the store. Calling it again does nothing. */
  readonly close: () => Promise<void>;
}

export interface Listening {
  /** Such as `http://127.0.0.1:4010`. */
  readonly url: string;
  /** The same as that of the server. */
  readonly close: () => Promise<void>;
}

type Fetch = (request: Request, env?: object) => Response | Promise<Response>;

interface Running {
  readonly fetch: Fetch;
  readonly storage: Storage;
  readonly merchants: Merchants;
  /** Every merchant that has something to send is at it again. */
  readonly resumed: Promise<void>;
}

const readOptions = (options: MockServerOptions): ReadOptions => {
  const parsed = optionsSchema.safeParse(options, { reportInput: true });
  if (parsed.success) return parsed.data;
  const faults: Fault[] = faultsOf(parsed.error.issues, []);
  const told = faults.map(({ field, message }) => `${field} ${message}`).join("; ");
  throw new LedgerError("INVALID_INPUT", `createMockServer: ${told}`, { detail: { faults } });
};

/** A host whose clock is, for a merchant's book, that merchant's. */
const hostOfClocks = (machine: Host, clocks: ReadonlyMap<string, MerchantClock>): Host => ({
  ...machine,
  now: (book) =>
    (book === undefined ? undefined : clocks.get(merchantOfBook(book))?.nowMs()) ?? machine.now(),
});

const openApiPage = (isControlled: boolean): Page => ({
  path: "/openapi.json",
  async handle() {
    const { openApiText } = await import("./openapi/document.ts");
    return new Response(openApiText({ isControlled }), {
      headers: { "content-type": "application/json" },
    });
  },
});

/** Opens every merchant there is, one after the other: each goes on with its deliveries. */
const resume = async (merchants: Merchants, isClosing: () => boolean): Promise<void> => {
  for (const name of await merchants.names()) {
    if (isClosing()) return;
    await merchants.useNamed(name, async () => undefined);
  }
};

const stopWebhooks = async (merchants: Merchants): Promise<void> => {
  for (const name of merchants.opened)
    await merchants.useNamed(name, (merchant) => webhooksOf(merchant).stop());
};

const start = async (
  options: ReadOptions,
  secret: string,
  isClosing: () => boolean,
): Promise<Running> => {
  const { machine = nodeHost, control, onLog, log, demoKey } = options;
  const clocks = new Map<string, MerchantClock>();
  const storage = await openStorage(options.store, hostOfClocks(machine, clocks));
  const logged = requestLog(log, onLog);
  const configured = configuredEndpoints(machine, options.webhookUrl, secret);
  let newly = await newlyConfigured(storage.records, configured);
  const merchants = new Merchants({
    storage,
    machine,
    clocks,
    keys: options.secretKey,
    defaults: {
      settings: {
        ...defaultSettings,
        currencies: [...options.currencies],
        idempotency_key: options.idempotencyKey,
        strict: options.strict,
      },
      clock: options.clock === "real" ? { aheadMs: 0 } : { frozenAtMs: msOfInstant(options.clock) },
    },
    onOpen: [
      (merchant) =>
        attachWebhooks(merchant, {
          machine,
          deliver: options.deliver ?? fetch,
          configured,
          newlyConfigured: () => newly,
          onFailure: logged.failure,
        }),
    ],
  });
  const onFailure = logged.failure;
  const listBooks = (): Promise<readonly string[]> => storage.store.listBooks();
  const document = openApiPage(control);
  const app = createApp({
    merchants,
    routes: control ? [...billingRoutes, ...controlRoutes] : billingRoutes,
    pages: control
      ? [document, ...payPages({ merchants, listBooks, onFailure }), ...webPages({ demoKey })]
      : [document],
    isControlled: control,
    onFailure,
  });
  const resumed = resume(merchants, isClosing);
  if (newly.size > 0) {
    // Only what comes after it is sent to a new one, and nobody may be served before that is settled.
    await resumed;
    await noteConfigured(storage.records, newly);
    newly = new Set();
  }
  resumed.catch(logged.failure);
  return { fetch: logged.wrap(app), storage, merchants, resumed };
};

/**
 * A server that is ready when it is first used. `INVALID_INPUT` for options that make no sense, at
 * once; the errors of its store from `fetch` and `listen`.
 */
export const createMockServer = (options: MockServerOptions = {}): MockServer => {
  const read = readOptions(options);
  const secret = read.webhookSecret ?? generateSecret((read.machine ?? nodeHost).randomBytes);
  let starting: Promise<Running> | undefined;
  let closing: Promise<void> | undefined;
  let listening: Promise<Listening> | undefined;
  let stopListening: (() => Promise<void>) | undefined;
  const inFlight = new Set<Promise<Response>>();

  const running = (): Promise<Running> => {
    if (closing !== undefined)
      throw new LedgerError("STORE_CLOSED", "the mock server was closed; create another one");
    starting ??= start(read, secret, () => closing !== undefined);
    return starting;
  };

  const answer = async (request: Request, env?: object): Promise<Response> => {
    const { fetch } = await running();
    const answering = Promise.resolve(fetch(request, env));
    inFlight.add(answering);
    try {
      return await answering;
    } finally {
      inFlight.delete(answering);
    }
  };

  const shutDown = async (): Promise<void> => {
    if (starting !== undefined) {
      const begun = await starting.catch(() => undefined);
      begun?.merchants.closeStreams();
      // An endpoint that hangs would hold up the clock's requests: what is due is made at the next start.
      if (begun !== undefined) await stopWebhooks(begun.merchants);
    }
    await stopListening?.();
    await Promise.allSettled(inFlight);
    if (starting === undefined) return;
    const { merchants, storage, resumed } = await starting;
    await resumed.catch(() => undefined);
    await merchants.close();
    await storage.close();
  };

  const close = (): Promise<void> => {
    closing ??= shutDown();
    return closing;
  };

  const listen = async (): Promise<Listening> => {
    try {
      await running();
      const { serveHttp } = await import("./listen.ts");
      const { address, stop } = await serveHttp(answer, read);
      stopListening = stop;
      return { url: urlOf(address), close };
    } catch (error) {
      listening = undefined;
      throw error;
    }
  };

  return {
    fetch: async (request) => answer(request),
    async settled() {
      const { merchants, resumed } = await running();
      await resumed;
      for (const name of merchants.opened)
        await merchants.useNamed(name, (merchant) => webhooksOf(merchant).settled());
    },
    listen() {
      listening ??= listen();
      return listening;
    },
    close,
  };
};

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
