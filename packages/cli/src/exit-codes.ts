/** What the exit code of a command says. */
export const exitCodes = {
  fine: 0,
  /** The check found something: a broken chain, rejected deliveries, bad lines. */
  found: 1,
  /** Wrong usage, unreadable input, or something that the ledger or its store refused. */
  failed: 2,
  /** Stopped by Ctrl-C; what was acknowledged stays. */
  interrupted: 130,
} as const;

export const exitCodesHelp = `
Exit codes:
  0  fine
  1  the check found something: a broken chain, rejected deliveries, bad lines
  2  wrong usage, unreadable input, or refused; the reason is on standard error`;
