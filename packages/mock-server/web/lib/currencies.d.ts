/** Decimals of each currency's minor unit; the file behind it is written by the server from core. */
export const exponents: ReadonlyMap<string, number>;
