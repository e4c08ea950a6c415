/**
 * The page of the interactive documentation with the two files of Swagger UI. They come from that
 * package where it is installed, and are read when the page is first asked for.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type WebFile, webFile, webFolder } from "./web-files.ts";

const { resolve } = createRequire(import.meta.url);

/** Swagger UI draws its arrows as images inside its stylesheet. */
const policy =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

const names = ["swagger-ui.css", "swagger-ui-bundle.js"];

const readAll = (): ReadonlyMap<string, WebFile> => {
  const page = readFileSync(new URL("docs.html", webFolder), "utf8");
  return new Map([
    webFile("/docs", page, { type: ".html", policy }),
    ...names.map((name) =>
      webFile(`/docs/${name}`, readFileSync(resolve(`swagger-ui-dist/${name}`), "utf8"), {
        policy,
      }),
    ),
  ]);
};

const isMissing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";

/** The file at a request's path; undefined elsewhere, and everywhere without Swagger UI. */
export const docsFiles = (): ((path: string) => WebFile | undefined) => {
  let files: ReadonlyMap<string, WebFile> | undefined;
  return (path) => {
    try {
      files ??= readAll();
    } catch (error) {
      if (!isMissing(error)) throw error;
      files = new Map();
    }
    return files.get(path === "/docs/" ? "/docs" : path);
  };
};
