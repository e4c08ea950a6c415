/** A request before it is sent, in parts that can be spoilt one by one. */
export interface Sent {
  readonly method: string;
  /** As it stands in the request line, with its query. */
  readonly path: string;
  /** Names may come several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** The header's value; undefined where it is not sent. */
export const withHeader = (sent: Sent, name: string, value: string | undefined): Sent => ({
  ...sent,
  headers: [
    ...sent.headers.filter(([each]) => each !== name),
    ...(value === undefined ? [] : [[name, value] as const]),
  ],
});
