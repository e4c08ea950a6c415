/** A call of the façade as data: what properties generate, run, repeat and hand to the model. */
import type {
  AcceptMatchInput,
  ApplyPaymentInput,
  ChargeInput,
  CreateAccountInput,
  CreateBillInput,
  CreateCustomerInput,
  CreditInput,
  Ledger,
  MatchSuspenseInput,
  MirrorInput,
  MirrorWritten,
  PaymentWritten,
  RecordPaymentInput,
  ReversePaymentInput,
  SetBalanceInput,
  SetPaymentRulesInput,
  UndoAcceptanceInput,
  UndoMatchInput,
  UpdateAccountInput,
  UpdateBillInput,
  UpdateCustomerInput,
  WriteOptions,
  Written,
} from "@tallystick/core";
import { type FindId, Name, type Symbolic, withNames } from "./names.ts";

interface Inputs {
  createCustomer: CreateCustomerInput;
  createAccount: CreateAccountInput;
  createBill: CreateBillInput;
  updateCustomer: UpdateCustomerInput;
  updateAccount: UpdateAccountInput;
  updateBill: UpdateBillInput;
  voidBill: Record<never, never>;
  setBalance: SetBalanceInput;
  setPaymentRules: SetPaymentRulesInput;
  charge: ChargeInput;
  credit: CreditInput;
  recordPayment: RecordPaymentInput;
  applyPayment: ApplyPaymentInput;
  reversePayment: ReversePaymentInput;
  matchSuspense: MatchSuspenseInput;
  undoMatch: UndoMatchInput;
  acceptMatch: AcceptMatchInput;
  undoAcceptance: UndoAcceptanceInput;
  mirror: MirrorInput;
}

export type Verb = keyof Inputs;
/** These take the name of their object before their input. */
type NamedVerb = "updateCustomer" | "updateAccount" | "updateBill" | "voidBill";

export type CallOf<Each extends Verb> = {
  readonly verb: Each;
  readonly input: Inputs[Each];
  readonly options: WriteOptions;
} & (Each extends NamedVerb ? { readonly name: string } : { readonly name?: never });

export type Call = { [Each in Verb]: CallOf<Each> }[Verb];

/** A call whose names are known only when it runs, after the clock has moved. */
export type Command = { readonly advanceMs: number } & (
  | { readonly call: Symbolic<Call> }
  /** The call that ran so many calls ago, exactly as it was. */
  | { readonly again: number }
);

export const callOf = (symbolic: Symbolic<Call>, findId: FindId): Call =>
  withNames(symbolic, findId) as Call;

export type Answer = Written<unknown> &
  Partial<Pick<PaymentWritten, "payment">> &
  Partial<Pick<MirrorWritten, "outcome" | "released">>;

/** Runs a call. */
export const run = (ledger: Ledger, { verb, name, input, options }: Call): Promise<Answer> => {
  const verbs = ledger as unknown as Record<
    Verb,
    (...given: readonly unknown[]) => Promise<Answer>
  >;
  if (verb === "voidBill") return verbs.voidBill(name, options);
  return name === undefined ? verbs[verb](input, options) : verbs[verb](name, input, options);
};

/** Something a call carries, as a person would write it. */
const written = (value: unknown): string => {
  if (value instanceof Name) return value.toString();
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{ ${members.map(([key, member]) => `${key}: ${written(member)}`).join(", ")} }`;
};

/** `charge({ customer: "c-1", amount: 100 }, { idempotencyKey: "k-1" })`. */
export const tellCall = ({ verb, name, input, options }: Symbolic<Call>): string => {
  const given = [
    ...(name === undefined ? [] : [written(name)]),
    ...(verb === "voidBill" ? [] : [written(input)]),
    ...(Object.values(options).every((member) => member === undefined) ? [] : [written(options)]),
  ];
  return `${String(verb)}(${given.join(", ")})`;
};

export const tellCommand = (command: Command): string => {
  const wait = command.advanceMs === 0 ? "" : `after ${command.advanceMs} ms: `;
  return `${wait}${"again" in command ? `the call ${command.again + 1} before, again` : tellCall(command.call)}`;
};
