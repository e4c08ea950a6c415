/** The dashboard at `/`, the pay page at `/pay/{ob_…}`, and under `/_web/` what both are made of. */
import type { Page } from "../app.ts";
import { type WebOptions, webFiles } from "./web-files.ts";
import { webResponse } from "./web-response.ts";

export const webPages = (options: WebOptions): readonly Page[] => {
  const files = webFiles(options);
  return ["/", "/pay/:obligation", "/_web/*"].map((path) => ({
    path,
    handle: (request) => webResponse(request, files),
  }));
};
