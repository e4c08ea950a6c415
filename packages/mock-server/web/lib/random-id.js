const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * 21 letters and digits, 125 random bits. `crypto.randomUUID` is missing on plain http beyond
 * localhost; `getRandomValues` is not. Bytes past the last full round of the alphabet are dropped,
 * so that each letter is equally likely.
 */
export const randomId = () => {
  let id = "";
  while (id.length < 21) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < 248 && id.length < 21) id += alphabet[byte % 62];
    }
  }
  return id;
};
