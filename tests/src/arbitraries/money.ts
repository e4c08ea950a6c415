/** Currencies, amounts and payment rules: mostly few and round, so that they meet, sometimes extreme. */
import { amountMax, currencyCodes, type PaymentRules } from "@tallystick/core";
import fc from "fast-check";

/** The currencies of generated histories: two with cents, so that they are mixed up, and one without. */
export const fewCurrencies: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: fc.constant("ZAR") },
  { weight: 2, arbitrary: fc.constant("USD") },
  { weight: 1, arbitrary: fc.constant("JPY") },
);

/** Every currency that the library knows. */
export const anyCurrency: fc.Arbitrary<string> = fc.constantFrom(...currencyCodes);

/** A sum that moves, in minor units: above 0, up to 10^15. */
export const amounts: fc.Arbitrary<number> = fc.oneof(
  { weight: 24, arbitrary: fc.constantFrom(100, 50, 250, 300, 500, 700, 1000, 1200) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 2000 }) },
  { weight: 1, arbitrary: fc.constantFrom(amountMax, amountMax - 300) },
);

/** A balance: positive is owed, negative is credit. */
export const balances: fc.Arbitrary<number> = fc.oneof(
  { weight: 24, arbitrary: fc.constantFrom(500, 0, 100, 300, 1000, 1200, -300) },
  { weight: 2, arbitrary: fc.integer({ min: -2000, max: 2000 }) },
  { weight: 1, arbitrary: fc.constantFrom(amountMax, -amountMax) },
);

/** Any amount there is, both bounds included. */
export const anyAmount: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -amountMax, max: amountMax }),
  fc.constantFrom(0, 1, -1, 99, 100, amountMax, -amountMax, amountMax - 1),
);

export const paymentRules: fc.Arbitrary<PaymentRules> = fc.record({
  minAmount: fc.constantFrom(0, 100, 300),
  maxAmount: fc.constantFrom(1000, 250, 500, amountMax),
  underpaymentAllowed: fc.boolean(),
  overpaymentAllowed: fc.boolean(),
});
