/** What `pnpm start` says once it listens: where, with which key, and what to paste. */
import type { Colors } from "@tallystick/cli";
import type { Instant } from "@tallystick/core";

export interface Started {
  readonly url: string;
  readonly key: string;
  /** As in `--store`. */
  readonly store: string;
  /** The reference of a customer to try things with. */
  readonly customer: string;
  /** Makes the reference of the bill that is tried one that is not taken yet. */
  readonly now: Instant;
  readonly colors: Colors;
}

interface Step {
  readonly says: string;
  /** Stands in a shell as it is. */
  readonly command: string;
}

const steps = ({ url, key, customer, now }: Started): readonly Step[] => {
  const authorization = `-H 'Authorization: Bearer ${key}'`;
  const json = "-H 'Content-Type: application/json'";
  const bill = `TRY-${now.replaceAll(/\D/g, "").slice(0, 14)}`;
  const raised = { customer, external_reference: bill, currency: "ZAR", amount_due: 12_550 };
  const paid = { bill, amount: 10_000, payment_id: `pay_${bill.replace("-", "")}` };
  return [
    {
      says: "What a customer owes, in cents:",
      command: `curl ${url}/billing/customers/${customer} \\\n  ${authorization}`,
    },
    {
      says: "Raise a bill. Paste it twice: there is one bill, and the second answer is a replay:",
      command: `curl -i ${url}/billing/bills \\\n  ${authorization} -H 'Idempotency-Key: ${bill}' \\\n  ${json} \\\n  -d '${JSON.stringify(raised)}'`,
    },
    {
      says: "Pay most of it, as the payer would, and see the webhook that tells of it:",
      command: `curl ${url}/_mock/payments \\\n  ${authorization} \\\n  ${json} \\\n  -d '${JSON.stringify(paid)}'`,
    },
  ];
};

export const startText = (started: Started): string => {
  const { url, key, store, colors } = started;
  const { bold, cyan, dim } = colors;
  const facts = [
    ["API", cyan(url)],
    ["Dashboard", cyan(`${url}/`)],
    ["Key", `${key}  ${dim("(any other sk_test_… is a merchant of its own)")}`],
    ["Kept in", store],
  ] as const;
  return [
    `${bold("The Billing API, as a mock, with Bright Spark's March 2026 in it")}\n\n`,
    ...facts.map(([name, value]) => `  ${name.padEnd(11)}${value}\n`),
    `\n${bold("Try it from another terminal, with the dashboard open")}\n`,
    ...steps(started).map(({ says, command }) => `\n${says}\n\n${command}\n`),
    `\n${dim("Ctrl-C ends it. More: docs/mock-server.md")}\n`,
  ].join("");
};
