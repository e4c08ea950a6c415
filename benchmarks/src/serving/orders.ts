/** What the processes of P9 tell each other: the load is told what to send, the servers are asked what they used. */

export interface Order {
  readonly url: string;
  readonly what: "customers" | "payments" | "reads";
  /** Requests to send. */
  readonly count: number;
  /** Customers that payments and reads go to in turn; `CUST-0` is the first. */
  readonly customers: number;
  /** In the keys of this order, so that none was used before. */
  readonly name: string;
}

/** What a server has used since it was started. */
export interface Usage {
  /** Of all its threads, in microseconds. */
  readonly cpuUs: number;
  /** Resident now, in bytes. */
  readonly rss: number;
}

export const secretKey = "sk_test_benchmark";
export const connections = 64;

export const usageNow = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, rss: process.memoryUsage.rss() };
};
