/** `tallystick verify`: recompute everything that can be recomputed, and name the first broken position. */
import { isLedgerError, openLedger, type Store, type Verification } from "@tallystick/core";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { existingBook } from "../stores/choose-book.ts";

const manual: Manual = {
  about: `
Recomputes every hash, number, position, revision, unique key and balance, as if
nobody could be trusted. All books are verified unless --book names one. Nothing
is locked or changed, and a damaged store is read up to the damage.

Whole commits that were cut off the end leave a shorter book, and nothing in it
tells. Note the head that is printed, away from the store, and give it later as
--head: the book goes on from what was noted if it contains a commit with that
hash.`,
  json: {
    ok: "whether everything holds",
    book: "the book's name",
    "events, commits": "how many hold",
    head: "the end of what holds: position, hash",
    broken_at: "the first position that cannot be trusted",
    problem: "what is wrong, in a sentence",
    noted_head: "the head that was given: hash; position, commit where it stands",
    torn_bytes: "bytes behind the last whole commit, left by a crash",
    "books[]": "where there are several: the same for each",
  },
  found:
    "something is broken, and broken_at is the first position that cannot be trusted; or the book does not contain the head that was noted",
  errors: ["BOOK_NOT_FOUND", "STORE_UNREADABLE"],
  examples: `$ tallystick verify --store file:book.jsonl
$ tallystick verify --store file:book.jsonl --head 7d9e…`,
  seeAlso: ["export", "backup"],
};

/** What was found in one book; without a head where not even its beginning could be read. */
interface Finding extends Omit<Verification, "head"> {
  readonly book?: string;
  readonly head: { readonly position: number; readonly hash: string | null };
  /** The head that was noted, and where its commit stands; without a place where there is none. */
  readonly notedHead?: {
    readonly hash: string;
    readonly position?: number;
    readonly commit?: number;
  };
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

const headPattern = /^[0-9a-f]{64}$/;

const notedHash = (text: string | undefined): string | undefined => {
  const hash = text?.toLowerCase();
  if (hash !== undefined && !headPattern.test(hash))
    throw usage(
      `--head ${text} is no hash of a commit; give the 64 digits that verify printed as the head`,
    );
  return hash;
};

/** The same finding of a whole book, with whether it contains the head that was noted. */
const comparedWith = async (hash: string, store: Store, found: Finding): Promise<Finding> => {
  for await (const commits of store.readCommits(found.book ?? "")) {
    const commit = commits.find((each) => each.hash === hash);
    if (commit === undefined) continue;
    const position = commit.firstPosition + commit.events.length - 1;
    return { ...found, notedHead: { hash, position, commit: commit.number } };
  }
  return {
    ...found,
    ok: false,
    problem: `the book contains no commit with the noted hash ${hash}: its end was cut off since, or it is another book`,
    notedHead: { hash },
  };
};

const verifyBook = async (
  session: Session,
  store: Store,
  { book, noted }: { readonly book: string; readonly noted: string | undefined },
): Promise<Finding> => {
  const progress = startProgress(session.io, `verifying ${book}: events`);
  try {
    const found = { book, ...(await openLedger({ store, book }).verify(progress.update)) };
    return noted === undefined || !found.ok ? found : await comparedWith(noted, store, found);
  } catch (error) {
    return unreadable(error, book);
  } finally {
    progress.stop();
  }
};

const findings = async (
  session: Session,
  noted: string | undefined,
): Promise<readonly Finding[]> => {
  try {
    return await session.withStore("read", async ({ store, tornBytes }) => {
      const { askedBook } = session;
      const books = askedBook === undefined ? await store.listBooks() : [];
      if (noted !== undefined && books.length > 1)
        throw usage("--head is the head of one book; choose it with --book", { books });
      const chosen = books.length > 0 ? books : [await existingBook(store, askedBook)];
      const found: Finding[] = [];
      for (const book of chosen) found.push(await verifyBook(session, store, { book, noted }));
      const torn = await tornBytes();
      return torn === 0 ? found : found.map((finding) => ({ ...finding, tornBytes: torn }));
    });
  } catch (error) {
    return [unreadable(error)];
  }
};

const findingText = ({ colors }: Session, finding: Finding): string => {
  const { ok, book, events, commits, head, brokenAt, problem, notedHead, tornBytes } = finding;
  const name = book === undefined ? "" : ` ${book}`;
  const whole = `${events} events in ${commits} commits`;
  const lines = ok
    ? [`${colors.green("ok")}${name}: ${whole}, head ${head.hash}`]
    : brokenAt === undefined
      ? [`${colors.red("not what was noted")}${name}: ${problem}`, `  ${whole}, head ${head.hash}`]
      : [
          `${colors.red("broken")}${name} at position ${brokenAt}: ${problem}`,
          `  ${whole} before it hold`,
        ];
  if (ok && notedHead !== undefined)
    lines.push(`  it goes on from the noted head, commit ${notedHead.commit}`);
  if (tornBytes !== undefined)
    lines.push(
      `  ${tornBytes} bytes behind the last commit are not whole: a crash left them, or somebody is writing; the next writer drops what a crash left`,
    );
  return `${lines.join("\n")}\n`;
};

export const addVerify = (program: Command, session: Session): void => {
  addManual(program.command("verify"), manual)
    .summary("recompute and check everything")
    .description("Check that the store holds exactly what was written.")
    .option("--head <hash>", "the head that was noted; the book has to contain it")
    .action(async (options: { readonly head?: string }) => {
      const found = await findings(session, notedHash(options.head));
      const [only, ...others] = found;
      const ok = found.every((finding) => finding.ok);
      session.answer(only !== undefined && others.length === 0 ? only : { ok, books: found }, () =>
        found.map((finding) => findingText(session, finding)).join(""),
      );
      if (!ok) session.exitCode = exitCodes.found;
    });
};
