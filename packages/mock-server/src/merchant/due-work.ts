/** Things that happen by themselves when their instant comes: what moves with a merchant's clock. */

/** A source of such things, such as deliveries that are to be tried again. */
export interface DueWork {
  /** When the earliest is due, in milliseconds since 1970; undefined while nothing is planned. */
  nextDueMs(): Promise<number | undefined>;
  /** Does everything that is due at `nowMs`, and resolves when it is done and noted. */
  runDue(nowMs: number): Promise<void>;
}

/** The earliest instant of several sources. */
export const earliestDueMs = async (works: readonly DueWork[]): Promise<number | undefined> => {
  const instants = await Promise.all(works.map((work) => work.nextDueMs()));
  return instants
    .filter((instant) => instant !== undefined)
    .reduce<number | undefined>(
      (earliest, instant) => (earliest === undefined || instant < earliest ? instant : earliest),
      undefined,
    );
};
