/**
 * Server-sent events, made as fast as they are read: nothing is buffered for a slow reader, who is
 * given the next message of the feed when it asks for one. Nothing runs before the first is asked for.
 */
import { clearTimeout, setTimeout } from "node:timers";

export interface StreamMessage {
  readonly id: number;
  readonly data: unknown;
}

/** A line that means nothing goes out after so long without a message, so that a dead line is noticed. */
const usualHeartbeatMs = 15_000;

const textOf = ({ id, data }: StreamMessage): string =>
  `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

const encoder = new TextEncoder();

/**
 * The answer that sends what `follow` gives, until that ends or `ended` is aborted. `follow` is handed a
 * signal that is aborted then, and when the reader has gone. Lines that begin with a colon are comments.
 */
export const eventStream = (
  follow: (signal: AbortSignal) => AsyncIterable<StreamMessage>,
  ended: AbortSignal,
  heartbeatMs: number = usualHeartbeatMs,
): Response => {
  const over = new AbortController();
  const end = (): void => over.abort();
  let feed: AsyncIterator<StreamMessage> | undefined;
  /** What was asked of the feed and has not come yet. */
  let coming: Promise<IteratorResult<StreamMessage>> | undefined;

  const stop = (): void => {
    ended.removeEventListener("abort", end);
    end();
  };

  const next = (source: AsyncIterator<StreamMessage>): Promise<string | undefined> => {
    const asked = coming ?? source.next();
    coming = asked;
    return new Promise((resolve, reject) => {
      const heartbeat = setTimeout(() => resolve(": still here\n\n"), heartbeatMs);
      heartbeat.unref();
      asked.then(
        ({ done, value }) => {
          clearTimeout(heartbeat);
          coming = undefined;
          resolve(done === true ? undefined : textOf(value));
        },
        (error: unknown) => {
          clearTimeout(heartbeat);
          reject(error);
        },
      );
    });
  };

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (feed === undefined) {
          if (ended.aborted) end();
          ended.addEventListener("abort", end, { once: true });
          feed = follow(over.signal)[Symbol.asyncIterator]();
          controller.enqueue(encoder.encode(": here\n\n"));
          return;
        }
        try {
          const text = await next(feed);
          if (text !== undefined) {
            controller.enqueue(encoder.encode(text));
            return;
          }
        } catch (error) {
          stop();
          throw error;
        }
        stop();
        controller.close();
      },
      async cancel() {
        stop();
        await feed?.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
};
