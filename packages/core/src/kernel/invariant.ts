/**
 * Assertions about our own code and about stored history. A broken one stops the work: whoever
 * catches it must not carry on, because a ledger that guesses is worse than one that stands still.
 */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Throws `InvariantViolation` unless the condition holds; a message with parts is put together only then. */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantViolation(typeof message === "string" ? message : message());
}

/** Marks the end of an exhaustive switch: the compiler proves that nothing arrives here. */
export const unreachable = (value: never): never => {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
};
