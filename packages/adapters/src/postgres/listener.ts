/**
 * The connection that notices come by. LISTEN may be refused, lost, or left unanswered by what stands
 * between: nobody ever waits for it, and it is tried again after a while.
 */
import { type LentClient, type PostgresPool, run } from "./client.ts";

/** How long LISTEN may go unanswered, in milliseconds. */
const answerMs = 5000;
/** After how many further wishes to listen it is tried again where it failed. */
const wishesBetween = 50;

export class Listener {
  readonly #pool: PostgresPool;
  readonly #channel: string;
  readonly #heard: (payload: string) => void;
  #client: LentClient | undefined;
  #listens = false;
  #wanted = false;
  #trying = false;
  #wishesToSkip = 0;

  constructor(pool: PostgresPool, channel: string, heard: (payload: string) => void) {
    this.#pool = pool;
    this.#channel = channel;
    this.#heard = heard;
  }

  get listens(): boolean {
    return this.#listens;
  }

  /** Begins to listen, unless it does already. */
  wish(): void {
    this.#wanted = true;
    if (this.#trying || this.#client !== undefined) return;
    if (this.#wishesToSkip > 0) this.#wishesToSkip -= 1;
    else void this.#listen();
  }

  /** The connection has a state of its own, so it does not go back to the pool. */
  drop(): void {
    this.#wanted = false;
    this.#listens = false;
    this.#client?.release(true);
    this.#client = undefined;
  }

  async #listen(): Promise<void> {
    this.#trying = true;
    try {
      const client = await this.#pool.connect();
      if (!this.#wanted) {
        client.release();
        return;
      }
      this.#client = client;
      client.on("error", () => {
        if (this.#client === client) this.drop();
      });
      client.on("notification", ({ payload }) => this.#heard(payload ?? ""));
      await run(client, `LISTEN ${this.#channel}`, [], answerMs);
      this.#listens = this.#client === client;
    } catch {
      this.drop();
      this.#wishesToSkip = wishesBetween;
    } finally {
      this.#trying = false;
    }
  }
}
