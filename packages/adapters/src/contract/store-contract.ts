/**
 * What every store promises, as tests. Shipped, so that an adapter written elsewhere can prove
 * itself: call it inside a `describe` of Vitest with a way to open an empty store.
 */
import { describe } from "vitest";
import { appendCases } from "./append-cases.ts";
import { chainCases } from "./chain-cases.ts";
import { claimAndOutcomeCases } from "./claim-and-outcome-cases.ts";
import { documentCases } from "./document-cases.ts";
import { type StoreUnderTest, setUpFor } from "./fixture.ts";
import { lifecycleCases } from "./lifecycle-cases.ts";
import { modelCases } from "./model-cases.ts";
import { readCases } from "./read-cases.ts";
import { sharingCases } from "./sharing-cases.ts";
import { subscribeCases } from "./subscribe-cases.ts";

export { customerStream, type Drafts, draftsFor, type Standing } from "./drafts.ts";
export type { StoreUnderTest } from "./fixture.ts";
export { recordsContract } from "./records-cases.ts";

/** Registers the whole contract. Each test opens a store of its own and closes it. */
export const storeContract = (subject: StoreUnderTest): void => {
  const setUp = setUpFor(subject);
  const { another } = subject;
  const severalBooks = subject.books !== "one";
  describe("appending", () => appendCases(setUp, severalBooks));
  describe("reading", () => readCases(setUp));
  describe("claims and outcomes", () => claimAndOutcomeCases(setUp, severalBooks));
  describe("the chain of commits", () => chainCases(setUp, subject));
  describe("subscribing", () => subscribeCases(setUp));
  describe("documents", () => documentCases(setUp));
  describe("the life of a store", () => lifecycleCases(setUp, subject));
  if (another !== undefined) describe("being shared", () => sharingCases(setUp, another));
  describe("any history", () => modelCases(subject));
};
