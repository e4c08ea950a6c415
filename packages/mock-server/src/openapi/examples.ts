/**
 * One example of what each operation takes and answers, by the operation's id: a customer with a fibre
 * line, its bill, a payment on it. They are checked against the schemas by the document's tests.
 */

interface Example {
  readonly body?: unknown;
  readonly answer?: unknown;
}

const customerId = "bcus_u8jzPde0IgxLd6GncfBAe";
const accountId = "bacc_pfJBd0Kh8oOOL8dKLzdoc";
const billId = "bill_J2isAjIhKtJ0RlgLKOmxg";
const obligationId = "ob_vj7FAc9QeWJKY40uvSwMF";
const paymentId = "pay_De1f8rESQedUStPKR0CsT";
const eventId = "evt_y4Qwb8DwkNhFdnXsiVpzz";
const endpointId = "we_5f0c9d1b7a3e42688cd01f27";
const at = "2026-03-02T09:15:00.000Z";

const rules = (max_amount: number): object => ({
  min_amount: 100,
  max_amount,
  underpayment_allowed: true,
  overpayment_allowed: false,
});

const newCustomer = {
  external_reference: "CUST-40217",
  name: "Lerato Dlamini",
  email: "lerato.dlamini@example.org",
  phone: "+27825550142",
  currency: "ZAR",
  balance: 48_350,
  metadata: { region: "gauteng" },
};
const customer = { id: customerId, ...newCustomer, payment_rules: rules(1_000_000) };

const newAccount = {
  external_reference: "ACC-7781",
  name: "Fibre line, Rivonia",
  currency: "ZAR",
  balance: 129_900,
};
const account = {
  id: accountId,
  customer_id: customerId,
  ...newAccount,
  payment_rules: rules(500_000),
};

const newBill = {
  external_reference: "BILL-2026-0317",
  currency: "ZAR",
  amount_due: 37_650,
  bill_date: "2026-03-01",
  due_date: "2026-03-25",
  metadata: { period: "2026-03" },
};
const bill = {
  id: billId,
  customer_id: customerId,
  account_id: accountId,
  ...newBill,
  status: "unpaid",
  amount_paid: 0,
  amount_remaining: 37_650,
  payment_rules: rules(37_650),
};

const payment = { id: paymentId, amount: 12_550, currency: "ZAR", status: "succeeded" };
const obligation = { id: obligationId, kind: "bill", currency: "ZAR", balance: 25_100 };
const clock = { now: at, frozen: true };

const event = {
  id: eventId,
  type: "obligation.amount_applied",
  schema_version: 1,
  stream_id: `bill/${billId}`,
  revision: 2,
  position: 8,
  recorded_at: at,
  effective_at: at,
  data: {
    obligation_id: obligationId,
    payment_id: paymentId,
    amount: 12_550,
    currency: "ZAR",
    effect: -12_550,
    balance_after: 25_100,
  },
};

const endpoint = {
  id: endpointId,
  url: "https://billing.example.org/webhooks",
  secret: "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=",
};
const delivery = {
  id: "1",
  event_id: eventId,
  endpoint_id: endpointId,
  attempt: 1,
  status: "failed",
  response_status: 503,
  at,
  next_attempt_at: "2026-03-02T09:15:05.000Z",
};

const newFault = {
  on: { method: "POST", path: "/billing/customers" },
  effect: { status: 503 },
  times: 2,
};
const fault = { id: "fault_1", ...newFault, fired: 0 };

const settings = {
  payment_rules: { customer: rules(1_000_000), account: rules(500_000), bill: rules(99_999_999) },
  currencies: ["ZAR", "USD"],
  idempotency_key: "required",
  strict: false,
  metadata_limits: { keys: 10, key_length: 40, value_length: 500 },
  rate_limit: { requests: 100, seconds: 60 },
  webhook_timestamps: "clock",
};

const page = (...data: readonly object[]): object => ({ data });

