/**
 * The dashboard at `/`, the pay page at `/pay/{ob_…}`, the documentation of the API at `/docs`, and under
 * `/_web/` what they are made of.
 */
import type { Page } from "../app.ts";
import { docsFiles } from "./docs-files.ts";
import { type WebFile, type WebOptions, webFiles } from "./web-files.ts";
import { webResponse } from "./web-response.ts";

export const webPages = (options: WebOptions): readonly Page[] => {
  const pages =
    (files: (path: string) => WebFile | undefined) =>
    (path: string): Page => ({ path, handle: (request) => webResponse(request, files) });
  return [
    ...["/", "/pay/:obligation", "/_web/*"].map(pages(webFiles(options))),
    ...["/docs", "/docs/*"].map(pages(docsFiles())),
  ];
};
