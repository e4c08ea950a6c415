/** A cell as plain text: amounts in major units with the decimals of their currency. */
import { amountText } from "./amount-text.ts";
import { type Cell, isAmountCell } from "./sheet.ts";

export const cellText = (cell: Cell): string => {
  if (cell === undefined) return "";
  return isAmountCell(cell) ? amountText(cell.amount, cell.currency) : String(cell);
};
