/** The mock server over SQLite, in a process of its own: tells its URL, and its usage when it is asked. */
import { createMockServer } from "@tallystick/mock-server";
import { usageNow } from "./orders.ts";

const [, , path = ""] = process.argv;
const server = createMockServer({ port: 0, store: `sqlite:${path}` });
const { url } = await server.listen();
process.on("message", () => process.send?.(usageNow()));
process.once("disconnect", () => void server.close());
process.send?.(url);
