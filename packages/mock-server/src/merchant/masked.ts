/** Secrets in texts that others may see. */
const secrets = /\b(sk_test_|sk_|whsec_)[A-Za-z0-9_+/=]+/g;

/** The same text with nothing left of a secret but its kind. */
export const masked = (text: string): string => text.replaceAll(secrets, "$1…");
