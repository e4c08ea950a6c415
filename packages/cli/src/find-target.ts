/** The customer, account or bill that a person names by id or external reference. */
import {
  type Entity,
  isLedgerError,
  type Ledger,
  LedgerError,
  looksLikeId,
} from "@tallystick/core";
import { usage } from "./cli-error.ts";

type Finder = Pick<Ledger, "retrieveCustomer" | "retrieveAccount" | "retrieveBill">;

const orNothing = async (found: Promise<Entity>): Promise<Entity | undefined> => {
  try {
    return await found;
  } catch (error) {
    if (isLedgerError(error, "NOT_FOUND")) return undefined;
    throw error;
  }
};

/**
 * What answers to `name`. References are unique among the objects of one kind only, so one that
 * several kinds share is a usage error that names their ids. `NOT_FOUND` where nothing answers.
 */
export const findTarget = async (ledger: Finder, name: string): Promise<Entity> => {
  const kinds = [
    ["customer", ledger.retrieveCustomer],
    ["account", ledger.retrieveAccount],
    ["bill", ledger.retrieveBill],
  ] as const;
  const byId = kinds.filter(([kind]) => looksLikeId(kind, name));
  const found: Entity[] = [];
  for (const [, retrieve] of byId.length > 0 ? byId : kinds) {
    const entity = await orNothing(retrieve(name));
    if (entity !== undefined) found.push(entity);
  }
  const [only, ...others] = found;
  if (only === undefined)
    throw new LedgerError("NOT_FOUND", `no customer, account or bill answers to ${name}`, {
      detail: { name },
    });
  if (others.length === 0) return only;
  const candidates = found.map(({ object, id }) => ({ kind: object, id }));
  throw usage(
    `${name} is the reference of ${candidates.map(({ kind, id }) => `the ${kind} ${id}`).join(" and of ")}; say which one by its id`,
    { name, candidates },
  );
};
