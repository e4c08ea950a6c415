/** The public surface of the pure core, grouped by what it is about. */

export { type ClaimKey, claimsOf } from "./domain/claims.ts";
// domain
export { defaultMetadataLimits, type MetadataLimits, metadataRefusal } from "./domain/details.ts";
export {
  type DifferenceCause,
  type DomainEvent,
  differenceCauses,
  type EventData,
  type EventOf,
  type EventType,
  eventCatalogue,
  type MoneyKind,
  type Personal,
  type SuspenseReason,
  suspenseReasons,
} from "./domain/events.ts";
export { evolve, initialState, type PlacedEvent, reducerVersion } from "./domain/evolve.ts";
export * as field from "./domain/fields.ts";
export { type Metadata, mergeMetadata } from "./domain/fields.ts";
export { applyPayment as decidePayment, type Payment } from "./domain/payment.ts";
export type { PlannedEvent } from "./domain/planned.ts";
export type {
  AcceptanceState,
  AcceptanceStream,
  AccountState,
  BillState,
  CustomerState,
  EntityState,
  EntityStream,
  StreamState,
  SuspenseEntry,
  SuspenseStream,
} from "./domain/state.ts";
export {
  type EntityKind,
  type ObligationKind,
  obligationKindOf,
  parseStreamId,
  type StreamId,
  streamIdOf,
} from "./domain/target.ts";
export { canonicalJson, inKeyOrder, type Json } from "./kernel/canonical-json.ts";
export {
  type ErrorCode,
  errorCatalogue,
  type Fault,
  isLedgerError,
  LedgerError,
  type Retry,
} from "./kernel/errors.ts";
// kernel
export type { Host } from "./kernel/host.ts";
export { type IdKind, type IdSource, idPatterns, idSource, looksLikeId } from "./kernel/ids.ts";
export {
  type CalendarDate,
  type Instant,
  instantOfMs,
  isCalendarDate,
  isInstant,
  msOfInstant,
  parseInstant,
} from "./kernel/instant.ts";
export { InvariantViolation, invariant, unreachable } from "./kernel/invariant.ts";
export { clockTime, dateOfInstant, endOfDay, isTimeZone } from "./kernel/time-zone.ts";
export type { AcceptMatchInput, UndoAcceptanceInput } from "./ledger/acceptance-verbs.ts";
export type {
  ChargeInput,
  CreditInput,
  SetBalanceInput,
  SetPaymentRulesInput,
  UpdateAccountInput,
  UpdateBillInput,
  UpdateCustomerInput,
} from "./ledger/change-verbs.ts";
export type {
  CreateAccountInput,
  CreateBillInput,
  CreateCustomerInput,
} from "./ledger/create-verbs.ts";
export { faultsOf } from "./ledger/faults.ts";
export {
  createAccountInput,
  createBillInput,
  createCustomerInput,
  readInput,
  updateAccountInput,
  updateBillInput,
  updateCustomerInput,
} from "./ledger/inputs.ts";
export type { MirrorInput } from "./ledger/mirror-verb.ts";
export { type Ledger, type LedgerOptions, openLedger } from "./ledger/open-ledger.ts";
export type { ApplyPaymentInput, RecordPaymentInput } from "./ledger/payment-verbs.ts";
export type { ReversePaymentInput } from "./ledger/reversal-verb.ts";
export type { MatchSuspenseInput, UndoMatchInput } from "./ledger/suspense-verbs.ts";
// ledger
export type {
  Acceptance,
  Account,
  AsOf,
  Balance,
  BalanceStep,
  Bill,
  BillQuery,
  CurrencyBalance,
  Customer,
  Entity,
  ListQuery,
  MirrorWritten,
  Page,
  PaymentOutcome,
  PaymentWritten,
  SuspendedPayment,
  TargetInput,
  WriteOptions,
  Written,
} from "./ledger/types.ts";
export { entityView, isOverdue } from "./ledger/views.ts";
// money
export {
  type CurrencyCode,
  currencyCodes,
  currencyExponent,
  isCurrency,
} from "./money/currency.ts";
export {
  amountMax,
  billAmountMax,
  formatMajor,
  isAmount,
  parseMajor,
} from "./money/minor-units.ts";
export {
  type DefaultPaymentRules,
  defaultPaymentRules,
  generalPaymentRules,
  judgePayment,
  type PaymentRules,
  paymentRulesSchema,
  type Violation,
} from "./money/payment-rules.ts";
export {
  commitOf,
  copyOfDraft,
  decodeCommit,
  encodeCommit,
  eventOf,
  isDamage,
  recordedEvents,
} from "./store/codec.ts";
// store
export {
  type Basis,
  bodyHash,
  type CommitContent,
  type CommitDraft,
  commitClaims,
  commitHash,
  type EventBody,
  expectedRevisions,
  genesis,
  type Head,
  headAfter,
  type Outcome,
  personalHash,
  type RecordedCommit,
  type RecordedEvent,
  recordCommit,
  saltHash,
  type TakenClaim,
} from "./store/commit.ts";
export {
  type DocumentKeys,
  type DocumentKind,
  type DocumentPage,
  type DocumentQuery,
  documentKeys,
  documentsVersion,
  matchesQuery,
  type StoredDocument,
} from "./store/documents.ts";
export type { ClaimHolder, FoundOutcome, Store, StoreCapabilities } from "./store/store.ts";
export { chainProblem, type Verification, verifyCommits } from "./store/verify.ts";
export { toCamelCase, toSnakeCase, toSnakePath } from "./wire/case.ts";
