/** The public surface of the mock server. */

export type { LogLine, MockServerOptions } from "./options.ts";
export type { Listening, MockServer } from "./server.ts";
export { createMockServer } from "./server.ts";
