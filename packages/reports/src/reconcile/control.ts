/**
 * The control equations of a reconciliation, per currency. Both totals are added up while the sides
 * are read, and the parts while outcomes are decided; that they agree is checked, not assumed.
 */
import type { CurrencyCode } from "@tallystick/core";
import { type ExternalRow, type LedgerItem, signed } from "./sides.ts";

/** Minor units; refunds count as negative. */
export interface Control {
  readonly currency: CurrencyCode;
  /** Everything that they say, each row once. */
  readonly externalTotal: bigint;
  /** Everything that the ledger recorded of that time. */
  readonly ledgerTotal: bigint;
  /** What agrees; the same sum on both sides. */
  readonly matched: bigint;
  /** What was matched and differs, in their amounts and in ours. */
  readonly differingExternal: bigint;
  readonly differingLedger: bigint;
  readonly onlyExternal: bigint;
  readonly duplicate: bigint;
  readonly onlyLedger: bigint;
  /**
   * `externalTotal` = `matched` + `differingExternal` + `onlyExternal` + `duplicate`, and
   * `ledgerTotal` = `matched` + `differingLedger` + `onlyLedger`.
   */
  readonly holds: boolean;
}

type Part =
  | Exclude<keyof Control, "currency" | "holds" | "matched">
  | "matchedExternal"
  | "matchedLedger";

const parts: readonly Part[] = [
  "externalTotal",
  "ledgerTotal",
  "matchedExternal",
  "matchedLedger",
  "differingExternal",
  "differingLedger",
  "onlyExternal",
  "duplicate",
  "onlyLedger",
];

export class Controls {
  readonly #sums = new Map<CurrencyCode, Record<Part, bigint>>();

  add(part: Part, members: Iterable<ExternalRow | LedgerItem>): void {
    for (const member of members) this.addOne(part, member);
  }

  addOne(part: Part, member: ExternalRow | LedgerItem): void {
    let sums = this.#sums.get(member.currency);
    if (sums === undefined) {
      sums = Object.fromEntries(parts.map((each) => [each, 0n])) as Record<Part, bigint>;
      this.#sums.set(member.currency, sums);
    }
    sums[part] += signed(member);
  }

  /** By currency. */
  list(): Control[] {
    return [...this.#sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { matchedExternal, matchedLedger, ...sums }]) => ({
        currency,
        externalTotal: sums.externalTotal,
        ledgerTotal: sums.ledgerTotal,
        matched: matchedLedger,
        differingExternal: sums.differingExternal,
        differingLedger: sums.differingLedger,
        onlyExternal: sums.onlyExternal,
        duplicate: sums.duplicate,
        onlyLedger: sums.onlyLedger,
        holds:
          matchedExternal === matchedLedger &&
          sums.externalTotal ===
            matchedExternal + sums.differingExternal + sums.onlyExternal + sums.duplicate &&
          sums.ledgerTotal === matchedLedger + sums.differingLedger + sums.onlyLedger,
      }));
  }
}
