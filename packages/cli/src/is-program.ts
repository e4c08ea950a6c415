/** Whether a module is what Node was started with, and not imported by something else. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `url` is the module's `import.meta.url`. A program that is started through a link counts. */
export const isProgram = (url: string): boolean => {
  const [, started] = process.argv;
  if (started === undefined) return false;
  try {
    return realpathSync(started) === fileURLToPath(url);
  } catch {
    return false;
  }
};
