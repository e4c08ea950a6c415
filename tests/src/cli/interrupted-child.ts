/**
 * A process that is interrupted as by Ctrl-C. Arguments: at which hash, then a command line.
 */
import { run } from "@tallystick/cli";
import { signalledIo } from "./signalled-io.ts";

const [hashes = "", ...argv] = process.argv.slice(2);
process.exitCode = await run(argv, signalledIo("SIGINT", Number(hashes)));
