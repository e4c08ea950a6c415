/**
 * A connection that is cut on purpose. In process the caller's `fetch` rejects with it, a `TypeError`
 * as for any connection that broke; behind a port the socket is destroyed.
 */
export class ConnectionCut extends TypeError {
  override readonly name = "TypeError";

  constructor() {
    super("fetch failed", {
      cause: new Error("the mock server cut the connection, as it was told"),
    });
  }
}
