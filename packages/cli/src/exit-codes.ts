/** What the exit code of a command says. */
export const exitCodes = {
  fine: 0,
  found: 1,
  failed: 2,
  interrupted: 130,
} as const;

/** The same in words. */
export const exitCodeMeanings = {
  fine: "fine",
  found: "the check found something: a broken chain, rejected deliveries, bad lines",
  failed: "wrong usage, unreadable input, or refused; the reason is on standard error",
  interrupted: "stopped by Ctrl-C; what was acknowledged stays",
} as const;

export const exitCodesHelp = `
Exit codes:
  0  ${exitCodeMeanings.fine}
  1  ${exitCodeMeanings.found}
  2  ${exitCodeMeanings.failed}
  130  ${exitCodeMeanings.interrupted}`;
