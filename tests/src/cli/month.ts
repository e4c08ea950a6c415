/**
 * A merchant's month, made up from a seed, in the shapes of `examples/bright-spark`: objects that the
 * API answered, deliveries in order of arrival, and for each delivery what the sender meant by it, so
 * that an oracle need not read what it is to judge.
 *
 * Knows nothing of the ledger; it signs on its own.
 */
import { createHmac } from "node:crypto";
import { type Random, seededRandom } from "./random.ts";

interface Rules {
  readonly min_amount: number;
  readonly max_amount: number;
  readonly underpayment_allowed: boolean;
  readonly overpayment_allowed: boolean;
}

export interface ApiObject {
  readonly object: "customer" | "account" | "bill";
  readonly id: string;
  readonly external_reference: string;
  readonly name?: string;
  readonly customer_id?: string;
  readonly account_id?: string;
  readonly status?: "unpaid" | "paid" | "voided";
  readonly currency?: string;
  readonly balance?: number;
  readonly amount_due?: number;
  readonly amount_paid?: number;
  readonly amount_remaining?: number;
  readonly bill_date?: string;
  readonly payment_rules?: Rules;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A line of the file of objects, and whether a ledger can take it. */
interface ObjectLine {
  readonly text: string;
  /** Undefined for a line that has to be reported as bad. */
  readonly object: ApiObject | undefined;
}

export interface Payment {
  readonly paymentId: string;
  readonly target: string;
  readonly amount: number;
  readonly currency: string;
}

/** What a delivery is, whatever it says of itself. */
type Meaning =
  | { readonly kind: "payment"; readonly payment: Payment }
  | { readonly kind: "ignored" }
  | {
      readonly kind: "rejected";
      readonly reason: "bad_signature" | "stale_timestamp" | "missing_header" | "unreadable";
    };

export interface Delivery {
  readonly text: string;
  readonly meaning: Meaning;
}

export interface Month {
  readonly secret: string;
  readonly objects: readonly ObjectLine[];
  readonly deliveries: readonly Delivery[];
}

const currencies = ["ZAR", "ZAR", "ZAR", "USD", "JPY", "BHD"] as const;
const beginMs = Date.UTC(2026, 2, 1);

const rulesOf = (random: Random): Rules => ({
  min_amount: random.pick([0, 100, 500]),
  max_amount: random.pick([5_000, 50_000, 1_000_000]),
  underpayment_allowed: random.percent(75),
  overpayment_allowed: random.percent(25),
});

/** Balance, currency and rules of a customer or an account: all of them, some, or none. */
const balanceOf = (random: Random): Partial<ApiObject> => {
  if (random.percent(35)) return random.percent(30) ? { currency: random.pick(currencies) } : {};
  return {
    currency: random.pick(currencies),
    balance: random.between(-20_000, 200_000),
    ...(random.percent(90) ? { payment_rules: rulesOf(random) } : {}),
  };
};

const billOf = (random: Random): Partial<ApiObject> => {
  const amount_due = random.between(1, 300_000);
  const amount_paid = random.percent(75) ? 0 : random.between(1, amount_due + 5_000);
  const amount_remaining = Math.max(0, amount_due - amount_paid);
  const status = amount_remaining === 0 ? "paid" : random.percent(12) ? "voided" : "unpaid";
  return {
    status,
    currency: random.pick(currencies),
    amount_due,
    amount_paid,
    amount_remaining,
    bill_date: `2026-02-${random.between(10, 28)}`,
    ...(random.percent(90) ? { payment_rules: rulesOf(random) } : {}),
  };
};

const madeObjects = (random: Random): ApiObject[] => {
  const objects: ApiObject[] = [];
  const references = new Map<string, number>();
  /** Objects of different kinds may share a reference; those of one kind never do. */
  const referenceOf = (object: string): string => {
    const number = (references.get(object) ?? 0) + 1;
    references.set(object, number);
    return `REF-${number}`;
  };
  const add = (object: ApiObject["object"], prefix: string, more: Partial<ApiObject>): string => {
    const id = random.id(prefix);
    objects.push({ object, id, external_reference: referenceOf(object), ...more });
    return id;
  };
  for (let customers = random.between(6, 14); customers > 0; customers -= 1) {
    const name = random.pick(["Björn Ng", "Lerato\tDlamini", "山田太郎", "=1+1"]);
    const metadata = Object.fromEntries([
      ["__proto__", "own"],
      ["note", name],
    ]);
    const customer_id = add("customer", "bcus_", { name, metadata, ...balanceOf(random) });
    for (let bills = random.between(0, 3); bills > 0; bills -= 1)
      add("bill", "bill_", { customer_id, ...billOf(random) });
    for (let accounts = random.between(0, 3); accounts > 0; accounts -= 1) {
      const account_id = add("account", "bacc_", { customer_id, ...balanceOf(random) });
      for (let bills = random.between(0, 3); bills > 0; bills -= 1)
        add("bill", "bill_", { customer_id, account_id, ...billOf(random) });
    }
  }
  return objects;
};

/** Lines that have to be reported, whatever stands around them. */
const badLines = (random: Random, objects: readonly ApiObject[]): string[] => {
  const orphan = {
    object: "account",
    id: random.id("bacc_"),
    external_reference: "ORPHAN",
    customer_id: random.id("bcus_"),
  };
  const [first] = objects;
  return [
    "{",
    "[]",
    JSON.stringify({ object: "invoice", id: "inv_1" }),
    JSON.stringify(orphan),
    JSON.stringify({
      ...first,
      id: random.id("bcus_"),
      external_reference: "FRACTION",
      currency: "ZAR",
      balance: 1.5,
    }),
    JSON.stringify({ object: "bill", id: random.id("bill_"), external_reference: "NO-OWNER" }),
    `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  ];
};

const objectLines = (random: Random, objects: readonly ApiObject[]): ObjectLine[] =>
  random.shuffled([
    ...objects.map((object) => ({ text: JSON.stringify(object), object })),
    ...badLines(random, objects).map((text) => ({ text, object: undefined })),
  ]);

/** Sums that are likely to break a rule, or to keep it by a hair. */
const amountFor = (
  random: Random,
  { balance, amount_remaining, payment_rules: rules }: Partial<ApiObject>,
): number => {
  const owed = Math.max(0, amount_remaining ?? balance ?? 0);
  const candidates = [
    owed,
    Math.ceil(owed / 2),
    owed * 2,
    rules?.max_amount ?? 1_000,
    (rules?.max_amount ?? 1_000) + 1,
    rules?.min_amount ?? 50,
    random.between(1, 400),
    random.between(400, 40_000),
  ];
  return Math.max(1, random.pick(candidates));
};

const madePayments = (random: Random, objects: readonly ApiObject[]): Payment[] => {
  const payments: Payment[] = [];
  const unknown = ["bcus_", "bacc_", "bill_"].map((prefix) => random.id(prefix));
  for (let count = random.between(80, 160); count > 0; count -= 1) {
    const paymentId = random.id("pay_");
    if (random.percent(6)) {
      payments.push({
        paymentId,
        target: random.pick(unknown),
        amount: random.between(1, 9_999),
        currency: "ZAR",
      });
      continue;
    }
    const object = random.pick(objects);
    const currency = random.percent(8) ? "EUR" : (object.currency ?? random.pick(currencies));
    const payment = { paymentId, target: object.id, amount: amountFor(random, object), currency };
    payments.push(payment);
    // One payment may settle several obligations, and may be reported wrongly.
    if (random.percent(8)) {
      const other = random.pick(objects);
      const amount = amountFor(random, other);
      payments.push({ paymentId, target: other.id, amount, currency: other.currency ?? "ZAR" });
    }
    if (random.percent(6)) payments.push({ ...payment, amount: payment.amount + 1 });
    if (random.percent(3)) payments.push({ ...payment, currency: "GBP" });
  }
  return payments;
};

class Sender {
  readonly secret: string;
  readonly #key: Buffer;
  readonly #random: Random;
  #clockMs = beginMs;

  constructor(random: Random) {
    this.#random = random;
    this.#key = Buffer.from(Array.from({ length: 32 }, () => random.between(0, 255)));
    this.secret = `whsec_${this.#key.toString("base64")}`;
  }

  #sign(id: string, timestamp: number, body: string): string {
    return `v1,${createHmac("sha256", this.#key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  }

  /** One delivery of a message, now. `spoil` makes it one that must not be believed. */
  deliver(id: string, body: string, meaning: Meaning, spoil?: "forge" | "age" | "strip"): Delivery {
    const random = this.#random;
    this.#clockMs += random.between(1, 900_000);
    const age = spoil === "age" ? random.between(181, 90_000) : random.between(0, 60);
    const timestamp = Math.floor(this.#clockMs / 1000) - age;
    const own =
      spoil === "forge" ? this.#sign(id, timestamp, `${body} `) : this.#sign(id, timestamp, body);
    const others = random.percent(15)
      ? [`v1,${Buffer.alloc(32, 7).toString("base64")}`, "v2,x"]
      : [];
    const headers: Record<string, string> = {
      "Webhook-Id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": random.shuffled([own, ...others]).join(" "),
    };
    if (spoil === "strip") delete headers["webhook-signature"];
    const received_at = new Date(this.#clockMs).toISOString();
    return { text: JSON.stringify({ received_at, headers, body }), meaning };
  }
}

const targetField = (target: string): string =>
  target.startsWith("bcus_")
    ? "customer_id"
    : target.startsWith("bacc_")
      ? "account_id"
      : "bill_id";

const bodyOf = (random: Random, { paymentId, target, amount, currency }: Payment): string =>
  JSON.stringify({
    id: random.id("evt_"),
    type: "obligation.amount_applied",
    data: {
      id: random.id("ob_"),
      amount,
      currency,
      payment_id: paymentId,
      [targetField(target)]: target,
    },
  });

const rejected = (reason: Extract<Meaning, { kind: "rejected" }>["reason"]): Meaning => ({
  kind: "rejected",
  reason,
});

const deliveriesOf = (random: Random, sender: Sender, payment: Payment): Delivery[] => {
  const id = random.id("msg_");
  const body = bodyOf(random, payment);
  const send = (): Delivery => {
    if (random.percent(5)) return sender.deliver(id, body, rejected("bad_signature"), "forge");
    if (random.percent(5)) return sender.deliver(id, body, rejected("stale_timestamp"), "age");
    if (random.percent(2)) return sender.deliver(id, body, rejected("missing_header"), "strip");
    return sender.deliver(id, body, { kind: "payment", payment });
  };
  const times = random.percent(20) ? random.between(2, 4) : 1;
  return Array.from({ length: times }, send);
};

const oddDeliveries = (random: Random, sender: Sender): Delivery[] => {
  const send = (body: string, meaning: Meaning): Delivery =>
    sender.deliver(random.id("msg_"), body, meaning);
  const other = JSON.stringify({
    id: random.id("evt_"),
    type: "payment.succeeded",
    data: { id: "pay_1" },
  });
  return [
    send(other, { kind: "ignored" }),
    send(other, { kind: "ignored" }),
    send("not json", rejected("unreadable")),
    send(
      JSON.stringify({ id: random.id("evt_"), type: "obligation.amount_applied", data: {} }),
      rejected("unreadable"),
    ),
  ];
};

/** The month of a seed. */
export const monthOf = (seed: number): Month => {
  const random = seededRandom(seed);
  const objects = madeObjects(random);
  const sender = new Sender(random);
  const deliveries = madePayments(random, objects).flatMap((payment) =>
    deliveriesOf(random, sender, payment),
  );
  return {
    secret: sender.secret,
    objects: objectLines(random, objects),
    // Every delivery brings its own clock along, so they may arrive in any order.
    deliveries: random.shuffled([...deliveries, ...oddDeliveries(random, sender)]),
  };
};
