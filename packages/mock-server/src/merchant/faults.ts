/**
 * What goes wrong on purpose: a merchant's list of faults for requests and webhooks, oldest first. In
 * memory: a restart brings a server that works. Of several that fit, the oldest alone takes effect,
 * so faults that are entered one after the other hit one request after the other.
 */

export type RequestEffect =
  /** Answered with a problem of this status, before anything is done. */
  | { readonly status: number }
  /** Answered later, in milliseconds of real time. */
  | { readonly delay_ms: number }
  /** The connection is cut before anything is done. */
  | "drop_before"
  /** The work is done and its reply stored, then the connection is cut. */
  | "commit_then_drop";

export type WebhookEffect =
  /** Nothing is sent, and the attempt has failed. */
  | "drop"
  /** Sent twice. */
  | "duplicate"
  /** Sent later, in milliseconds of the merchant's clock. */
  | { readonly delay_ms: number }
  /** Sent after the next to the same endpoint. */
  | "reorder"
  /** Signed with a key that nobody has. */
  | "bad_signature"
  /** Signed with a timestamp of an hour ago. */
  | "stale_timestamp";

/** How often, and with which luck. */
interface Frequency {
  /** How often it takes effect; 1 or more. */
  readonly times: number;
  /** Whether it takes effect where it fits, from 0 to 1. */
  readonly probability?: number | undefined;
  /** Repeats the draws. */
  readonly seed?: number | undefined;
}

interface RequestFault extends Frequency {
  /** What is absent fits everything; see `fits`. */
  readonly on: { readonly method?: string | undefined; readonly path?: string | undefined };
  readonly effect: RequestEffect;
}

interface WebhookFault extends Frequency {
  readonly on: "webhook";
  readonly effect: WebhookEffect;
}

export type Fault = RequestFault | WebhookFault;

export type LiveFault = Fault & {
  readonly id: string;
  /** How often it has taken effect; less than `times`. */
  readonly fired: number;
};

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  fired: number;
  drawn: number;
}

/** More are refused. */
export const faultsMax = 1000;

/** Without a path: what is Moment's, and paying. */
const anyPath = /^\/(billing|_mock\/payments)(\/|$)/;

const isWebhookFault = (fault: Fault): fault is WebhookFault => fault.on === "webhook";

const fits = (fault: Fault, method: string, path: string): fault is RequestFault =>
  !isWebhookFault(fault) &&
  (fault.on.method === undefined || fault.on.method === method) &&
  (fault.on.path === undefined ? anyPath.test(path) : fault.on.path === path);

/** Hexadecimal digits that make a number below 2^52. */
const drawDigits = 13;

export class Faults {
  /** Told after all were taken away. */
  readonly onClear: (() => void)[] = [];
  readonly #sha256: (text: string) => string;
  #entries: readonly Entry[] = [];
  #last = 0;

  constructor(sha256: (text: string) => string) {
    this.#sha256 = sha256;
  }

  /** Those that will take effect yet, oldest first. */
  get list(): readonly LiveFault[] {
    return this.#entries.map(({ id, fault, fired }) => ({ id, ...fault, fired }));
  }

  add(fault: Fault): LiveFault {
    this.#last += 1;
    const entry = { id: `fault_${this.#last}`, fault, fired: 0, drawn: 0 };
    this.#entries = [...this.#entries, entry];
    return { id: entry.id, ...fault, fired: 0 };
  }

  clear(): void {
    this.#entries = [];
    for (const told of this.onClear) told();
  }

  /** What happens to a request; counted. */
  ofRequest(method: string, path: string): RequestEffect | undefined {
    for (const entry of this.#entries)
      if (fits(entry.fault, method, path) && this.#fires(entry)) return entry.fault.effect;
    return undefined;
  }

  /** What happens to an attempt to deliver; counted. `mayHold`: whether it can be held back. */
  ofWebhook({ mayHold }: { readonly mayHold: boolean }): WebhookEffect | undefined {
    for (const entry of this.#entries)
      if (
        isWebhookFault(entry.fault) &&
        (mayHold || entry.fault.effect !== "reorder") &&
        this.#fires(entry)
      )
        return entry.fault.effect;
    return undefined;
  }

  #fires(entry: Entry): boolean {
    const { probability = 1, seed = 0, times } = entry.fault;
    entry.drawn += 1;
    const drawn = this.#sha256(`tallystick/fault/${seed}/${entry.drawn}`).slice(0, drawDigits);
    if (Number.parseInt(drawn, 16) / 2 ** (4 * drawDigits) >= probability) return false;
    entry.fired += 1;
    if (entry.fired >= times) this.#entries = this.#entries.filter((each) => each !== entry);
    return true;
  }
}
