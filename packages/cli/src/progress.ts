/** A bar on standard error for work that a person waits for: only on a terminal, and only once it takes long. */
import cliProgress from "cli-progress";
import type { Io } from "./io.ts";

export interface Progress {
  /** So much is done in all. */
  readonly update: (done: number) => void;
  /** Takes the bar away. Calling it again does nothing. */
  readonly stop: () => void;
}

/** Shorter work is over before anybody wonders. */
const patienceMs = 400;

const silent: Progress = { update: () => undefined, stop: () => undefined };

/** Without a total, only the count is shown. Standard error has to be the process's own for a bar. */
export const startProgress = (
  { stderr }: Pick<Io, "stderr">,
  label: string,
  total?: number,
): Progress => {
  if (stderr.isTTY !== true || !("on" in stderr)) return silent;
  const begun = performance.now();
  let bar: cliProgress.SingleBar | undefined;
  let stopped = false;
  return {
    update: (done) => {
      if (stopped) return;
      if (bar === undefined && performance.now() - begun > patienceMs) {
        bar = new cliProgress.SingleBar({
          stream: stderr as unknown as NodeJS.WritableStream,
          format: total === undefined ? `${label} {value}` : `${label} {bar} {value}/{total}`,
          barCompleteChar: "━",
          barIncompleteChar: "─",
          barsize: 30,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total ?? 0, done);
      }
      bar?.update(done);
    },
    stop: () => {
      if (!stopped) bar?.stop();
      stopped = true;
    },
  };
};
