/** A process that dies, again and again, in the midst of concurrent commands on one book. */
import { appendFile, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../cli/random.ts";
import { temporaryFolder } from "../cli/support.ts";
import { answerTo } from "../stored/replay.ts";
import { keyOf, waves } from "./commands.ts";
import { type Held, heldAt, linesIn, send, undisturbed } from "./sending.ts";

const ends = ["killed", "answer", "hash"] as const;
const rounds = 9;
/** So many waves are sent in a round at the most: enough to die in, and never all of them. */
const stride = 6;

/** What a crash leaves of lines that were being written: some of those that nobody was told of, and a part of the next. */
const tear = async (
  path: string,
  acknowledged: ReadonlySet<string>,
  random: ReturnType<typeof seededRandom>,
): Promise<{ readonly bytes: number; readonly afterCommit: number }> => {
  const { bytes, ends: lineEnds, keys } = await linesIn(path);
  const lastTold = keys.findLastIndex((key) => acknowledged.has(key));
  const kept = random.between(Math.max(lastTold, 0), keys.length - 1);
  const from = lineEnds[kept] ?? 0;
  // Where there is no next line, the last one stands in for it.
  const [begin, end] =
    kept + 1 < lineEnds.length ? [from, lineEnds[kept + 1] ?? 0] : [lineEnds[kept - 1] ?? 0, from];
  const torn = bytes.subarray(begin, begin + random.between(1, end - begin - 3));
  await truncate(path, from);
  await appendFile(path, torn);
  return { bytes: torn.length, afterCommit: kept };
};

describe("kill -9 in the midst of concurrent commands, on one book again and again", () => {
  it("loses nothing that was acknowledged, does nothing twice and nothing by half, and comes to the same", async () => {
    const path = join(await temporaryFolder(), "book.jsonl");
    const random = seededRandom(20_260_301);
    const reference = await undisturbed();
    const acknowledged = new Set<string>();
    let [unheard, tornTails] = [0, 0];
    let torn: { readonly bytes: number; readonly afterCommit: number } | undefined;

    const checkHeld = ({ verified, traces }: Held): void => {
      expect(verified).toMatchObject({ ok: true, commits: traces.size });
      expect([...acknowledged].filter((key) => !traces.has(key))).toEqual([]);
      for (const [key, trace] of traces) expect(trace, key).toEqual(reference.traces.get(key));
    };

    for (let round = 0; round < rounds; round += 1) {
      const end = ends[round % ends.length] ?? "killed";
      const first = waves.findIndex((wave) => wave.some((call) => !acknowledged.has(keyOf(call))));
      const endAt = end === "hash" ? random.between(1, 400) : random.between(1, 80);
      const sent = await send({ path, first, count: stride, end, endAt });
      expect(sent.signal).toBe("SIGKILL");
      expect(sent.recovered).toEqual(torn === undefined ? [] : [torn]);
      torn = undefined;
      for (const [key, answer] of sent.answers) {
        const known = reference.answers.get(key);
        expect([known, known === "written" ? "replayed" : known]).toContain(answer);
        acknowledged.add(key);
      }

      const held = await heldAt(path);
      checkHeld(held);
      unheard += [...held.traces.keys()].filter((key) => !acknowledged.has(key)).length;
      if (round % 2 === 1) continue;
      torn = await tear(path, acknowledged, random);
      tornTails += 1;
      checkHeld(await heldAt(path));
    }
    // A book that was never caught between writing and telling would prove nothing.
    expect(unheard).toBeGreaterThan(5);
    expect(tornTails).toBeGreaterThan(4);
    expect(acknowledged.size).toBeGreaterThan(100);
    expect(acknowledged.size).toBeLessThan(reference.traces.size);

    const before = (await heldAt(path)).traces;
    const kept = (await linesIn(path)).bytes.subarray(0, (await linesIn(path)).ends.at(-1));
    const store = await fileStore(path);
    expect(store.recovery).toMatchObject(torn ?? {});
    const ledger = openLedger({ store });
    for (const wave of waves)
      await Promise.all(
        wave.map(async (call) => {
          const [key, known] = [keyOf(call), reference.answers.get(keyOf(call))];
          const answer = await answerTo(ledger, call);
          expect(answer, key).toBe(known === "written" && before.has(key) ? "replayed" : known);
        }),
      );
    await store.close();
    const after = await heldAt(path);
    checkHeld(after);
    expect(after.traces).toEqual(reference.traces);
    expect(after.figures).toEqual(reference.figures);
    expect((await readFile(path)).subarray(0, kept.length)).toEqual(kept);
  });
});
