/**
 * Where a run of the command line gets and leaves things. A test hands in its own; the program hands
 * in the process. Nothing else in this package touches `process`.
 */
import { nodeHost } from "@tallystick/adapters/host";
import type { Host } from "@tallystick/core";
import picocolors from "picocolors";

/** The part of a stream that is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Resolves once everything is out; rejects with what was in the way. */
  readonly settled?: (() => Promise<void>) | undefined;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** `NO_COLOR`, `FORCE_COLOR`, `DEBUG` and `TALLYSTICK_SECRET` are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted: finish what is in flight, begin nothing more. */
  readonly signal: AbortSignal;
  /** Clock and randomness of the stores that are opened. */
  readonly host: Host;
}

/** The given parts, and for the rest: output that goes nowhere, no environment, no interruption, this machine. */
export const completeIo = (io: Partial<Io>): Io => ({
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  env: {},
  signal: new AbortController().signal,
  host: nodeHost,
  ...io,
});

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** For a file. */
export const noColors: Colors = picocolors.createColors(false);

/** Colours for a terminal; none for a file or a pipe, and none where `NO_COLOR` is set. */
export const colorsFor = ({ isTTY = false }: Output, env: Io["env"]): Colors =>
  picocolors.createColors(
    !isSet(env["NO_COLOR"]) && (isSet(env["FORCE_COLOR"]) || (isTTY && env["TERM"] !== "dumb")),
  );

export const isDebug = ({ env }: Pick<Io, "env">): boolean => isSet(env["DEBUG"]);
