/** `tallystick verify`: recompute everything that can be recomputed, and name the first broken position. */
import { isLedgerError, openLedger, type Store, type Verification } from "@tallystick/core";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { existingBook } from "../stores/choose-book.ts";

const help = `
Recomputes every hash, number, position, revision, unique key and balance, as if
nobody could be trusted. All books are verified unless --book names one. Nothing
is locked or changed, and a damaged store is read up to the damage.

Example:
  $ tallystick verify --store file:book.jsonl

Exit code 1: something is broken; broken_at is the first position that cannot be
trusted.`;

/** What was found in one book; without a head where not even its beginning could be read. */
interface Finding extends Omit<Verification, "head"> {
  readonly book?: string;
  readonly head: { readonly position: number; readonly hash: string | null };
  /** Bytes that a crash left behind the last whole commit; the next writer drops them. */
  readonly tornBytes?: number;
}

/** Damage that keeps a book from being opened at all is a finding like any other. */
const unreadable = (error: unknown, book?: string): Finding => {
  if (!isLedgerError(error, "BOOK_CORRUPT")) throw error;
  return {
    ...(book === undefined ? {} : { book }),
    ok: false,
    events: 0,
    commits: 0,
    head: { position: 0, hash: null },
    brokenAt: 1,
    problem: error.message,
  };
};

const verifyBook = async (session: Session, store: Store, book: string): Promise<Finding> => {
  const progress = startProgress(session.io, `verifying ${book}: events`);
  try {
    return { book, ...(await openLedger({ store, book }).verify(progress.update)) };
  } catch (error) {
    return unreadable(error, book);
  } finally {
    progress.stop();
  }
};

const findings = async (session: Session): Promise<readonly Finding[]> => {
  try {
    return await session.withStore("read", async ({ store, tornBytes }) => {
      const { askedBook } = session;
      const books = askedBook === undefined ? await store.listBooks() : [];
      const chosen = books.length > 0 ? books : [await existingBook(store, askedBook)];
      const found: Finding[] = [];
      for (const book of chosen) found.push(await verifyBook(session, store, book));
      const torn = await tornBytes();
      return torn === 0 ? found : found.map((finding) => ({ ...finding, tornBytes: torn }));
    });
  } catch (error) {
    return [unreadable(error)];
  }
};

const findingText = ({ colors }: Session, finding: Finding): string => {
  const { ok, book, events, commits, head, brokenAt, problem, tornBytes } = finding;
  const name = book === undefined ? "" : ` ${book}`;
  const whole = `${events} events in ${commits} commits`;
  const lines = ok
    ? [`${colors.green("ok")}${name}: ${whole}, head ${head.hash}`]
    : [
        `${colors.red("broken")}${name} at position ${brokenAt}: ${problem}`,
        `  ${whole} before it hold`,
      ];
  if (tornBytes !== undefined)
    lines.push(
      `  ${tornBytes} bytes behind the last commit are not whole: a crash left them, or somebody is writing; the next writer drops what a crash left`,
    );
  return `${lines.join("\n")}\n`;
};

export const addVerify = (program: Command, session: Session): void => {
  program
    .command("verify")
    .summary("recompute and check everything")
    .description("Check that the store holds exactly what was written.")
    .addHelpText("after", help)
    .action(async () => {
      const found = await findings(session);
      const [only, ...others] = found;
      const ok = found.every((finding) => finding.ok);
      session.answer(only !== undefined && others.length === 0 ? only : { ok, books: found }, () =>
        found.map((finding) => findingText(session, finding)).join(""),
      );
      if (!ok) session.exitCode = exitCodes.found;
    });
};
