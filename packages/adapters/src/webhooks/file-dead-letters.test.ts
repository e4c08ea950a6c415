import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { DeadLetter } from "./dead-letters.ts";
import { fileDeadLetters } from "./file-dead-letters.ts";

const letter = (body: string): DeadLetter => ({
  receivedAt: "2026-03-02T09:15:00.000Z",
  headers: {
    "webhook-id": "msg_1",
    "webhook-timestamp": "1772442900",
    "webhook-signature": "v1,x",
  },
  body,
  bodyEncoding: "base64",
  reason: "unreadable",
  message: "the body is not JSON",
  faults: [{ field: "", message: "is not JSON" }],
});

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dead-letters-"));
  path = join(folder, "dead-letters.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const lines = async () => (await readFile(path, "utf8")).split("\n");

it("appends one JSON line for each letter, in the shape of a delivery log", async () => {
  const keep = fileDeadLetters(path);
  await keep(letter('{"line":\n"break"}'));
  await fileDeadLetters(path)(letter("second"));
  const [first = "", second = "", end] = await lines();
  expect(JSON.parse(first)).toEqual({
    received_at: "2026-03-02T09:15:00.000Z",
    headers: {
      "webhook-id": "msg_1",
      "webhook-timestamp": "1772442900",
      "webhook-signature": "v1,x",
    },
    body: '{"line":\n"break"}',
    body_encoding: "base64",
    reason: "unreadable",
    message: "the body is not JSON",
    faults: [{ field: "", message: "is not JSON" }],
  });
  expect(JSON.parse(second)).toMatchObject({ body: "second" });
  expect(end).toBe("");
});

it("keeps letters that arrive at once whole and in order", async () => {
  const keep = fileDeadLetters(path);
  const bodies = Array.from({ length: 50 }, (_, index) => `letter ${index} ${"x".repeat(5000)}`);
  await Promise.all(bodies.map((body) => keep(letter(body))));
  const kept = (await lines()).slice(0, -1).map((line) => (JSON.parse(line) as DeadLetter).body);
  expect(kept).toEqual(bodies);
});

it("does not run into a line that a crash tore off", async () => {
  await appendFile(path, '{"received_at":"2026');
  await fileDeadLetters(path)(letter("whole"));
  const [torn, whole = ""] = await lines();
  expect(torn).toBe('{"received_at":"2026');
  expect(JSON.parse(whole)).toMatchObject({ body: "whole" });
});

it("is readable for its owner only", async () => {
  await fileDeadLetters(path)(letter("personal"));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it("throws where it cannot write, and works again once it can", async () => {
  const missing = join(folder, "not-yet", "dead-letters.jsonl");
  const keep = fileDeadLetters(missing);
  await expect(keep(letter("lost"))).rejects.toMatchObject({
    code: "STORE_IO",
    message: expect.stringContaining("a dead letter could not be kept"),
  });
  const { mkdir } = await import("node:fs/promises");
  await mkdir(join(folder, "not-yet"));
  await keep(letter("kept"));
  expect(await readFile(missing, "utf8")).toContain('"body":"kept"');
});
