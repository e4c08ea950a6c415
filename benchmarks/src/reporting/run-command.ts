/** The command line as a person runs it, with its output dropped. Fails unless everything is fine. */
import { run } from "@tallystick/cli";
import { onQuestion } from "./passes.ts";

onQuestion(async (argv: readonly string[]) => {
  let told = "";
  const stderr = { write: (text: string) => (told += text) };
  const code = await run(argv, { stderr });
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${told}`);
});
