/**
 * What the ledger should do, said a second time and as plainly as possible: lists, loops and a copy
 * of the world before each call. Written from the specification and the architecture, and sharing no
 * code with the core. Slow, forgetful of nothing, and never wrong about a sum.
 *
 * `Model.call` predicts the answer of one call: the code of a refusal, or the facts that are
 * recorded and what the caller is told. Facts are events without their ids.
 */
import {
  amountMax,
  type DefaultPaymentRules,
  defaultPaymentRules,
  type PaymentRules,
  parseInstant,
} from "@tallystick/core";
import type { Call, CallOf } from "../arbitraries/calls.ts";
import type { Kind } from "../arbitraries/names.ts";

type Metadata = Readonly<Record<string, string>>;
type Input = Readonly<Record<string, unknown>>;

interface Personal {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  metadata?: Metadata | undefined;
}

/** A customer, an account or a bill. */
interface Thing extends Personal {
  readonly kind: Kind;
  readonly id: string;
  readonly externalReference: string;
  readonly customerId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly billDate?: string | undefined;
  readonly dueDate?: string | undefined;
  currency?: string | undefined;
  /** Per currency that was ever tracked. */
  readonly balances: Record<string, number>;
  /** undefined: never set; null: taken away. */
  rules: PaymentRules | null | undefined;
  readonly amountDue: number;
  amountPaid: number;
  voided: boolean;
  /** What the last mirrored line said. */
  line?: {
    facts: string;
    amountPaid?: number;
    balance?: string;
    rules: string;
    personal: Personal;
  };
}

interface Application {
  readonly paymentId: string;
  readonly owner: string;
  readonly amount: number;
  readonly currency: string;
  violations: readonly string[];
  effect: number;
  reversed: number;
  /** How often it was reversed, undone or restored. */
  changes: number;
  /** It lies in suspense again. */
  undone: boolean;
  /** What the caller saw when it was applied, or applied again. */
  entity: unknown;
}

interface Entry {
  readonly paymentId: string;
  readonly target: { readonly kind: Kind; readonly name: string };
  readonly amount: number;
  readonly currency: string;
  readonly effectiveAt: string;
  readonly metadata?: Metadata | undefined;
  readonly source: object;
  reason: string;
  resolvedId?: string | undefined;
  matchedTo?: string | undefined;
  /** Matches that were undone, the last one last; none twice. */
  undone: readonly { readonly kind: Kind; readonly id: string; readonly note: string }[];
}

/** Money that came in or was sent back, as one event of the book. */
interface Movement {
  readonly kind: string;
  readonly position: number;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly effectiveAt: string;
}

interface Accepted {
  readonly kind: string;
  readonly currency: string;
  readonly rows: readonly { readonly rowId: string; readonly amount: number }[];
  readonly movements: readonly Movement[];
  readonly difference?: { readonly amount: number; readonly cause: string };
  readonly reason: string;
  readonly effectiveAt: string;
  standing: boolean;
}

interface World {
  readonly things: Thing[];
  /** In the order of the book. */
  readonly movements: Movement[];
  readonly accepted: Accepted[];
  /** How many facts are recorded. */
  position: number;
  readonly applications: Application[];
  readonly entries: Entry[];
}

export interface Fact {
  readonly type: string;
  /** Stream: `customer/bcus_…`, `suspense/pay_…`. */
  readonly on: string;
  readonly effectiveAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly personal?: Personal | undefined;
}

export interface Told {
  readonly refusal?: undefined;
  readonly facts: readonly Fact[];
  readonly entity: unknown;
  readonly replayed: boolean;
  readonly payment?: Readonly<Record<string, unknown>>;
  readonly outcome?: string;
}

interface Refused {
  readonly refusal: string;
  /** Of a key that was reused: the fields that differ. */
  readonly fields?: readonly string[];
}

export type Prediction = Told | Refused;

class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const refuse = (code: string): never => {
  throw new Refusal(code);
};

const prefix = { customer: "bcus_", account: "bacc_", bill: "bill_" } as const;
const obligationKind = { customer: "customer_balance", account: "account_balance", bill: "bill" };
const ownerOf = ({ kind, id }: Thing): string => `${kind}/${id}`;
const text = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  ) ?? "";
const whole = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const filled = (metadata: Metadata | undefined): Metadata | undefined =>
  metadata === undefined || Object.keys(metadata).length === 0 ? undefined : metadata;

/** The object as its owner meets it. */
const viewOf = (thing: Thing): unknown => {
  const { kind, id, externalReference, customerId, accountId, currency, balances, rules } = thing;
  const { name, email, phone, amountDue, amountPaid, voided, billDate, dueDate } = thing;
  const otherBalances = Object.entries(balances)
    .filter(([each, balance]) => each !== currency && balance !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([each, balance]) => ({ currency: each, balance }));
  const amountRemaining = Math.max(0, amountDue - amountPaid);
  return {
    object: kind,
    id,
    externalReference,
    customerId,
    accountId,
    currency,
    ...(rules == null ? {} : { paymentRules: { ...rules } }),
    ...(thing.metadata === undefined ? {} : { metadata: { ...thing.metadata } }),
    ...(otherBalances.length === 0 ? {} : { otherBalances }),
    ...(kind === "bill"
      ? {
          status: voided ? "voided" : amountRemaining === 0 ? "paid" : "unpaid",
          amountDue,
          amountPaid,
          amountRemaining,
          balance: voided ? 0 : amountDue - amountPaid,
          billDate,
          dueDate,
        }
      : { name, email, phone, balance: currency === undefined ? undefined : balances[currency] }),
  };
};

const membersOf = ({ rows, movements }: Accepted): readonly (string | number)[] => [
  ...rows.map(({ rowId }) => rowId),
  ...movements.map(({ position }) => position),
];

const inOrder = (rows: Accepted["rows"]): Accepted["rows"] =>
  [...rows].sort((a, b) => (a.rowId < b.rowId ? -1 : 1));

const acceptedView = ({ movements, ...accepted }: Accepted): unknown => ({
  object: "acceptance",
  ...accepted,
  amount: accepted.rows.reduce((total, { amount }) => total + amount, 0),
  movements: movements.map(({ position, paymentId, amount }) => ({ position, paymentId, amount })),
});

/** The rules of spec 4 that an amount breaks, in their order. */
const broken = (
  { kind, rules, currency, balances, amountDue, amountPaid }: Thing,
  amount: number,
): string[] => {
  if (rules == null) return ["not_payable"];
  const balance = currency === undefined ? undefined : balances[currency];
  const owed = kind === "bill" ? Math.max(0, amountDue - amountPaid) : balance;
  return [
    ...(amount > rules.maxAmount ? ["above_maximum"] : []),
    ...(amount < rules.minAmount && amount !== owed ? ["below_minimum"] : []),
    ...(owed !== undefined && amount < owed && !rules.underpaymentAllowed ? ["underpayment"] : []),
    ...(owed !== undefined && amount > Math.max(owed, 0) && !rules.overpaymentAllowed
      ? ["overpayment"]
      : []),
  ];
};

