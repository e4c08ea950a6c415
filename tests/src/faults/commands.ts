/**
 * A month of a busy merchant, as calls with idempotency keys. Calls of one wave are sent at once and
 * come to the same in any order; a wave is sent when the one before it is answered.
 */
import type { Call } from "../stored/scenarios.ts";

const customers = 6;
const waveCount = 60;
const bill = (wave: number): string => `bill_${wave}`;

const opening: readonly Call[] = Array.from({ length: customers }, (_, at) => [
  "createCustomer",
  {
    id: `bcus_${at}`,
    externalReference: `CUST-${at}`,
    name: `Customer ${at}`,
    currency: "ZAR",
    balance: 100_000 * at,
  },
  { idempotencyKey: `open ${at}` },
]);

/** What happens in a wave: money from everywhere on a few customers, bills with all they need, refusals. */
const wave = (number: number): readonly Call[] => {
  const customer = `CUST-${number % customers}`;
  const hot = "bcus_1";
  const key = (what: string) => ({ idempotencyKey: `${what} ${number}` });
  const pay = (what: string): string => `pay_${what}${number}`;
  return [
    ["charge", { customer: hot, amount: 100 + number }, key("charge hot")],
    ["charge", { customer, amount: 7 }, key("charge")],
    ["credit", { customer: hot, amount: 3, reason: "goodwill" }, key("credit")],
    ["recordPayment", { customer: hot, amount: 50, currency: "ZAR" }, key("pay without an id")],
    [
      "recordPayment",
      { customer: hot, amount: 60, currency: "ZAR", paymentId: pay("hot") },
      key("pay hot"),
    ],
    [
      "recordPayment",
      { customer, amount: 40, currency: "ZAR", paymentId: pay("any"), metadata: { wave: "yes" } },
      key("pay"),
    ],
    // The bill comes two waves later, and sets this free.
    [
      "recordPayment",
      { bill: bill(number + 2), amount: 900, currency: "ZAR", paymentId: pay("early") },
      key("pay early"),
    ],
    [
      "recordPayment",
      { customer, amount: 9, currency: "USD", paymentId: pay("usd") },
      key("pay in dollars"),
    ],
    [
      "createBill",
      {
        id: bill(number),
        externalReference: `BILL-${number}`,
        currency: "ZAR",
        amountDue: 1_000 + number,
        account: {
          id: `bacc_${number}`,
          externalReference: `ACC-${number}`,
          customer: { id: `bcus_of${number}`, externalReference: `CUST-OF-${number}` },
        },
      },
      key("bill"),
    ],
    ["charge", { customer: "CUST-NOBODY", amount: 1 }, key("charge nobody")],
    ["createCustomer", { externalReference: "CUST-0" }, key("take a reference")],
    [
      "updateCustomer",
      customer,
      { metadata: { [`w${number % 5}`]: String(number) } },
      key("update"),
    ],
    ...(number === 0
      ? []
      : ([
          ["reversePayment", { paymentId: `pay_hot${number - 1}` }, key("reverse")],
          ["voidBill", bill(number - 1), key("void")],
        ] as const satisfies readonly Call[])),
  ];
};

export const waves: readonly (readonly Call[])[] = [
  opening,
  ...Array.from({ length: waveCount }, (_, number) => wave(number)),
];

export const keyOf = ([, ...args]: Call): string => {
  const options = args.at(-1) as { readonly idempotencyKey: string };
  return options.idempotencyKey;
};
