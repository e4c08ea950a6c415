/** What tells one chain of commits from another: 16 random bytes, as 32 hexadecimal digits. */
import { type Host, LedgerError } from "@tallystick/core";

const chainIdPattern = /^[0-9a-f]{32}$/;

export const freshChainId = (host: Host): string =>
  Buffer.from(host.randomBytes(16)).toString("hex");

/** Throws `INVALID_INPUT` for a text that is no chain id. */
export const requireChainId = (text: string): void => {
  if (chainIdPattern.test(text)) return;
  const message = "must be 32 lower-case hexadecimal digits";
  throw new LedgerError("INVALID_INPUT", `the chain id ${message}`, {
    detail: { faults: [{ field: "chainId", message }] },
  });
};
