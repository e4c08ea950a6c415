/** The key of a request: its form, and what it may do (spec 2.2, D-01, D-02). */
import { Problem } from "./problem.ts";

/** Which of a merchant's two modes a key belongs to; they are equally apart (D-03). */
export type Mode = "test" | "live";

export interface SecretKey {
  readonly mode: Mode;
  readonly text: string;
}

const bearer = /^bearer +([^\s,]+)$/i;
const form = /^(sk|pk)_(test_)?([A-Za-z0-9_]+)$/;
/** Longer ones are nobody's. */
const lengthMax = 255;

const unauthorized = (detail: string): Problem =>
  new Problem("unauthorized", detail, { headers: { "www-authenticate": "Bearer" } });

/** 401 without a key or with a malformed one, 403 with a public key. */
export const readKey = (authorization: string | null): SecretKey => {
  if (authorization === null)
    throw unauthorized("no key was given; send Authorization: Bearer sk_test_…");
  const [, text = ""] = bearer.exec(authorization) ?? [];
  const [, kind, test] =
    text.length > lengthMax || text === "sk_test_" ? [] : (form.exec(text) ?? []);
  if (kind === undefined || text === "pk_test_")
    throw unauthorized("the Authorization header holds no key; send Bearer sk_test_… or sk_…");
  if (kind === "pk")
    throw new Problem("forbidden", "a public key may not be used here; use the secret key");
  return { mode: test === undefined ? "live" : "test", text };
};
