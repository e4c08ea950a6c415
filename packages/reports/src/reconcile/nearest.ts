/** Members of one side in order of amount, so that the nearest to a sum are found without a search. */
import { daysApart, type ExternalRow, type LedgerItem } from "./sides.ts";

type Member = ExternalRow | LedgerItem;

const candidatesMax = 3;
/** So many neighbours on either side are looked at for those that are nearest in time too. */
const reach = 8;

export interface Candidate<Of extends Member> {
  readonly member: Of;
  /** Theirs less ours, or ours less theirs: how far the candidate's amount lies above, in minor units. */
  readonly amountApart: number;
  readonly daysApart: number;
}

export class NearestByAmount<Of extends Member> {
  readonly #sorted = new Map<string, Of[]>();

  constructor(members: Iterable<Of>) {
    for (const member of members) {
      const key = keyOf(member);
      const others = this.#sorted.get(key);
      if (others === undefined) this.#sorted.set(key, [member]);
      else others.push(member);
    }
    // A stable order: what is equal in amount stays in the order of its side.
    for (const sorted of this.#sorted.values()) sorted.sort((a, b) => a.amount - b.amount);
  }

  /** The first of those with at least this amount. */
  #from(sorted: readonly Of[], amount: number): number {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.amount ?? 0) < amount) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Those of the same kind and currency whose amount differs by at most `most`. */
  within(sought: Member, most: number): readonly Of[] {
    const sorted = this.#sorted.get(keyOf(sought)) ?? [];
    const found: Of[] = [];
    for (let at = this.#from(sorted, sought.amount - most); at < sorted.length; at += 1) {
      const member = sorted[at] as Of;
      if (member.amount > sought.amount + most) break;
      found.push(member);
    }
    return found;
  }

  /** At most three, the nearest in amount first, then in days. */
  nearest(sought: Member): readonly Candidate<Of>[] {
    const sorted = this.#sorted.get(keyOf(sought)) ?? [];
    const middle = this.#from(sorted, sought.amount);
    return sorted
      .slice(Math.max(0, middle - reach), middle + reach)
      .map((member) => ({
        member,
        amountApart: member.amount - sought.amount,
        daysApart: daysApart(member.date, sought.date),
      }))
      .sort(
        (a, b) => Math.abs(a.amountApart) - Math.abs(b.amountApart) || a.daysApart - b.daysApart,
      )
      .slice(0, candidatesMax);
  }
}

const keyOf = ({ kind, currency }: Member): string => `${kind} ${currency}`;
