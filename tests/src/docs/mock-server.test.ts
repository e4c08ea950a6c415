/** The page of the mock server as a session: each command is sent in turn, and answered as the page says. */
import { readFileSync } from "node:fs";
import { run } from "@tallystick/cli";
import { createMockServer, type MockServer } from "@tallystick/mock-server";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { curlsIn, readCurl, variablesIn } from "../mock/curl.ts";

const page = readFileSync(new URL("../../../docs/mock-server.md", import.meta.url), "utf8");

/** A block of commands, and what the last of them is answered with. */
const sessions = [...page.matchAll(/```sh\n([\s\S]*?)```(?:\n+```json\n([\s\S]*?)```)?/g)].map(
  ([, commands = "", answer]) => ({
    commands: curlsIn(commands),
    answer: answer === undefined ? undefined : matcher(JSON.parse(answer)),
  }),
);

/** What the page shows is the least that an answer holds, in order; `…` stands for any end of a text. */
function matcher(shown: unknown): unknown {
  if (typeof shown === "string" && shown.endsWith("…"))
    return expect.stringMatching(new RegExp(`^${shown.slice(0, -1)}.`));
  if (Array.isArray(shown))
    return shown.length === 0 ? [] : expect.arrayContaining(shown.map(matcher));
  if (typeof shown !== "object" || shown === null) return shown;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, matcher(value)])),
  );
}

const files = new Map<string, string>();

/** The body of the answer: JSON, or a text that is kept where the command says. */
const send = async (server: MockServer, command: string): Promise<unknown> => {
  const { request, output } = readCurl(
    command,
    variablesIn(page),
    (name) => files.get(name) ?? expect.fail(`nothing was put into ${name}`),
  );
  const answer = await server.fetch(request);
  expect(answer.status, command).not.toBe(500);
  const type = answer.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    await answer.body?.cancel();
    return undefined;
  }
  const text = await answer.text();
  if (output !== undefined) files.set(output, text);
  return type.includes("json") && !type.includes("ndjson") ? JSON.parse(text) : text;
};

describe("the page of the mock server", () => {
  it("is a session that works from its first command to its last", async () => {
    const server = createMockServer({ deliver: async () => new Response() });
    onTestFinished(() => server.close());
    let sent = 0;
    for (const { commands, answer } of sessions) {
      for (const [at, command] of commands.entries()) {
        const told = await send(server, command);
        sent += 1;
        if (at === commands.length - 1 && answer !== undefined)
          expect(told, command).toEqual(answer);
        else expect(told, command).not.toMatchObject({ status: expect.any(Number) });
      }
    }
    expect(sent).toBeGreaterThan(20);
  });
});

describe("the options of tallystick mock", () => {
  let help = "";
  beforeAll(async () => {
    await run(["mock", "--help"], { stdout: { write: (text) => (help += text) } });
  });

  it("are those of the page, all of them and no other", () => {
    const [, own = ""] = /\nOptions:\n([\s\S]*?)\n\n/.exec(help) ?? [];
    const told = [...own.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag);
    const table = [...page.matchAll(/^\| `(--[\w-]+)` \|/gm)].map(([, flag]) => flag);
    expect(new Set(table)).toEqual(new Set([...told, "--store"]));
  });

  it("come with examples that work when they are pasted", async () => {
    const server = createMockServer();
    onTestFinished(() => server.close());
    const examples = curlsIn(help.replaceAll(/^ *\$? ?/gm, ""));
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples)
      expect((await server.fetch(readCurl(example).request)).status, example).toBeLessThan(300);
  });

  it("fit a terminal of 80 columns", () => {
    for (const line of help.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});
