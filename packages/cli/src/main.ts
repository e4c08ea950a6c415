#!/usr/bin/env node
/** The command line of Tallystick: arguments in, an exit code out. */
import { processIo } from "./process-io.ts";
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2), processIo());
