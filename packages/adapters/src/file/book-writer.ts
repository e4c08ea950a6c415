/**
 * The writing end of a book's file: one write and one sync a group, all or nothing.
 *
 * Where the disk is full the file is cut back to its last good length and goes on. After any other
 * failed write nobody knows what is on the disk: the file is closed and has to be opened again.
 */
import { dirname } from "node:path";
import { LedgerError } from "@tallystick/core";
import { isNoSpace, type OpenFile, syncFolder, systemCode, writeAll } from "./files.ts";
import type { WriterLock } from "./writer-lock.ts";

export interface BookWriterOptions {
  readonly path: string;
  readonly file: OpenFile;
  readonly lock: WriterLock;
  /** Where the durable part of the file ends. */
  readonly end: number;
}

export class BookWriter {
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #lock: WriterLock;
  #end: number;

  constructor({ path, file, lock, end }: BookWriterOptions) {
    this.#path = path;
    this.#file = file;
    this.#lock = lock;
    this.#end = end;
  }

  /** Where the durable part of the file ends. */
  get end(): number {
    return this.#end;
  }

  /** The next append writes the file from its beginning; what stands there belongs to no commit. */
  startOver(): void {
    this.#end = 0;
  }

  async append(bytes: Buffer): Promise<void> {
    const begins = this.#end === 0;
    try {
      if (begins) await this.#file.truncate(0);
      await writeAll(this.#file, bytes, this.#end);
    } catch (error) {
      if (!isNoSpace(error)) throw await this.#giveUp("written", error);
      await this.#takeBack();
      throw new LedgerError(
        "STORE_FULL",
        `no space is left for ${this.#path}: what was being written is not stored, and writing goes on once there is room`,
        { cause: error, detail: { path: this.#path } },
      );
    }
    try {
      if (begins) await this.#syncNewName();
      else await this.#file.datasync();
    } catch (error) {
      throw await this.#giveUp("synced", error);
    }
    this.#end += bytes.length;
  }

  /** Gives back the file and the lock. */
  async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      this.#lock.release();
    }
  }

  async #syncNewName(): Promise<void> {
    await this.#file.sync();
    await syncFolder(dirname(this.#path));
  }

  /** Synced as well: what is refused now must not come back after the machine has died. */
  async #takeBack(): Promise<void> {
    try {
      await this.#file.truncate(this.#end);
      await this.#file.datasync();
    } catch (error) {
      throw await this.#giveUp("cut back", error);
    }
  }

  async #giveUp(what: string, cause: unknown): Promise<LedgerError> {
    // Whether it closes well or not, nothing is left to be saved by it.
    await this.close().catch(() => undefined);
    const systemError = systemCode(cause);
    return new LedgerError(
      "STORE_IO",
      `${this.#path} could not be ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        detail: {
          path: this.#path,
          ...(systemError === undefined ? {} : { systemCode: systemError }),
        },
      },
    );
  }
}
