import { describe, expect, it } from "vitest";
import { eventStream, type StreamMessage } from "./event-stream.ts";

/** A feed that counts what was asked of it, and knows whether it was ended. */
const counting = () => {
  const told = { asked: 0, ended: false };
  async function* follow(signal: AbortSignal): AsyncGenerator<StreamMessage, void, undefined> {
    try {
      for (let id = 1; !signal.aborted; id += 1) {
        told.asked = id;
        yield { id, data: { id } };
      }
    } finally {
      told.ended = true;
    }
  }
  return { told, follow };
};

/** A feed that never has anything, until it is told to end. */
const silent = (signal: AbortSignal): AsyncIterable<StreamMessage> => ({
  [Symbol.asyncIterator]: () => ({
    next: () =>
      new Promise((resolve) => {
        const end = (): void => resolve({ done: true, value: undefined });
        if (signal.aborted) end();
        signal.addEventListener("abort", end, { once: true });
      }),
  }),
});

const never = new AbortController().signal;

const readerOf = (response: Response): (() => Promise<string | undefined>) => {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  return async () => {
    const { done, value } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
};

describe("an event stream", () => {
  it("asks its feed for a message only when the last was taken", async () => {
    const { told, follow } = counting();
    const read = readerOf(eventStream(follow, never));
    expect(told.asked).toBe(0);
    expect(await read()).toBe(": here\n\n");
    expect(told.asked).toBe(0);
    expect(await read()).toBe('id: 1\ndata: {"id":1}\n\n');
    expect(await read()).toBe('id: 2\ndata: {"id":2}\n\n');
    expect(told.asked).toBe(2);
  });

  it("begins nothing where nobody reads it, and ends its feed where the reader goes", async () => {
    const { told, follow } = counting();
    const { body } = eventStream(follow, never);
    await body?.cancel();
    expect(told).toEqual({ asked: 0, ended: false });
    const second = eventStream(follow, never);
    const reader = (second.body as ReadableStream<Uint8Array>).getReader();
    for (let count = 0; count < 3; count += 1) await reader.read();
    await reader.cancel();
    expect(told.ended).toBe(true);
  });

  it("says that it is still there while nothing comes, and loses no message by that", async () => {
    const ending = new AbortController();
    let tell: (() => void) | undefined;
    const follow = async function* (): AsyncGenerator<StreamMessage> {
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
      yield { id: 7, data: "late" };
    };
    const read = readerOf(eventStream(follow, ending.signal, 5));
    await read();
    expect(await read()).toBe(": still here\n\n");
    expect(await read()).toBe(": still here\n\n");
    tell?.();
    let text = await read();
    while (text?.startsWith(":") === true) text = await read();
    expect(text).toBe('id: 7\ndata: "late"\n\n');
    expect(await read()).toBeUndefined();
  });

  it("ends when it is told to, before and while it is read", async () => {
    const ending = new AbortController();
    const read = readerOf(eventStream(silent, ending.signal));
    await read();
    const coming = read();
    ending.abort();
    expect(await coming).toBeUndefined();
    const late = readerOf(eventStream(silent, ending.signal));
    expect(await late()).toBe(": here\n\n");
    expect(await late()).toBeUndefined();
  });

  it("breaks off where its feed fails", async () => {
    const follow = (): AsyncIterable<StreamMessage> => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error("the store is gone")),
      }),
    });
    const read = readerOf(eventStream(follow, never));
    await read();
    await expect(read()).rejects.toThrow("the store is gone");
  });
});
