/** Passes that each have a process of their own, so that the memory they took is theirs alone. */
import type { Pass } from "../measure.ts";
import { startChild } from "../serving/children.ts";

/** What a child that did its work says of itself. */
interface Done {
  readonly seconds: number;
  readonly cpuUs: number;
  /** The most bytes that were resident. */
  readonly rss: number;
}

/** In a child: does the work that each message asks for, and answers with what it took. */
export const onQuestion = <Question>(work: (question: Question) => Promise<void>): void => {
  const answer = async (question: Question): Promise<void> => {
    const done = await doneAfter(() => work(question));
    process.send?.(done);
  };
  process.on("message", (question: Question) => void answer(question));
};

const doneAfter = async (work: () => Promise<void>): Promise<Done> => {
  const begin = performance.now();
  await work();
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - begin) / 1000,
    cpuUs: user + system,
    rss: process.resourceUsage().maxRSS * 1024,
  };
};

/** One question to a new child of the folder `reporting`. */
export const passOf = async (file: string, count: number, question: object): Promise<Pass> => {
  const child = await startChild(`../reporting/${file}`, {});
  try {
    const { seconds, cpuUs, rss } = (await child.ask(question)) as Done;
    return { count, seconds, cpuSeconds: cpuUs / 1e6, rss };
  } finally {
    await child.end();
  }
};
