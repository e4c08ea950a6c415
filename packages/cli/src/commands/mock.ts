/** `tallystick mock`: the Billing API on this machine, for tests and for trying things out. */
import { randomBytes } from "node:crypto";
import type { MockServerOptions } from "@tallystick/mock-server";
import { type Command, InvalidArgumentError, Option } from "commander";
import { exitCodes } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { unlistenable } from "../unlistenable.ts";

const help = `
Each secret key is a merchant of its own: any key such as sk_test_anything works,
and parallel test runs share one server. The store is a folder (file:DIR), an
SQLite file (sqlite:PATH), or memory: where --store is left out.

When it accepts connections it prints its URL, alone on a line. Ctrl-C or SIGTERM
ends it once everything in flight is answered.

Example:
  $ tallystick mock --port 4010 --clock 2026-03-01T00:00:00Z
  $ curl http://127.0.0.1:4010/billing/customers/CUST-1 \\
      -H 'Authorization: Bearer sk_test_YOUR_SECRET_KEY'`;

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

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

export const addMock = (program: Command, session: Session): void => {
  program
    .command("mock")
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
    .option("--currencies <codes>", "those that are taken", listed, ["ZAR", "USD"])
    .option("--secret-key <key>", "a key that exists; repeatable; any, if none is given", collected)
    .addOption(
      new Option("--log <form>", "how requests are told of").choices(["json", "pretty", "none"]),
    )
    .option("--strict", "refuse unknown members of a request")
    .option("--no-control", "without /_mock, dashboard and pay page")
    .addHelpText("after", help)
    .action(async (flags: Flags) => {
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
