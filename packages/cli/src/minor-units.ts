/** `--amount`: whole minor units above 0. */
import { usage } from "./cli-error.ts";

export const minorUnits = (text: string): number => {
  if (!/^[1-9]\d{0,15}$/.test(text))
    throw usage(`--amount ${text} is no whole number of minor units; write 1250 for 12.50`);
  return Number(text);
};
