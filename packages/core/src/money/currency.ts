/**
 * Currencies of ISO 4217 and how many decimals the minor unit has: ZAR 2, JPY 0, BHD 3 (spec 2.6,
 * D-13). Codes without a minor unit in the standard (gold, test codes) are not money here.
 */
const codesByExponent: Readonly<Record<number, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
      CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
      GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
      MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
      PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
      TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

const exponents: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByExponent).flatMap(([exponent, codes]) =>
    codes.split(/\s+/).map((currency): [string, number] => [currency, Number(exponent)]),
  ),
);

/** An ISO 4217 alphabetic code in capitals. */
export type CurrencyCode = string;

export const isCurrency = (text: string): text is CurrencyCode => exponents.has(text);

/** Decimals of the minor unit, or undefined for a code that is not in ISO 4217. */
export const currencyExponent = (currency: CurrencyCode): number | undefined =>
  exponents.get(currency);

/** Every code, sorted. */
export const currencyCodes: readonly CurrencyCode[] = [...exponents.keys()].sort();
