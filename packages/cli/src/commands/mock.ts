/** `tallystick mock`: the Billing API on this machine, for tests and for trying things out. */
import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import type { MockServerOptions } from "@tallystick/mock-server";
import { type Command, InvalidArgumentError, Option } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { addManual, type Manual } from "../manual.ts";
import type { Session } from "../session.ts";
import { unlistenable } from "../unlistenable.ts";

const manual: Manual = {
  about: `
What it serves:
  /billing/…     the Billing API, under any secret key such as sk_test_anything;
                 each key is a merchant of its own, so tests share one server
  /_mock/…       what a test needs besides: payments, clock, faults, webhooks,
                 lists, requests, snapshot, fork, reset
  /              a dashboard; /pay/ob_… is the pay page of an obligation
  /openapi.json  all of it, described

--store is memory: where it is left out. sqlite:PATH, file:DIR (one file a book)
or postgres://… keep everything over restarts. --book is not for it.

When it accepts connections it prints its URL on a line. Ctrl-C or SIGTERM
ends it once everything in flight is answered.`,
  errors: ["STORE_UNWRITABLE", "STORE_LOCKED"],
  examples: `A mock that is empty, and forgets all when it ends; a customer; a payment:
$ tallystick mock
$ curl http://127.0.0.1:4010/billing/customers -H 'Idempotency-Key: first' \\
    -H 'Authorization: Bearer sk_test_mine' \\
    -H 'Content-Type: application/json' \\
    -d '{"external_reference":"CUST-1","currency":"ZAR","balance":48350}'
$ curl http://127.0.0.1:4010/_mock/payments \\
    -H 'Authorization: Bearer sk_test_mine' \\
    -H 'Content-Type: application/json' \\
    -d '{"customer":"CUST-1","amount":48350}'

Calls as Moment's quickstarts print them, without an Idempotency-Key:
$ tallystick mock --idempotency-key optional

For a test: any free port, a clock that stands still, webhooks to the app:
$ tallystick mock --port 0 --clock 2026-03-01T08:00:00Z \\
    --webhook-url http://127.0.0.1:3000/webhooks --webhook-secret whsec_…

Kept over restarts, with two merchants and nobody else:
$ tallystick mock --store sqlite:mock.db --secret-key sk_a --secret-key sk_b`,
  seeAlso: ["receive", "mirror"],
};

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly webhookUrl?: readonly string[];
  readonly webhookSecret?: string;
  readonly idempotencyKey: "required" | "optional";
  readonly clock: string;
  readonly currencies: readonly string[];
  readonly secretKey?: readonly string[];
  readonly log?: "json" | "pretty" | "none";
  readonly strict?: true;
  readonly control: boolean;
}

const portOf = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("a port is a number from 0 to 65535");
};

const listed = (text: string): readonly string[] => text.split(",").map((code) => code.trim());

const collected = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

/** What deliveries are signed with where nobody says: 32 random bytes (D-36). */
const newSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

const optionsOf = (flags: Flags, store: string | undefined, session: Session) => {
  const { webhookUrl = [], secretKey = [], log, strict = false, ...rest } = flags;
  const secret = flags.webhookSecret ?? (webhookUrl.length > 0 ? newSecret() : undefined);
  if (secret !== flags.webhookSecret) session.note(`deliveries are signed with ${secret}`);
  return {
    ...rest,
    ...(store === undefined ? {} : { store }),
    ...(secret === undefined ? {} : { webhookSecret: secret }),
    webhookUrl: [...webhookUrl],
    secretKey: [...secretKey],
    currencies: [...rest.currencies],
    strict,
    log: log ?? (session.io.stderr.isTTY === true ? "pretty" : "none"),
    onLog: (line: string) => session.io.stderr.write(`${line}\n`),
    machine: session.io.host,
  } satisfies MockServerOptions;
};

/**
 * How much garbage may pile up before it is collected, as a share of what is in use. V8 would let the
 * heap of a busy server grow to several times of what it needs; this costs no time that can be measured.
 */
const thriftyHeap = "--heap-growing-percent=25";

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

export const addMock = (program: Command, session: Session): void => {
  addManual(program.command("mock"), manual)
    .summary("serve the Billing API from this machine")
    .description("Serve the Moment Billing API, as a mock, from this machine.")
    .option("--port <n>", "the port; 0 takes any that is free", portOf, 4010)
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--webhook-url <url>", "an endpoint of every merchant; repeatable", collected)
    .option("--webhook-secret <whsec>", "what deliveries are signed with; made if not given")
    .addOption(
      new Option("--idempotency-key <rule>", "whether creating and voiding ask for a key")
        .choices(["required", "optional"])
        .default("required"),
    )
    .option("--clock <instant>", "real, or an instant at which the clock stands still", "real")
    .addOption(
      new Option("--currencies <codes>", "those that are taken; others are refused")
        .argParser(listed)
        .default(["ZAR", "USD"], "ZAR,USD"),
    )
    .option("--secret-key <key>", "a key that exists; repeatable; any, if none is given", collected)
    .addOption(
      new Option(
        "--log <form>",
        "how requests are told of; default: pretty on a terminal, else none",
      ).choices(["json", "pretty", "none"]),
    )
    .option("--strict", "refuse unknown members of a request")
    .option("--no-control", "without /_mock, dashboard and pay page")
    .action(async (flags: Flags) => {
      setFlagsFromString(thriftyHeap);
      const { createMockServer } = await import("@tallystick/mock-server");
      const server = createMockServer(optionsOf(flags, session.askedStore, session));
      try {
        const { url } = await server.listen().catch((error: unknown) => {
          throw unlistenable(error, flags);
        });
        session.print(`${url}\n`);
        await aborted(session.io.signal);
        session.exitCode = exitCodes.fine;
      } finally {
        await server.close();
      }
    });
};
