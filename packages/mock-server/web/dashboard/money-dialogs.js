/** Paying for a customer, and voiding a bill. */

import { textOf } from "../lib/form-text.js";
import { editableAmount, parseAmount } from "../lib/money.js";
import { randomId } from "../lib/random-id.js";
import { html, useState } from "../lib/vendor.js";
import { useShared } from "./context.js";
import { AskForm, Dialog, Field, Owed } from "./ui.js";

/** @typedef {{ row: import("../lib/history.js").Row, onClose: () => void }} Props */

/** @param {Props} props */
export const PayDialog = ({ row, onClose }) => {
  const { api, book, announce } = useShared();
  // Made once per dialog: a second click, or a retry after a cut line, is the same payment.
  const [paymentId] = useState(() => `pay_${randomId()}`);
  const owed = Math.max(row.balance ?? 0, 0);
  const submit = async (/** @type {FormData} */ form) => {
    const currency = row.currency ?? textOf(form, "currency").toUpperCase();
    const amount = parseAmount(textOf(form, "amount"), currency);
    if (amount === undefined || amount === 0)
      throw new Error(
        `That is no amount in ${currency}: write it like ${editableAmount(125050, currency)}.`,
      );
    const body = { [row.kind]: row.id, amount, currency, payment_id: paymentId };
    const { payment } = await api.post("/_mock/payments", body);
    announce(`${payment.id} paid ${row.reference}`);
    book.touch();
    onClose();
  };
  return html`<${Dialog} title=${`Pay ${row.reference}`} onClose=${onClose}>
    <${AskForm} submit=${submit} label="Pay" onCancel=${onClose}>
      <p>Owed now: <strong><${Owed} balance=${row.balance} currency=${row.currency} /></strong></p>
      ${row.currency === undefined && html`<${Field} label="Currency"><input name="currency" required maxlength="3" size="4" /><//>`}
      <${Field} label=${`Amount${row.currency === undefined ? "" : ` in ${row.currency}`}`}
        hint="Judged by the payment rules like a payer’s own; a refusal changes nothing.">
        <input name="amount" inputmode="decimal" autocomplete="off" required autofocus
          defaultValue=${owed > 0 && row.currency ? editableAmount(owed, row.currency) : ""} />
      <//>
    <//>
  <//>`;
};

/** @param {Props} props */
export const VoidDialog = ({ row, onClose }) => {
  const { api, book, announce } = useShared();
  const [idempotencyKey] = useState(randomId);
  const submit = async () => {
    await api.post(`/billing/bills/${row.id}/void`, undefined, idempotencyKey);
    announce(`${row.reference} is voided`);
    book.touch();
    onClose();
  };
  return html`<${Dialog} title=${`Void ${row.reference}?`} onClose=${onClose}>
    <${AskForm} submit=${submit} label="Void the bill" danger onCancel=${onClose}>
      <p>It can never be paid or changed again. What was paid on it stays recorded.</p>
    <//>
  <//>`;
};
