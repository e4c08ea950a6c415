/** Commits on their way from one store to another, until somebody presses Ctrl-C. */
import type { RecordedCommit } from "@tallystick/core";
import type { Progress } from "./progress.ts";

/** The batches until an interruption, counted. */
export async function* untilAborted(
  batches: AsyncIterable<readonly RecordedCommit[]>,
  signal: AbortSignal,
  progress: Progress,
): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
  let commits = 0;
  for await (const batch of batches) {
    if (signal.aborted) return;
    yield batch;
    commits += batch.length;
    progress.update(commits);
  }
}
