/** Why an answer could not be written, in words. */
import { CliError } from "./cli-error.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of the path is no folder",
  EACCES: "this user has no right to write there",
  EPERM: "this user has no right to write there",
  EROFS: "nothing can be written there",
  ENOSPC: "no space is left",
  EDQUOT: "the space that this user may fill is used up",
  EFBIG: "the file may not grow any further",
  EIO: "the device reports an error",
};

/** `name` is a path, or what a stream is called. */
export const unwritable = (
  name: string,
  error: NodeJS.ErrnoException,
  detail: Readonly<Record<string, unknown>> = {},
): CliError => {
  const { code = "", message } = error;
  return new CliError(
    "UNWRITABLE_OUTPUT",
    `${name} cannot be written: ${reasons[code] ?? message}`,
    {
      cause: error,
      detail: code === "" ? detail : { ...detail, systemCode: code },
    },
  );
};