const ruleCodes: Readonly<Record<string, string>> = {
  not_payable: "NOT_PAYABLE",
  above_maximum: "AMOUNT_ABOVE_MAXIMUM",
  below_minimum: "AMOUNT_BELOW_MINIMUM",
  underpayment: "UNDERPAYMENT_NOT_ALLOWED",
  overpayment: "OVERPAYMENT_NOT_ALLOWED",
};

/** Takes effect when it is recorded, so it can't be dated. */
const undated = new Set<Call["verb"]>([
  "updateBill",
  "setPaymentRules",
  "matchSuspense",
  "undoMatch",
  "acceptMatch",
  "undoAcceptance",
]);

export class Model {
  #world: World = {
    things: [],
    movements: [],
    accepted: [],
    position: 0,
    applications: [],
    entries: [],
  };
  readonly #keys = new Map<string, { request: Map<string, string>; prediction: Prediction }>();
  #rules: DefaultPaymentRules;
  #facts: Fact[] = [];
  /** The host's clock, and when the next commit is recorded: never before the last one. */
  #now = "";
  #recordedAt = "";
  #generated = 0;

  constructor(rules: DefaultPaymentRules = defaultPaymentRules) {
    this.#rules = rules;
  }

  /** The id of the object with this reference. */
  idOf(kind: Kind, reference: string): string | undefined {
    return this.#world.things.find(
      (each) => each.kind === kind && each.externalReference === reference,
    )?.id;
  }

  /** What is known: every object as its owner meets it, and what lies in suspense. */
  entities(): unknown[] {
    return this.#world.things.map(viewOf);
  }

  suspense(): unknown[] {
    return this.#world.entries
      .filter(({ matchedTo }) => matchedTo === undefined)
      .map(({ source: _, resolvedId: __, matchedTo: ___, undone, ...entry }) => ({
        ...entry,
        ...(undone.length === 0 ? {} : { undone: undone.at(-1) }),
      }));
  }

  /** What this call comes to at `now`, an instant. It becomes part of the world unless it is a dry run. */
  call(call: Call, now: string): Prediction {
    this.#now = now;
    const before = structuredClone(this.#world);
    const recordedBefore = this.#recordedAt;
    this.#recordedAt = now > this.#recordedAt ? now : this.#recordedAt;
    this.#facts = [];
    const { idempotencyKey: key, dryRun = false } = call.options;
    const request = requestOf(call);
    const known = key === undefined ? undefined : this.#keys.get(key);
    let prediction: Prediction;
    try {
      this.#check(call);
      if (known !== undefined) {
        this.#recordedAt = recordedBefore;
        const fields = [...new Set([...request.keys(), ...known.request.keys()])]
          .filter((field) => request.get(field) !== known.request.get(field))
          .sort();
        if (fields.length > 0) return { refusal: "IDEMPOTENCY_KEY_REUSED", fields };
        return "facts" in known.prediction
          ? { ...known.prediction, replayed: true }
          : known.prediction;
      }
      prediction = this.#decide(call);
      for (const fact of prediction.facts) this.#count(fact);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#world = before;
      prediction = { refusal: error.code };
      if (error.code === "INVALID_INPUT" && error instanceof Unreadable) {
        this.#recordedAt = recordedBefore;
        return prediction;
      }
    }
    if (dryRun) {
      this.#world = before;
      this.#recordedAt = recordedBefore;
    } else if (key !== undefined) this.#keys.set(key, { request, prediction });
    else if (prediction.refusal !== undefined || prediction.facts.length === 0)
      this.#recordedAt = recordedBefore;
    return prediction;
  }

  /** What cannot be read is refused before anything is looked up. */
  #check({ verb, input, options }: Call): void {
    const unreadable = (fault: boolean): void => {
      if (fault) throw new Unreadable("INVALID_INPUT");
    };
    const given = input as Input;
    const date = options.effectiveAt === undefined ? undefined : parseInstant(options.effectiveAt);
    if ("amount" in given && given["amount"] !== undefined)
      unreadable(!whole(given["amount"], 1, amountMax));
    const created = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { balance, currency, customer } = value as Input;
      unreadable(balance !== undefined && currency === undefined);
      created(customer);
    };
    if (verb === "createCustomer" || verb === "createAccount" || verb === "mirror") created(given);
    if (verb === "createBill") {
      const { customer, account, amountDue } = given;
      unreadable(!whole(amountDue, 1, 99_999_999));
      created(customer);
      created(account);
      unreadable(customer === undefined && account === undefined);
      if (typeof account === "object" && account !== null)
        unreadable((customer === undefined) === ((account as Input)["customer"] === undefined));
    }
    if (date === undefined) return;
    unreadable(undated.has(verb));
    unreadable(verb !== "recordPayment" && date > this.#now);
  }

  #decide(call: Call): Told {
    const date = call.options.effectiveAt;
    const at = date === undefined ? undefined : parseInstant(date);
    switch (call.verb) {
      case "createCustomer":
      case "createAccount":
        return this.#about(
          this.#create(call.verb === "createCustomer" ? "customer" : "account", call.input, at),
        );
      case "createBill":
        return this.#about(this.#createBill(call.input, at));
      case "updateCustomer":
      case "updateAccount": {
        const thing = this.#named(
          call.verb === "updateCustomer" ? "customer" : "account",
          call.name,
        );
        this.#update(thing, call.input, at);
        return this.#about(thing);
      }
      case "updateBill":
        return this.#about(this.#updateBill(this.#named("bill", call.name), call.input));
      case "voidBill": {
        const bill = this.#named("bill", call.name);
        if (bill.voided) refuse("BILL_VOIDED");
        if (bill.amountPaid >= bill.amountDue) refuse("BILL_PAID");
        this.#void(bill, at);
        return this.#about(bill);
      }
      case "setBalance": {
        const thing = this.#target(call.input);
        this.#setBalance(thing, call.input, at);
        return this.#about(thing);
      }
      case "setPaymentRules": {
        const thing = this.#target(call.input);
        if (thing.voided) refuse("BILL_VOIDED");
        this.#setRules(thing, call.input.paymentRules);
        return this.#about(thing);
      }
      case "charge":
      case "credit":
        return this.#about(this.#adjust(call, at));
      case "recordPayment":
        return this.#record(call.input, at);
      case "applyPayment":
        return this.#apply(call.input, at);
      case "reversePayment":
        return this.#about(this.#reverse(call.input, at));
      case "matchSuspense":
        return this.#match(call.input);
      case "undoMatch":
        return this.#undo(call.input);
      case "acceptMatch":
        return this.#accept(call.input);
      case "undoAcceptance":
        return this.#unaccept(call.input);
      case "mirror":
        return this.#mirror(call.input, at);
    }
  }

  /** Gives a fact its place in the book, and keeps it in mind if money moved. */
  #count({ type, data, effectiveAt }: Fact): void {
    this.#world.position += 1;
    const { position } = this.#world;
    const isMovement =
      (type === "obligation.amount_applied" && data["suspendedFor"] === undefined) ||
      type === "obligation.application_reversed" ||
      (type === "payment.suspended" && data["reasonBefore"] === undefined);
    if (!isMovement) return;
    const kind = type === "obligation.application_reversed" ? "refund" : "payment";
    const { paymentId, amount, currency } = data as unknown as Movement;
    this.#world.movements.push({ kind, position, paymentId, amount, currency, effectiveAt });
  }

  #about(thing: Thing): Told {
    return { facts: this.#facts, entity: viewOf(thing), replayed: false };
  }

  #note(
    thing: Thing,
    type: string,
    data: object,
    more: { at?: string | undefined; personal?: Personal | undefined } = {},
  ): void {
    const personal = more.personal ?? {};
    this.#facts.push({
      type,
      on: ownerOf(thing),
      effectiveAt: more.at ?? this.#recordedAt,
      data: { ...data },
      ...(Object.values(personal).every((each) => each === undefined) ? {} : { personal }),
    });
  }

  /** Changes a balance, and notes by how much: the one place where sums are made. */
  #move(
    thing: Thing,
    type: string,
    currency: string,
    amount: number,
    effect: number,
    rest: object = {},
    at?: string,
  ): void {
    const before = thing.balances[currency];
    const tracked =
      before !== undefined ||
      type === "obligation.opened" ||
      type === "obligation.balance_asserted";
    const after = (before ?? 0) + effect;
    if (tracked) thing.balances[currency] = after;
    if (Math.abs(after) > amountMax || thing.amountPaid > amountMax) refuse("AMOUNT_OUT_OF_RANGE");
    this.#note(
      thing,
      type,
      {
        obligationKind: obligationKind[thing.kind],
        currency,
        amount,
        effect,
        ...(tracked ? { balanceAfter: after } : {}),
        ...(thing.kind === "bill" ? { amountPaidAfter: thing.amountPaid } : {}),
        ...rest,
      },
      { at },
    );
  }

  #find(kind: Kind, name: string): Thing | undefined {
    const by = name.startsWith(prefix[kind]) ? "id" : "externalReference";
    return this.#world.things.find((each) => each.kind === kind && each[by] === name);
  }

  #named(kind: Kind, name: string): Thing {
    return this.#find(kind, name) ?? refuse("NOT_FOUND");
  }

  #targetName(input: object): { kind: Kind; name: string } {
    const kind = (["customer", "account", "bill"] as const).find(
      (each) => (input as Input)[each] !== undefined,
    );
    return { kind: kind ?? refuse("INVALID_INPUT"), name: (input as Input)[kind ?? ""] as string };
  }

  #target(input: object): Thing {
    const { kind, name } = this.#targetName(input);
    return this.#named(kind, name);
  }

  #limit(metadata: Metadata | undefined): void {
    if (Object.keys(metadata ?? {}).length > 10) refuse("METADATA_LIMIT");
  }

  #setRules(thing: Thing, rules: PaymentRules | null): void {
    if (text(thing.rules) === text(rules) && thing.rules !== undefined) return;
    thing.rules = rules === null ? null : { ...rules };
    this.#note(thing, "obligation.payment_rules_set", {
      obligationKind: obligationKind[thing.kind],
      paymentRules: thing.rules,
      amount: 0,
      effect: 0,
    });
  }

  /** Puts a new object into the world; its balance and what waits for it come after. */
  #begin(kind: Kind, input: Input, at: string | undefined): Thing {
    const { externalReference, currency, name, email, phone, metadata } = input as Input &
      Personal & { externalReference: string; currency?: string };
    this.#generated += 1;
    const id = (input["id"] as string | undefined) ?? `${prefix[kind]}generated${this.#generated}`;
    if (this.#world.things.some((each) => each.kind === kind && each.id === id)) refuse("ID_TAKEN");
    if (this.idOf(kind, externalReference) !== undefined) refuse("REFERENCE_TAKEN");
    if (input["object"] === undefined) this.#limit(metadata);
    const { customerId, accountId, amountDue, billDate, dueDate } = input as Partial<Thing>;
    const personal = { name, email, phone, metadata: filled(metadata) };
    const thing: Thing = {
      kind,
      id,
      externalReference,
      ...(kind === "customer" ? {} : { customerId }),
      ...(kind === "bill" ? { accountId, billDate, dueDate } : {}),
      currency,
      balances: {},
      rules: undefined,
      amountDue: amountDue ?? 0,
      amountPaid: 0,
      voided: false,
      ...personal,
    };
    this.#world.things.push(thing);
    const data = { [`${kind}Id`]: id, externalReference, currency, customerId: thing.customerId };
    const ofBill = kind === "bill" ? { accountId, amountDue, billDate, dueDate } : {};
    this.#note(
      thing,
      `${kind}.created`,
      { ...data, [`${kind}Id`]: id, ...ofBill },
      { at, personal },
    );
    return thing;
  }

  #create(kind: "customer" | "account", input: object, at: string | undefined): Thing {
    const given = input as Input;
    const owner = kind === "customer" ? undefined : this.#owner(given["customer"], at);
    const thing = this.#begin(kind, { ...given, customerId: owner?.id }, at);
    const { balance, currency } = given as { balance?: number; currency?: string };
    if (balance !== undefined && currency !== undefined) this.#open(thing, balance, currency, at);
    this.#release(thing);
    return thing;
  }

  #owner(customer: unknown, at: string | undefined): Thing {
    return typeof customer === "string"
      ? this.#named("customer", customer)
      : this.#create("customer", customer as object, at);
  }

  #createBill(input: CallOf<"createBill">["input"], at: string | undefined): Thing {
    const { customer, account } = input;
    let owner: Thing;
    let holder: Thing | undefined;
    if (typeof account === "string") {
      holder = this.#named("account", account);
      owner = this.#named("customer", holder.customerId ?? "");
      if (customer !== undefined && typeof customer === "string") {
        if (this.#named("customer", customer) !== owner) refuse("OWNER_MISMATCH");
      } else if (customer !== undefined) refuse("OWNER_MISMATCH");
    } else {
      owner = this.#owner(account?.customer ?? customer, at);
      if (account !== undefined)
        holder = this.#create("account", { ...account, customer: owner.id }, at);
    }
    const bill = this.#begin(
      "bill",
      {
        ...input,
        customerId: owner.id,
        accountId: holder?.id,
        billDate: input.billDate ?? this.#now.slice(0, 10),
      },
      at,
    );
    this.#move(bill, "obligation.opened", input.currency, input.amountDue, input.amountDue, {}, at);
    const rules = this.#rules.bill;
    if (rules !== null)
      this.#setRules(
        bill,
        rules.overpaymentAllowed ? rules : { ...rules, maxAmount: input.amountDue },
      );
    this.#release(bill);
    return bill;
  }

  /** The first balance, and with it the merchant's default rules unless any were ever set. */
  #open(thing: Thing, balance: number, currency: string, at: string | undefined): void {
    this.#move(thing, "obligation.opened", currency, balance, balance, {}, at);
    thing.currency = currency;
    const rules = this.#rules[thing.kind];
    if (thing.rules === undefined && rules !== null) this.#setRules(thing, rules);
  }

  #update(thing: Thing, input: CallOf<"updateCustomer">["input"], at: string | undefined): void {
    const { balance, currency, metadata } = input;
    if (at !== undefined && balance === undefined) refuse("INVALID_INPUT");
    if (metadata !== undefined) this.#limit({ ...thing.metadata, ...metadata });
    if (
      balance === undefined &&
      currency !== undefined &&
      (thing.currency ?? currency) !== currency
    )
      refuse("CURRENCY_MISMATCH");
    const personal = this.#details(thing, input);
    const first = balance === undefined && thing.currency === undefined ? currency : undefined;
    if (first !== undefined) thing.currency = first;
    if (personal !== undefined || first !== undefined)
      this.#note(
        thing,
        `${thing.kind}.updated`,
        { [`${thing.kind}Id`]: thing.id, currency: first },
        { personal },
      );
    if (balance !== undefined) this.#setBalance(thing, { balance, currency }, at);
  }

  /** Takes over the details that differ, and gives them back; undefined if none does. */
  #details(thing: Thing, { name, email, phone, metadata }: Personal): Personal | undefined {
    const changed: Personal = {};
    if (name !== undefined && name !== thing.name) changed.name = thing.name = name;
    if (email !== undefined && email !== thing.email) changed.email = thing.email = email;
    if (phone !== undefined && phone !== thing.phone) changed.phone = thing.phone = phone;
    const known: Metadata = thing.metadata ?? {};
    const news = Object.entries(metadata ?? {}).filter(
      ([key, value]) => !Object.hasOwn(known, key) || known[key] !== value,
    );
    if (news.length > 0) {
      changed.metadata = Object.fromEntries(news);
      thing.metadata = Object.fromEntries([...Object.entries(known), ...news]);
    }
    return Object.keys(changed).length === 0 ? undefined : changed;
  }

  #setBalance(
    thing: Thing,
    input: { balance: number; currency?: string | undefined; trueAt?: string | undefined },
    at: string | undefined,
  ): void {
    const { balance, currency = thing.currency ?? refuse("CURRENCY_REQUIRED") } = input;
    const trueAt = input.trueAt === undefined ? undefined : parseInstant(input.trueAt);
    if (Object.keys(thing.balances).length === 0) {
      this.#open(thing, balance, currency, at);
      return;
    }
    if (at !== undefined) refuse("INVALID_INPUT");
    this.#assert(thing, balance, currency, trueAt);
  }

  /** D-15: another currency takes the old one to 0 first. */
  #assert(thing: Thing, balance: number, currency: string, trueAt?: string): void {
    const { currency: before } = thing;
    if (before !== undefined && before !== currency) this.#say(thing, 0, before, trueAt);
    else if (trueAt === undefined && thing.balances[currency] === balance) return;
    this.#say(thing, balance, currency, trueAt);
    thing.currency = currency;
  }

  #say(thing: Thing, balance: number, currency: string, trueAt?: string): void {
    const previousBalance = thing.balances[currency] ?? 0;
    this.#move(thing, "obligation.balance_asserted", currency, balance, balance - previousBalance, {
      previousBalance,
      ...(trueAt === undefined ? {} : { trueAt }),
    });
  }

  #updateBill(
    bill: Thing,
    { currency, amountPaid, metadata }: CallOf<"updateBill">["input"],
  ): Thing {
    if (bill.voided) refuse("BILL_VOIDED");
    if (currency !== undefined && currency !== bill.currency) refuse("CURRENCY_MISMATCH");
    if (metadata !== undefined) this.#limit({ ...bill.metadata, ...metadata });
    if (
      amountPaid !== undefined &&
      amountPaid > bill.amountDue &&
      bill.rules?.overpaymentAllowed !== true
    )
      refuse("AMOUNT_PAID_ABOVE_DUE");
    const personal = this.#details(bill, { metadata });
    if (personal !== undefined) this.#note(bill, "bill.updated", { billId: bill.id }, { personal });
    if (amountPaid !== undefined) this.#setPaid(bill, amountPaid);
    return bill;
  }

  #setPaid(bill: Thing, amountPaid: number): void {
    if (bill.amountPaid === amountPaid) return;
    bill.amountPaid = amountPaid;
    this.#say(bill, bill.amountDue - amountPaid, bill.currency ?? "");
  }

  #void(bill: Thing, at: string | undefined): void {
    const balance = bill.amountDue - bill.amountPaid;
    bill.voided = true;
    this.#move(
      bill,
      "bill.voided",
      bill.currency ?? "",
      balance,
      0 - balance,
      { billId: bill.id },
      at,
    );
  }

  #adjust({ verb, input }: CallOf<"charge"> | CallOf<"credit">, at: string | undefined): Thing {
    const thing = this.#target(input);
    if (thing.kind === "bill") refuse("NOT_ADJUSTABLE");
    const { currency } = thing;
    if (currency === undefined || thing.balances[currency] === undefined)
      return refuse("BALANCE_NOT_TRACKED");
    if ((input.currency ?? currency) !== currency) refuse("CURRENCY_MISMATCH");
    const { amount, reason } = input;
    const told = reason === undefined ? {} : { reason };
    if (verb === "charge")
      this.#move(thing, "obligation.amount_charged", currency, amount, amount, told, at);
    else this.#move(thing, "obligation.amount_credited", currency, amount, -amount, told, at);
    return thing;
  }

  /** Records a payment on an obligation that it fits. */
  #settle(
    thing: Thing,
    entry: Omit<Entry, "target" | "reason" | "effectiveAt" | "undone"> & {
      at: string | undefined;
    },
    suspendedFor?: Entry["target"],
  ): Application {
    const { paymentId, amount, currency, metadata, source, at } = entry;
    const violations = broken(thing, amount);
    const tracked = thing.currency !== undefined && thing.balances[thing.currency] !== undefined;
    const effect = tracked ? -amount : 0;
    if (thing.kind === "bill") thing.amountPaid += amount;
    this.#move(
      thing,
      "obligation.amount_applied",
      currency,
      amount,
      effect,
      {
        paymentId,
        ...(tracked ? {} : { absorbed: amount }),
        ...(violations.length === 0 ? {} : { violations }),
        ...(suspendedFor === undefined
          ? {}
          : { suspendedFor: { kind: suspendedFor.kind, name: suspendedFor.name } }),
        ...source,
      },
      at,
    );
    this.#attach({ metadata: filled(metadata) });
    const application: Application = {
      paymentId,
      owner: ownerOf(thing),
      amount,
      currency,
      effect,
      violations,
      reversed: 0,
      changes: 0,
      undone: false,
      entity: viewOf(thing),
    };
    this.#world.applications.push(application);
    return application;
  }

  /** Personal details for the fact that was noted last. */
  #attach(personal: Personal): void {
    const last = this.#facts.pop();
    if (last === undefined) return;
    this.#facts.push(personal.metadata === undefined ? last : { ...last, personal });
  }

  #applied(application: Application, replayed: boolean): Told {
    const { paymentId: id, amount, currency, effect, violations, entity } = application;
    const payment = { id, amount, currency, status: "applied", effect, violations };
    return { facts: this.#facts, entity, replayed, payment };
  }

  #suspended({ paymentId: id, amount, currency, reason }: Entry, replayed: boolean): Told {
    const payment = {
      id,
      amount,
      currency,
      status: "suspended",
      effect: 0,
      violations: [],
      reason,
    };
    return { facts: this.#facts, entity: undefined, replayed, payment };
  }

  #suspend(entry: Entry, changed: { reasonBefore?: string; first: boolean }): void {
    const {
      paymentId,
      target,
      amount,
      currency,
      reason,
      resolvedId,
      effectiveAt,
      source,
      metadata,
    } = entry;
    const { reasonBefore, first } = changed;
    this.#facts.push({
      type: "payment.suspended",
      on: `suspense/${paymentId}`,
      effectiveAt,
      data: {
        paymentId,
        target,
        currency,
        amount,
        reason,
        ...(reasonBefore === undefined ? {} : { reasonBefore }),
        ...(resolvedId === undefined ? {} : { resolvedId }),
        ...(first ? source : {}),
      },
    });
    if (first) this.#attach({ metadata: filled(metadata) });
  }

  #leave(entry: Entry, thing: Thing): void {
    const { paymentId, target, currency, amount, effectiveAt } = entry;
    entry.matchedTo = ownerOf(thing);
    const data = {
      paymentId,
      target,
      currency,
      amount,
      matchedTo: { kind: thing.kind, id: thing.id },
    };
    this.#facts.push({ type: "payment.matched", on: `suspense/${paymentId}`, effectiveAt, data });
  }

  /** Whether an entry of suspense was meant for this thing, or for this name while nothing answers to it. */
  #meant(entry: Entry, kind: Kind, name: string): boolean {
    const thing = this.#find(kind, name);
    const names = thing === undefined ? [name] : [thing.id, thing.externalReference];
    return (
      entry.target.kind === kind &&
      (names.includes(entry.target.name) || entry.resolvedId === (thing?.id ?? name))
    );
  }

  /** D-51: what is known of a payment on a target, before any rule is looked at. */
  #known(
    paymentId: string,
    { kind, name }: Entry["target"],
    amount: number,
    currency: string | undefined,
  ) {
    const owner = this.#find(kind, name);
    const application =
      owner === undefined
        ? undefined
        : this.#world.applications.find(
            (each) => each.paymentId === paymentId && each.owner === ownerOf(owner),
          );
    const entries = this.#world.entries.filter(
      (each) => each.paymentId === paymentId && this.#meant(each, kind, name),
    );
    const same = (each: { amount: number; currency: string }): boolean =>
      each.amount === amount && each.currency === (currency ?? each.currency);
    if (application !== undefined && same(application)) {
      const back = this.#world.entries.find(
        (each) =>
          each.paymentId === paymentId &&
          each.matchedTo === undefined &&
          each.undone.some(({ kind: its, id }) => `${its}/${id}` === application.owner),
      );
      return back === undefined ? { application } : { entry: back };
    }
    const entry = entries.find(same);
    if (entry?.matchedTo !== undefined) {
      const there = this.#world.applications.find(
        (each) => each.paymentId === paymentId && each.owner === entry.matchedTo,
      );
      return { application: there };
    }
    if (entry !== undefined) return { entry };
    return { conflict: application !== undefined || entries.length > 0 };
  }

  #record(input: CallOf<"recordPayment">["input"], at: string | undefined): Told {
    const { amount, currency, metadata, sourceEventId, sourceObligationId } = input;
    this.#generated += 1;
    const paymentId = input.paymentId ?? `pay_generated${this.#generated}`;
    const target = this.#targetName(input);
    const known = this.#known(paymentId, target, amount, currency);
    if (known.application !== undefined) return this.#applied(known.application, true);
    if (known.entry !== undefined) return this.#suspended(known.entry, true);
    const thing = this.#find(target.kind, target.name);
    const source = {
      ...(sourceEventId === undefined ? {} : { sourceEventId }),
      ...(sourceObligationId === undefined ? {} : { sourceObligationId }),
    };
    const reason =
      known.conflict === true
        ? "payment_conflict"
        : thing === undefined
          ? "unknown_target"
          : this.#unfit(thing, currency);
    if (thing !== undefined && reason === undefined)
      return this.#applied(
        this.#settle(thing, { paymentId, amount, currency, metadata, source, at }),
        false,
      );
    const entry: Entry = {
      paymentId,
      target: { kind: target.kind, name: thing?.id ?? target.name },
      amount,
      currency,
      effectiveAt: at ?? this.#now,
      metadata: filled(metadata),
      source,
      reason: reason ?? "",
      undone: [],
    };
    this.#world.entries.push(entry);
    this.#suspend(entry, { first: true });
    return this.#suspended(entry, false);
  }

  #unfit(thing: Thing, currency: string): string | undefined {
    if (thing.voided) return "bill_voided";
    return (thing.currency ?? currency) === currency ? undefined : "currency_mismatch";
  }

  /** What waits for an object that came into being: by its id first, then by its reference. */
  #release(thing: Thing): void {
    const { kind, id, externalReference } = thing;
    const waiting = this.#world.entries.filter(
      ({ target, reason, matchedTo }) =>
        matchedTo === undefined &&
        reason === "unknown_target" &&
        target.kind === kind &&
        [id, externalReference].includes(target.name),
    );
    const byId = waiting
      .filter(({ target }) => target.name === id)
      .map(({ paymentId }) => paymentId);
    for (const paymentId of new Set([...byId, ...waiting.map((each) => each.paymentId)]))
      for (const entry of waiting.filter((each) => each.paymentId === paymentId)) {
        const reasonBefore = entry.reason;
        const unfit = this.#unfit(thing, entry.currency);
        if (entry.target.name !== id && byId.includes(paymentId)) {
          // Reported under both names: a person has to say whether it was one payment or two.
          entry.reason = "payment_conflict";
          this.#suspend(entry, { reasonBefore, first: false });
        } else if (unfit !== undefined) {
          entry.reason = unfit;
          entry.resolvedId = id;
          this.#suspend(entry, { reasonBefore, first: false });
        } else {
          this.#settle(thing, { ...entry, at: entry.effectiveAt }, entry.target);
          this.#leave(entry, thing);
        }
      }
  }

  #apply(input: CallOf<"applyPayment">["input"], at: string | undefined): Told {
    const { amount, metadata } = input;
    this.#generated += 1;
    const paymentId = input.paymentId ?? `pay_generated${this.#generated}`;
    const target = this.#targetName(input);
    const known = this.#known(paymentId, target, amount, input.currency);
    if (known.application !== undefined) return this.#applied(known.application, true);
    if (known.entry !== undefined || known.conflict === true) refuse("PAYMENT_CONFLICT");
    const thing = this.#named(target.kind, target.name);
    if (thing.voided) refuse("BILL_VOIDED");
    const [first] = broken(thing, amount);
    if (first === "not_payable") refuse("NOT_PAYABLE");
    const currency = input.currency ?? thing.currency ?? refuse("CURRENCY_REQUIRED");
    if ((thing.currency ?? currency) !== currency) refuse("CURRENCY_MISMATCH");
    if (first !== undefined) refuse(ruleCodes[first] ?? first);
    return this.#applied(
      this.#settle(thing, { paymentId, amount, currency, metadata, source: {}, at }),
      false,
    );
  }

  #reverse(input: CallOf<"reversePayment">["input"], at: string | undefined): Thing {
    const { paymentId, reason } = input;
    const aimed = ["customer", "account", "bill"].some(
      (kind) => (input as Input)[kind] !== undefined,
    );
    const target = aimed ? ownerOf(this.#target(input)) : undefined;
    const [application, ...others] = this.#world.applications.filter(
      (each) => each.paymentId === paymentId && each.owner === (target ?? each.owner),
    );
    if (application === undefined) return refuse("PAYMENT_NOT_FOUND");
    if (others.length > 0) refuse("TARGET_REQUIRED");
    const thing =
      this.#world.things.find((each) => ownerOf(each) === application.owner) ?? refuse("NOT_FOUND");
    const left = application.undone ? 0 : application.amount - application.reversed;
    if (left === 0) refuse("NOTHING_TO_REVERSE");
    const amount = input.amount ?? left;
    if (amount > left) refuse("REVERSAL_EXCEEDS_APPLICATION");
    const { currency } = application;
    const back = thing.kind === "bill" ? Math.min(amount, thing.amountPaid) : amount;
    const effect = thing.voided || thing.balances[currency] === undefined ? 0 : back;
    if (thing.kind === "bill") thing.amountPaid -= back;
    application.reversed += amount;
    application.changes += 1;
    this.#move(
      thing,
      "obligation.application_reversed",
      currency,
      amount,
      effect,
      {
        paymentId,
        ordinal: application.changes,
        reversedTotal: application.reversed,
        ...(amount > effect ? { absorbed: amount - effect } : {}),
        ...(reason === undefined ? {} : { reason }),
      },
      at,
    );
    return thing;
  }

  #match(input: CallOf<"matchSuspense">["input"]): Told {
    const { paymentId, amount, currency } = input;
    const thing = this.#target(input);
    const asked = this.#world.entries.filter(
      (each) =>
        each.paymentId === paymentId &&
        each.amount === (amount ?? each.amount) &&
        each.currency === (currency ?? each.currency),
    );
    const [entry, ...others] = asked.filter((each) => each.matchedTo === undefined);
    const onIt = this.#world.applications.find(
      (each) => each.paymentId === paymentId && each.owner === ownerOf(thing),
    );
    if (entry === undefined) {
      const gone = asked.some((each) => each.matchedTo === ownerOf(thing));
      return gone && onIt !== undefined ? this.#applied(onIt, true) : refuse("PAYMENT_NOT_FOUND");
    }
    if (others.length > 0) refuse("TARGET_REQUIRED");
    const unfit = this.#unfit(thing, entry.currency);
    if (unfit !== undefined) refuse(unfit === "bill_voided" ? "BILL_VOIDED" : "CURRENCY_MISMATCH");
    if (onIt?.undone === true && this.#wasOf(entry, onIt)) return this.#restore(entry, thing, onIt);
    // Another sum of the same payment is known there: only a person can say which of them is right.
    const own =
      entry.target.kind === thing.kind && (entry.resolvedId ?? entry.target.name) === thing.id;
    const reported = this.#world.entries.some(
      (each) =>
        each !== entry &&
        each.paymentId === paymentId &&
        each.reason !== "payment_conflict" &&
        each.target.kind === thing.kind &&
        (each.resolvedId ?? each.target.name) === thing.id,
    );
    if (onIt !== undefined || (!own && reported)) refuse("PAYMENT_CONFLICT");
    const suspendedFor = { kind: entry.target.kind, name: entry.resolvedId ?? entry.target.name };
    const application = this.#settle(thing, { ...entry, at: entry.effectiveAt }, suspendedFor);
    this.#leave(entry, thing);
    return this.#applied(application, false);
  }

  /** Whether an application was made of this entry and undone. */
  #wasOf({ undone }: Entry, { owner }: Application): boolean {
    return undone.some(({ kind, id }) => `${kind}/${id}` === owner);
  }

  #restore(entry: Entry, thing: Thing, application: Application): Told {
    const { paymentId, amount, currency } = application;
    application.violations = broken(thing, amount);
    const { violations } = application;
    const tracked = thing.currency !== undefined && thing.balances[thing.currency] !== undefined;
    application.effect = tracked ? -amount : 0;
    application.undone = false;
    application.reversed = 0;
    application.changes += 1;
    if (thing.kind === "bill") thing.amountPaid += amount;
    this.#move(
      thing,
      "obligation.application_restored",
      currency,
      amount,
      application.effect,
      {
        paymentId,
        ordinal: application.changes,
        ...(tracked ? {} : { absorbed: amount }),
        ...(violations.length === 0 ? {} : { violations }),
      },
      entry.effectiveAt,
    );
    application.entity = viewOf(thing);
    this.#leave(entry, thing);
    return this.#applied(application, false);
  }

  #undo(input: CallOf<"undoMatch">["input"]): Told {
    const { paymentId, reason } = input;
    const aimed = ["customer", "account", "bill"].some(
      (kind) => (input as Input)[kind] !== undefined,
    );
    const target = aimed ? ownerOf(this.#target(input)) : undefined;
    const entries = this.#world.entries.filter((each) => each.paymentId === paymentId);
    const [entry, ...others] = entries.filter(
      ({ matchedTo }) => matchedTo !== undefined && matchedTo === (target ?? matchedTo),
    );
    if (others.length > 0) refuse("TARGET_REQUIRED");
    if (entry === undefined) {
      const back = entries.find(
        ({ matchedTo, undone }) =>
          matchedTo === undefined &&
          undone.some(({ kind, id }) => `${kind}/${id}` === (target ?? `${kind}/${id}`)),
      );
      return back === undefined ? refuse("PAYMENT_NOT_FOUND") : this.#suspended(back, true);
    }
    const owner = entry.matchedTo;
    const application =
      this.#world.applications.find(
        (each) => each.paymentId === paymentId && each.owner === owner,
      ) ?? refuse("PAYMENT_NOT_FOUND");
    const thing = this.#world.things.find((each) => ownerOf(each) === owner) ?? refuse("NOT_FOUND");
    const { amount, currency, reversed } = application;
    if (reversed > 0)
      refuse(reversed === amount ? "NOTHING_TO_REVERSE" : "REVERSAL_EXCEEDS_APPLICATION");
    const back = thing.kind === "bill" ? Math.min(amount, thing.amountPaid) : amount;
    const effect = thing.voided || thing.balances[currency] === undefined ? 0 : back;
    if (thing.kind === "bill") thing.amountPaid -= back;
    application.undone = true;
    application.changes += 1;
    this.#move(
      thing,
      "obligation.application_undone",
      currency,
      amount,
      effect,
      {
        paymentId,
        ordinal: application.changes,
        ...(amount > effect ? { absorbed: amount - effect } : {}),
        reason,
      },
      entry.effectiveAt,
    );
    const { kind, id } = thing;
    entry.matchedTo = undefined;
    entry.undone = [
      ...entry.undone.filter((each) => each.kind !== kind || each.id !== id),
      { kind, id, note: reason },
    ];
    this.#facts.push({
      type: "payment.match_undone",
      on: `suspense/${paymentId}`,
      effectiveAt: entry.effectiveAt,
      data: {
        paymentId,
        target: entry.target,
        currency,
        amount,
        matchedTo: { kind, id },
        reason: entry.reason,
        note: reason,
      },
    });
    return this.#suspended(entry, false);
  }

  /** How often a row or a movement was accepted so far. */
  #timesOf(member: string | number): number {
    return this.#world.accepted.filter((each) => membersOf(each).includes(member)).length;
  }

  #accept(input: CallOf<"acceptMatch">["input"]): Told {
    const { kind, currency, rows, payments, difference: cause, reason } = input;
    const chosen = payments.map(({ paymentId, position }) => {
      const found = this.#world.movements.filter(
        (each) =>
          each.kind === kind &&
          each.paymentId === paymentId &&
          each.position === (position ?? each.position),
      );
      return found.length === 0 ? refuse("PAYMENT_NOT_FOUND") : found;
    });
    const movements = this.#world.movements.filter((each) => chosen.flat().includes(each));
    if (movements.some((each) => each.currency !== currency)) refuse("CURRENCY_MISMATCH");
    const members = [
      ...rows.map(({ rowId }) => rowId),
      ...movements.map(({ position }) => position),
    ];
    const [stands] = members.flatMap((member) =>
      this.#world.accepted.filter((each) => each.standing && membersOf(each).includes(member)),
    );
    if (stands !== undefined) {
      const asked = { kind, currency, rows: inOrder(rows), cause, movements };
      const { rows: its, movements: ours, difference } = stands;
      const known = {
        kind: stands.kind,
        currency: stands.currency,
        rows: inOrder(its),
        cause: difference?.cause,
        movements: ours,
      };
      if (text(asked) !== text(known)) refuse("MATCH_STANDS");
      return { facts: [], entity: acceptedView(stands), replayed: true };
    }
    const sum = (of: readonly { readonly amount: number }[]): number =>
      of.reduce((total, { amount }) => total + amount, 0);
    if (sum(rows) > amountMax || sum(movements) > amountMax) refuse("AMOUNT_OUT_OF_RANGE");
    const more = (kind === "refund" ? -1 : 1) * (sum(rows) - sum(movements));
    if (more !== 0 && cause === undefined) refuse("DIFFERENCE_UNEXPLAINED");
    if (more === 0 && cause !== undefined) refuse("NO_DIFFERENCE");
    const accepted: Accepted = {
      kind,
      currency,
      rows: inOrder(rows),
      movements,
      ...(cause === undefined ? {} : { difference: { amount: more, cause } }),
      reason,
      effectiveAt:
        movements
          .map(({ effectiveAt }) => effectiveAt)
          .sort()
          .at(-1) ?? "",
      standing: true,
    };
    this.#facts.push({
      type: "reconciliation.match_accepted",
      on: `acceptance/${accepted.rows[0]?.rowId}`,
      effectiveAt: accepted.effectiveAt,
      data: {
        kind,
        currency,
        amount: sum(rows),
        rows: accepted.rows.map((row) => ({ ...row, ordinal: this.#timesOf(row.rowId) + 1 })),
        movements: movements.map(({ position, paymentId, amount }) => ({
          position,
          paymentId,
          amount,
          ordinal: this.#timesOf(position) + 1,
        })),
        ...(accepted.difference === undefined ? {} : { difference: accepted.difference }),
        reason,
      },
    });
    this.#world.accepted.push(accepted);
    return { facts: this.#facts, entity: acceptedView(accepted), replayed: false };
  }

  #unaccept({ rowId, reason }: CallOf<"undoAcceptance">["input"]): Told {
    const last = this.#world.accepted.findLast((each) => membersOf(each).includes(rowId));
    if (last === undefined) return refuse("ROW_NOT_ACCEPTED");
    if (!last.standing) return { facts: [], entity: acceptedView(last), replayed: true };
    last.standing = false;
    const { currency, rows, difference, effectiveAt } = last;
    this.#facts.push({
      type: "reconciliation.acceptance_undone",
      on: `acceptance/${rows[0]?.rowId}`,
      effectiveAt,
      data: {
        currency,
        amount: rows.reduce((total, { amount }) => total + amount, 0),
        ...(difference === undefined ? {} : { difference }),
        reason,
      },
    });
    return { facts: this.#facts, entity: acceptedView(last), replayed: false };
  }

  #mirror(line: CallOf<"mirror">["input"], at: string | undefined): Told {
    const { object: kind, id } = line;
    const known = this.#find(kind, id);
    const thing = known ?? this.#mirrorNew(line, at);
    if (known !== undefined) this.#mirrorKnown(known, line, at);
    const [first] = this.#facts;
    const outcome =
      first === undefined ? "unchanged" : first.type.endsWith(".created") ? "created" : "changed";
    return { ...this.#about(thing), outcome };
  }

  /** A bill that is mirrored is dated by its own date, the end of that day, where that is past. */
  #opening(line: CallOf<"mirror">["input"], at: string | undefined): string | undefined {
    if (at !== undefined || line.object !== "bill" || line.billDate === undefined) return at;
    const ended = `${line.billDate}T23:59:59.999Z`;
    return ended < this.#now ? ended : undefined;
  }

  #mirrorNew(line: CallOf<"mirror">["input"], stated: string | undefined): Thing {
    const at = this.#opening(line, stated);
    if (line.object !== "customer") this.#named("customer", line.customerId);
    if (
      line.object === "bill" &&
      line.accountId !== undefined &&
      this.#named("account", line.accountId).customerId !== line.customerId
    )
      refuse("OWNER_MISMATCH");
    const thing = this.#begin(line.object, line as unknown as Input, at);
    const rules = line.paymentRules ?? null;
    if (line.object === "bill") {
      this.#move(thing, "obligation.opened", line.currency, line.amountDue, line.amountDue, {}, at);
      if (rules !== null) this.#setRules(thing, rules);
      this.#setPaid(thing, line.amountPaid);
      if (line.status === "voided") this.#void(thing, at);
    } else {
      if (line.balance !== undefined && line.currency !== undefined) {
        this.#move(thing, "obligation.opened", line.currency, line.balance, line.balance, {}, at);
      }
      if (rules !== null) this.#setRules(thing, rules);
    }
    this.#remember(thing, line);
    this.#release(thing);
    return thing;
  }

  /** What the line says, for the next one to be compared with. Absent members say nothing. */
  #remember(thing: Thing, line: CallOf<"mirror">["input"]): void {
    thing.line = {
      facts: factsOf(line),
      rules: text(line.paymentRules),
      personal: { ...thing.line?.personal, ...personalOf(line) },
      ...(line.object === "bill"
        ? { amountPaid: line.amountPaid }
        : { balance: text([line.balance, line.currency]) }),
    };
  }

  #mirrorKnown(thing: Thing, line: CallOf<"mirror">["input"], stated: string | undefined): void {
    const at = this.#opening(line, stated);
    if (thing.externalReference !== line.externalReference) refuse("INVALID_INPUT");
    if (line.object !== "customer" && thing.customerId !== line.customerId) refuse("INVALID_INPUT");
    if (line.object === "bill") {
      const {
        accountId,
        currency,
        amountDue,
        billDate = thing.billDate,
        dueDate = thing.dueDate,
      } = line;
      const fixed = { accountId, currency, amountDue, billDate, dueDate };
      if (Object.entries(fixed).some(([field, value]) => thing[field as keyof Thing] !== value))
        refuse("INVALID_INPUT");
    }
    const last = thing.line;
    const stale = Object.entries(personalOf(line)).filter(
      ([key, value]) => text(value) !== text(last?.personal[key as keyof Personal]),
    );
    if (last !== undefined && stale.length === 0 && last.facts === factsOf(line)) return;
    const paidChanged = line.object === "bill" && last?.amountPaid !== line.amountPaid;
    if (
      thing.voided &&
      line.object === "bill" &&
      (line.status !== "voided" || (paidChanged && line.amountPaid !== thing.amountPaid))
    )
      refuse("BILL_VOIDED");

    const personal = Object.fromEntries(stale) as Personal;
    const currency =
      line.object !== "bill" && line.balance === undefined && line.currency !== thing.currency
        ? line.currency
        : undefined;
    if (currency !== undefined && Object.keys(thing.balances).length > 0)
      refuse("CURRENCY_MISMATCH");
    this.#details(thing, personal);
    this.#note(
      thing,
      `${thing.kind}.updated`,
      { [`${thing.kind}Id`]: thing.id, currency },
      { personal },
    );
    if (currency !== undefined) thing.currency = currency;
    if (
      line.object !== "bill" &&
      line.balance !== undefined &&
      last?.balance !== text([line.balance, line.currency])
    ) {
      const to = line.currency ?? "";
      if (Object.keys(thing.balances).length > 0) this.#assert(thing, line.balance, to);
      else {
        this.#move(thing, "obligation.opened", to, line.balance, line.balance, {}, at);
        thing.currency = to;
      }
    }
    if (!thing.voided && (last === undefined || last.rules !== text(line.paymentRules)))
      this.#setRules(thing, line.paymentRules ?? null);
    if (line.object === "bill" && !thing.voided) {
      if (paidChanged) this.#setPaid(thing, line.amountPaid);
      if (line.status === "voided") this.#void(thing, at);
    }
    this.#remember(thing, line);
  }
}

