/** Rules over several members of a body, as the core has them, in the wire's names. */

/** A rule runs even where a single member is faulty, so that all faults come at once. */
export const when = ({ value }: { value: unknown }): boolean =>
  typeof value === "object" && value !== null;

interface MoneyMembers {
  readonly balance?: number | undefined;
  readonly currency?: string | undefined;
}

export const currencyBesideBalance = ({ balance, currency }: MoneyMembers): boolean =>
  balance === undefined || currency !== undefined;

export const currencyMissing = { path: ["currency"], error: "is required with a balance", when };

interface Targets {
  readonly customer?: unknown;
  readonly account?: unknown;
  readonly bill?: unknown;
}

const count = ({ customer, account, bill }: Targets): number =>
  [customer, account, bill].filter((member) => member !== undefined).length;

export const oneTarget = (body: Targets): boolean => count(body) === 1;
export const notOneTarget = { error: "must name exactly one of customer, account and bill", when };
export const oneTargetOrNone = (body: Targets): boolean => count(body) <= 1;
export const severalTargets = {
  error: "must name at most one of customer, account and bill",
  when,
};
