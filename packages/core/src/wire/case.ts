/**
 * The one mapper between our camelCase and the API's snake_case: HTTP bodies, files and the CLI's
 * JSON. Only names of members change; what stands under `metadata` is the merchant's own and is left
 * as it is, as are the keys of a payment's or object's texts.
 */
const snake = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const mapKeys = (value: unknown, rename: (key: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      rename(key),
      key === "metadata" ? member : mapKeys(member, rename),
    ]),
  );
};

/** `{ amountDue }` as `{ amount_due }`, at every depth outside of metadata. */
export const toSnakeCase = (value: unknown): unknown => mapKeys(value, snake);

/** `{ amount_due }` as `{ amountDue }`, at every depth outside of metadata. */
export const toCamelCase = (value: unknown): unknown => mapKeys(value, camel);

/** A field path such as `account.amountDue` in the API's own spelling; keys of metadata stay. */
export const toSnakePath = (path: string): string => {
  const [own = "", ...keys] = path.split(/(?<=(?:^|\.)metadata)\./);
  return [snake(own), ...keys].join(".");
};
