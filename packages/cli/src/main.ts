#!/usr/bin/env node
/** The command line of Tallystick: arguments in, an exit code out. */
import { enableCompileCache } from "node:module";

// Before anything else is loaded: what was compiled once is not compiled again at the next start.
enableCompileCache();
const [{ processIo }, { run }] = await Promise.all([import("./process-io.ts"), import("./run.ts")]);

process.exitCode = await run(process.argv.slice(2), processIo());
