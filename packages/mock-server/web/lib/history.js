/**
 * The book as the dashboard knows it: one short entry per event, and a fold over them. What is owed
 * now and what was owed at any earlier position come from the same fold, by the ledger's own
 * `balance_after`; nothing is worked out here that the ledger has not written down.
 */

/**
 * @typedef {object} Entry
 * @property {number} position
 * @property {string} id
 * @property {string} type
 * @property {string} recordedAt
 * @property {string} streamId
 * @property {any} data
 * @property {any} personal
 *
 * @typedef {object} Row What a list shows of a customer, an account or a bill.
 * @property {"customer" | "account" | "bill"} kind
 * @property {string} id
 * @property {string} reference
 * @property {string} obligationId
 * @property {string | undefined} name
 * @property {string | undefined} customerId
 * @property {string | undefined} accountId
 * @property {string | undefined} currency
 * @property {number | undefined} balance signed; undefined: none is tracked
 * @property {string | undefined} status of a bill
 * @property {number | undefined} amountDue of a bill
 * @property {number | undefined} amountPaid of a bill
 * @property {string | undefined} dueDate of a bill
 *
 * @typedef {object} Total of one currency; sums can pass 2^53
 * @property {string} currency
 * @property {bigint} owed
 * @property {bigint} credit
 * @property {number} owing how many owe
 * @property {number} inCredit how many hold credit
 */

/** @param {any} event as `GET /_mock/events` answers it @returns {Entry} */
export const entryOf = (event) => ({
  position: event.position,
  id: event.id,
  type: event.type,
  recordedAt: event.recorded_at,
  streamId: event.stream_id,
  data: event.data,
  personal: event.personal,
});

/** What a past bill was: never stored, always said by what is left of it. @param {any} row */
const billStatus = (row) => (row.balance <= 0 ? "paid" : "unpaid");

/**
 * @param {Map<string, Row>} rows by id; changed in place
 * @param {Entry} entry
 */
const evolve = (rows, { type, data, personal, streamId }) => {
  const [kind = "", id = ""] = streamId.split("/");
  if (kind !== "customer" && kind !== "account" && kind !== "bill") return;
  if (type.endsWith(".created")) {
    rows.set(id, {
      kind,
      id,
      reference: data.external_reference,
      obligationId: data.obligation_id,
      name: personal?.name,
      customerId: kind === "customer" ? undefined : data.customer_id,
      accountId: data.account_id === id ? undefined : data.account_id,
      currency: data.currency,
      balance: undefined,
      status: kind === "bill" ? "unpaid" : undefined,
      amountDue: data.amount_due,
      amountPaid: kind === "bill" ? 0 : undefined,
      dueDate: data.due_date,
    });
    return;
  }
  const row = rows.get(id);
  if (row === undefined) return;
  if (personal?.name !== undefined) row.name = personal.name;
  if (data.balance_after !== undefined) {
    // A change of currency writes 0 in the old one first; the last word is the new one.
    row.currency = data.currency;
    row.balance = data.balance_after;
  }
  if (data.amount_paid_after !== undefined) row.amountPaid = data.amount_paid_after;
  if (type === "bill.voided") row.status = "voided";
  else if (kind === "bill" && row.status !== "voided" && row.balance !== undefined)
    row.status = billStatus(row);
};

/**
 * Every customer, account and bill as it was after the event at `position`.
 * @param {readonly Entry[]} entries from position 1, without gaps
 * @param {number} position included
 */
export const rowsAt = (entries, position) => {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const entry of entries) {
    if (entry.position > position) break;
    evolve(rows, entry);
  }
  return rows;
};

/** @param {Iterable<Row>} rows @returns {Total[]} by currency, in order of the alphabet */
export const totalsOf = (rows) => {
  /** @type {Map<string, Total>} */
  const totals = new Map();
  for (const { currency, balance } of rows) {
    if (currency === undefined || balance === undefined) continue;
    const total = totals.get(currency) ?? { currency, owed: 0n, credit: 0n, owing: 0, inCredit: 0 };
    totals.set(currency, total);
    if (balance > 0) {
      total.owed += BigInt(balance);
      total.owing += 1;
    } else if (balance < 0) {
      total.credit -= BigInt(balance);
      total.inCredit += 1;
    }
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
};

/** @param {any} entity as the server lists it @param {Row["kind"]} kind @returns {Row} */
export const rowOf = (entity, kind) => ({
  kind,
  id: entity.id,
  reference: entity.external_reference,
  obligationId: entity.obligation_id,
  name: entity.name,
  customerId: entity.customer_id,
  accountId: entity.account_id,
  currency: entity.currency,
  balance:
    kind !== "bill"
      ? entity.balance
      : entity.status === "voided"
        ? 0
        : entity.amount_due - entity.amount_paid,
  status: entity.status,
  amountDue: entity.amount_due,
  amountPaid: entity.amount_paid,
  dueDate: entity.due_date,
});
