/** What a header says of its file as a whole, before any column is looked for. */

/** Why this is the header of no CSV as it is meant here, behind "the header"; or undefined. */
export const shapeProblem = (header: readonly string[]): string | undefined => {
  if (header.some((name) => name.includes("\r")))
    return "ends in CR alone; save the file with LF or CR LF";
  const [only = "", ...others] = header;
  const separator = [";", "\t"].find((each) => only.includes(each));
  if (others.length > 0 || separator === undefined) return undefined;
  return `has columns separated by ${separator === ";" ? "semicolons" : "tabs"}; save the file with commas`;
};