export const examples: Readonly<Record<string, Example>> = {
  createCustomer: { body: newCustomer, answer: customer },
  retrieveCustomer: { answer: customer },
  updateCustomer: { body: { balance: 61_200 }, answer: { ...customer, balance: 61_200 } },
  createAccount: { body: { customer: "CUST-40217", ...newAccount }, answer: account },
  retrieveAccount: { answer: account },
  updateAccount: { body: { balance: 89_900 }, answer: { ...account, balance: 89_900 } },
  createBill: { body: { account: "ACC-7781", ...newBill }, answer: bill },
  retrieveBill: { answer: bill },
  updateBill: {
    body: { currency: "ZAR", amount_paid: 12_550, metadata: { teller: "branch-9" } },
    answer: {
      ...bill,
      amount_paid: 12_550,
      amount_remaining: 25_100,
      metadata: { period: "2026-03", teller: "branch-9" },
    },
  },
  voidBill: { answer: { ...bill, status: "voided" } },
  createPayment: {
    body: { bill: "BILL-2026-0317", amount: 12_550, metadata: { utm_source: "sms" } },
    answer: {
      payment,
      obligation,
      event: {
        id: eventId,
        type: "obligation.amount_applied",
        data: {
          id: obligationId,
          amount: 12_550,
          currency: "ZAR",
          payment_id: paymentId,
          bill_id: billId,
          metadata: { utm_source: "sms" },
          created_at: "2026-03-01T00:00:00.000Z",
          updated_at: at,
        },
      },
    },
  },
  reversePayment: {
    body: { amount: 2_550, reason: "paid twice" },
    answer: {
      payment,
      obligation: { ...obligation, balance: 27_650 },
      reversal: {
        id: "evt_q0RkX3mTnUv7BzLs5Wd1C",
        amount: 2_550,
        currency: "ZAR",
        reason: "paid twice",
        reversed_total: 2_550,
      },
    },
  },
  setPaymentRules: { body: rules(37_650), answer: bill },
  listCustomers: { answer: page({ ...customer, obligation_id: obligationId }) },
  listAccounts: { answer: page({ ...account, obligation_id: obligationId }) },
  listBills: { answer: page({ ...bill, obligation_id: obligationId }) },
  listPayments: {
    answer: page({
      id: paymentId,
      amount: 12_550,
      currency: "ZAR",
      status: "succeeded",
      obligations: [
        {
          id: obligationId,
          kind: "bill",
          customer_id: customerId,
          bill_id: billId,
          amount: 12_550,
          currency: "ZAR",
          amount_reversed: 0,
        },
      ],
    }),
  },
  listEvents: { answer: { data: [event], next: "8" } },
  streamEvents: { answer: `id: 8\ndata: ${JSON.stringify(event)}\n\n` },
  listRequests: {
    answer: page({
      id: 1,
      at,
      method: "POST",
      path: "/billing/bills/BILL-2026-0317/void",
      status: 200,
      idempotency_key: "5d0b9a52-3f0e-4f0c-9c53-0d5b1c6c7a11",
      response_body: "{…}",
      events: [eventId],
    }),
  },
  retrieveSettings: { answer: settings },
  updateSettings: { body: { rate_limit: { requests: 100, seconds: 60 } }, answer: settings },
  retrieveClock: { answer: clock },
  setClock: { body: { now: at }, answer: clock },
  advanceClock: { body: { seconds: 86_400 }, answer: clock },
  restoreSnapshot: { answer: { position: 8, commits: 4 } },
  fork: {
    body: { to: "sk_test_other", at_position: 8 },
    answer: { merchant: "test-0c4f2a9d51e7", position: 8, commits: 4 },
  },
  listWebhookEndpoints: { answer: page(endpoint) },
  createWebhookEndpoint: { body: { url: endpoint.url }, answer: endpoint },
  rotateWebhookSecret: { answer: endpoint },
  listDeliveries: { answer: page(delivery) },
  redeliverEvent: {
    answer: page({
      id: "2",
      event_id: eventId,
      endpoint_id: endpointId,
      attempt: 2,
      status: "pending",
      at,
    }),
  },
  createFault: { body: newFault, answer: fault },
  listFaults: { answer: page(fault) },
  retrievePayDetails: {
    answer: {
      merchant: { name: "Test merchant 0c4f2a" },
      obligation,
      reference: "BILL-2026-0317",
      payer: "Lerato Dlamini",
      bill: { status: "unpaid", amount_due: 37_650, amount_paid: 12_550, due_date: "2026-03-25" },
      payment_rules: rules(37_650),
      currencies: ["ZAR", "USD"],
    },
  },
  payUnderLink: {
    body: { payment_id: paymentId, amount: 12_550, currency: "ZAR" },
    answer: { payment: { ...payment, paid_at: at }, obligation },
  },
};
