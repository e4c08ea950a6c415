/** What cannot be read in a file of theirs: where it stands and why. The file is then taken not at all. */
export class UnreadableRow extends Error {
  override readonly name = "UnreadableRow";
  readonly line: number;
  /** The title of the column, or a member of the JSON. */
  readonly column: string;
  readonly reason: string;

  constructor(line: number, column: string, reason: string) {
    super(`line ${line}: ${column} ${reason}`);
    this.line = line;
    this.column = column;
    this.reason = reason;
  }
}
