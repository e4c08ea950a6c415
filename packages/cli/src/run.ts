/** One run of the command line. */
import { type Command, CommanderError } from "commander";
import { usage } from "./cli-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { completeIo, type Io } from "./io.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

/**
 * Runs one command and resolves with its exit code; never rejects. `argv` is what stands behind the
 * program's name.
 */
export const run = async (argv: readonly string[], parts: Partial<Io> = {}): Promise<number> => {
  const io = completeIo(parts);
  const code = await ran(io, argv);
  try {
    await io.stdout.settled?.();
    return code;
  } catch (error) {
    reportError(io, error, argv.includes("--json"));
    return exitCodes.failed;
  }
};

const ran = async (io: Io, argv: readonly string[]): Promise<number> => {
  const { program, session } = await createProgram(io, argv);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.fine;
    // No command at all: the help is on standard error already.
    if (error instanceof CommanderError && error.code === "commander.help") return exitCodes.failed;
    reportError(
      io,
      error instanceof CommanderError ? misused(error, program, argv) : error,
      argv.includes("--json"),
    );
    return exitCodes.failed;
  }
};

/** The command that the arguments lead to, as it is called. */
const calledAs = (program: Command, argv: readonly string[]): string => {
  let [command, name] = [program, program.name()];
  for (const word of argv) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) continue;
    command = next;
    name += ` ${word}`;
  }
  return name;
};

const misused = ({ message }: CommanderError, program: Command, argv: readonly string[]): Error => {
  const said = message
    .replace(/^error: /, "")
    .replace(/\n/g, " ")
    .replace(/\.$/, "");
  return usage(`${said}; see ${calledAs(program, argv)} --help`);
};
