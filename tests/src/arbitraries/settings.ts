/**
 * How long and from which seed properties run. The seed is fixed, so a red run is red again; it
 * stands in the message of a failure and can be set, as can the number of runs:
 * `TALLYSTICK_SEED=7 TALLYSTICK_RUNS=10 vitest run tests/src/properties` runs ten times as many.
 */
import fc, { type Parameters } from "fast-check";

const fromEnvironment = (name: string, fallback: number): number => {
  const text = process.env[name];
  return text === undefined ? fallback : Number(text);
};

const seed: number = fromEnvironment("TALLYSTICK_SEED", 20_260_301);

/** For `fc.assert`: so many runs, or the multiple of them that was asked for. */
export const runs = <Values>(numRuns: number): Parameters<Values> => ({
  seed,
  numRuns: Math.ceil(numRuns * fromEnvironment("TALLYSTICK_RUNS", 1)),
});

/** Time for a property to run in, in milliseconds: wide enough for a slow machine and many runs. */
export const patienceMs: number = 60_000 * Math.max(1, fromEnvironment("TALLYSTICK_RUNS", 1));

/** A part of a whole, from 0 to below 1, every one as likely: a plain double is nearly always next to 0. */
export const shares: fc.Arbitrary<number> = fc
  .noBias(fc.nat({ max: 999 }))
  .map((thousandths) => thousandths / 1000);
