/** Random bytes drawn from the host in pools: one call serves many ids and salts. */
const poolBytes = 4096;

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Draws from pools of bytes; each byte is handed out once. */
export const pooled = (
  randomBytes: (count: number) => Uint8Array,
): ((count: number) => Uint8Array) => {
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (count) => {
    if (used + count > pool.length) {
      pool = randomBytes(Math.max(poolBytes, count));
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
};

/** Bytes as lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += hexOf[byte];
  return text;
};
