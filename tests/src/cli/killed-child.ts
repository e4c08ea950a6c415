/**
 * A process that ends itself as `kill -9` does. Arguments: at which hash, then `demo PATH` or a
 * command line.
 */
import { run } from "@tallystick/cli";
import { brightSpark } from "@tallystick/examples/bright-spark";
import { signalledIo } from "./signalled-io.ts";

const [hashes = "", ...argv] = process.argv.slice(2);
const io = signalledIo("SIGKILL", Number(hashes));
const [first, path = ""] = argv;
process.exitCode = await (first === "demo" ? brightSpark(io, path) : run(argv, io));
