/** `--map`: which columns of a CSV hold what, as `amount=Amount,date=Date`. */
import type { ColumnMapping } from "@tallystick/reports";
import { usage } from "./cli-error.ts";

const members: Readonly<Record<string, keyof ColumnMapping>> = {
  amount: "amount",
  date: "date",
  currency: "currency",
  payment_id: "paymentId",
  reference: "reference",
  type: "type",
};

export const mappingOf = (text: string): ColumnMapping => {
  const mapping: Partial<Record<keyof ColumnMapping, string>> = {};
  for (const part of text.split(",")) {
    const [, name = "", column = ""] = /^([a-z_]+)=(.+)$/.exec(part) ?? [];
    const member = members[name];
    if (member === undefined || mapping[member] !== undefined)
      throw usage(
        `--map ${text}: ${part} is no ${Object.keys(members).join(", ")} with a column, each once; write date=Date,amount=Amount`,
      );
    mapping[member] = column;
  }
  const { amount, date } = mapping;
  if (amount === undefined || date === undefined)
    throw usage(`--map ${text} has to name the columns of amount and date`);
  return { ...mapping, amount, date };
};
