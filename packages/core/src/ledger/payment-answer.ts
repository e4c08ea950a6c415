/** What the payment verbs share: their plans and their answers. */
import type { PlannedEvent } from "../domain/planned.ts";
import type { StreamState } from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";
import type { Executed, Plan } from "../execute/executor.ts";
import { eventAt } from "../execute/work.ts";
import { invariant } from "../kernel/invariant.ts";
import type { RecordedEvent } from "../store/commit.ts";
import type { Entity, PaymentOutcome, PaymentWritten, TargetInput } from "./types.ts";
import { type Context, written } from "./verb.ts";
import { entityView } from "./views.ts";

/** Events for one stream, whose state answers the caller. */
export const planOn = (streamId: StreamId, events: readonly PlannedEvent[]): Plan => ({
  events: events.map((event) => ({ streamId, event })),
  subject: streamId,
});
/** What became of a payment, read off the event at its subject's revision. */
const outcomeOf = (event: RecordedEvent): PaymentOutcome => {
  if (event.type === "payment.suspended" || event.type === "payment.match_undone") {
    const { paymentId, amount, currency, reason } = event.data;
    return {
      id: paymentId,
      amount,
      currency,
      status: "suspended",
      eventId: event.id,
      effect: 0,
      violations: [],
      reason,
    };
  }
  invariant(
    event.type === "obligation.amount_applied" || event.type === "obligation.application_restored",
    () => `${event.id} is no payment`,
  );
  const { paymentId, amount, currency, effect, violations } = event.data;
  return {
    id: paymentId,
    amount,
    currency,
    status: "applied",
    eventId: event.id,
    effect,
    violations: violations ?? [],
  };
};
/** The target as the caller wrote it: fingerprints are by the names that the caller knows. */
export const targetOf = ({ customer, account, bill }: TargetInput): TargetInput => ({
  customer,
  account,
  bill,
});
/** The entity of a state, or nothing where it is a suspense stream. */
export const entityIfAny = (state: StreamState): Entity | undefined =>
  "entity" in state && state.entity !== undefined ? entityView(state.entity) : undefined;
/** What the caller of a payment verb hears: the target as it is then, and what became of the payment. */
export const paymentAnswer = async (
  { store, book }: Context,
  executed: Executed<Entity | undefined>,
): Promise<PaymentWritten> => {
  const { streamId, revision } = executed.subject;
  const own = executed.events.find(
    (event) => event.streamId === streamId && event.revision === revision,
  );
  const event = own ?? (await eventAt(store, book, executed.subject));
  return { ...written(executed), payment: outcomeOf(event) };
};