class Unreadable extends Refusal {}

/** What a mirrored line says of the obligation. */
const factsOf = (line: CallOf<"mirror">["input"]): string =>
  text([
    line.currency,
    line.paymentRules,
    line.object === "bill" ? [line.amountPaid, line.status] : line.balance,
  ]);

const personalOf = (line: CallOf<"mirror">["input"]): Personal => {
  const { name, email, phone, metadata } = line as Personal;
  return Object.fromEntries(
    Object.entries({ name, email, phone, metadata: filled(metadata) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

/** What a key stands for: the verb, its fields and the date. Who asked, and whence a payment came, is no part of it. */
const requestOf = ({ verb, name, input, options }: Call): Map<string, string> => {
  const kind = verb.startsWith("update") ? verb.slice("update".length).toLowerCase() : "bill";
  const { sourceEventId: _, sourceObligationId: __, ...fields } = input as Input;
  const { trueAt } = fields as { trueAt?: string };
  return new Map(
    Object.entries({
      verb,
      ...fields,
      ...(name === undefined ? {} : { [kind]: name }),
      ...(trueAt === undefined ? {} : { trueAt: parseInstant(trueAt) }),
      effectiveAt:
        options.effectiveAt === undefined ? undefined : parseInstant(options.effectiveAt),
    })
      .filter(([, value]) => value !== undefined)
      .map(([field, value]): [string, string] => [field, text(value)]),
  );
};
