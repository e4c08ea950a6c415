/** `--currency`: an ISO 4217 code. */
import { isCurrency } from "@tallystick/core";
import { usage } from "./cli-error.ts";

export const requireCurrency = (text: string): string => {
  const isKnown: boolean = isCurrency(text);
  if (isKnown) return text;
  throw usage(`--currency ${text} is no ISO 4217 code in capitals, such as ZAR`);
};
