/**
 * The dashboard and the pay page as files with their headers. They are read from disk once, at the
 * first request, so that starting the server costs nothing.
 *
 * Everything under `/_web/` is fixed when it is read: the list is made from the folder, so no path
 * that a request names is ever looked up on disk.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { currencyCodes, currencyExponent, invariant } from "@tallystick/core";

export interface WebFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebOptions {
  /** Offered by the dashboard to whoever opens it; none by default. */
  readonly demoKey?: string | undefined;
}

/** What the pages are made of. */
export const webFolder: URL = new URL("../../web/", import.meta.url);
const folder = fileURLToPath(webFolder);
const { resolve } = createRequire(import.meta.url);

/** Nothing but our own files: no inline script, no other host, no frame around the pay page. */
const contentSecurityPolicy =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** The library's own modules, and where the browser finds them. */
const vendored: readonly (readonly [name: string, path: string, file: () => string])[] = [
  ["preact/hooks", "/_web/vendor/hooks.js", () => resolve("preact/hooks")],
  ["preact", "/_web/vendor/preact.js", () => resolve("preact")],
  // What `require` finds is CommonJS; the module lies beside it.
  ["htm", "/_web/vendor/htm.js", () => resolve("htm").replace(/\.js$/, ".mjs")],
];

/** A browser resolves no bare names without an import map, which the policy above would forbid. */
const withAddresses = (source: string): string =>
  vendored.reduce(
    (text, [name, path]) =>
      text.replaceAll(new RegExp(`(from\\s*)["']${name}["']`, "g"), `$1"${path}"`),
    source,
  );

interface FileOptions {
  /** As an extension; default: that of the path. */
  readonly type?: string;
  readonly policy?: string;
}

/** A file under its path, with its headers. */
export const webFile = (
  path: string,
  content: string,
  { type: extension = extname(path), policy = contentSecurityPolicy }: FileOptions = {},
): readonly [string, WebFile] => {
  const type = contentTypes[extension];
  invariant(type !== undefined, `${path} has no content type`);
  const body = new TextEncoder().encode(content);
  const headers = {
    "content-type": type,
    "content-security-policy": policy,
    // Always asked for again, almost never sent again: the pages and their modules are one release.
    "cache-control": "no-cache",
    etag: `"${createHash("sha256").update(body).digest("base64url")}"`,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  };
  return [path, { body, headers }];
};

const currencies = (): string => {
  const exponents = currencyCodes.map((code) => [code, currencyExponent(code)]);
  return `export const exponents = new Map(${JSON.stringify(exponents)});\n`;
};

const readAll = (demoKey: string | undefined): ReadonlyMap<string, WebFile> => {
  const own = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(html|css|js|svg)$/.test(name))
    .map((name) => {
      const source = readFileSync(join(folder, name), "utf8");
      const path = `/_web/${name.replaceAll("\\", "/")}`;
      return webFile(path, path.endsWith("/vendor.js") ? withAddresses(source) : source);
    });
  return new Map([
    ...own,
    ...vendored.map(([, path, find]) => webFile(path, withAddresses(readFileSync(find(), "utf8")))),
    webFile("/_web/lib/currencies.js", currencies()),
    webFile("/_web/welcome.json", JSON.stringify({ demo_key: demoKey ?? null })),
  ]);
};

const pathOf = (path: string): string => {
  if (path === "/") return "/_web/index.html";
  return /^\/pay\/[^/]+\/?$/.test(path) ? "/_web/pay.html" : path;
};

/**
 * The file at a request's path: `/` is the dashboard, `/pay/{ob_…}` the pay page, `/_web/…` what
 * both are made of; undefined elsewhere.
 */
export const webFiles = ({ demoKey }: WebOptions = {}): ((path: string) => WebFile | undefined) => {
  let files: ReadonlyMap<string, WebFile> | undefined;
  return (path) => {
    files ??= readAll(demoKey);
    return files.get(pathOf(path));
  };
};
