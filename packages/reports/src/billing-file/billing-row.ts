/**
 * A row of a billing file (spec 7.1, D-39): what it says of a customer, or what is wrong with it.
 *
 * One fault is told for each row: the one in the first column, by the order of the file. Unknown
 * columns are metadata, and `due_date` is kept there too. The numbers that identify a person are
 * checked and, unless one is the identifier, not kept.
 */
import {
  amountMax,
  type CalendarDate,
  type CurrencyCode,
  createCustomerInput,
  currencyExponent,
  faultsOf,
  isCalendarDate,
  parseMajor,
} from "@tallystick/core";
import { shapeProblem } from "../header-shape.ts";

const documented = [
  "identifier",
  "first_name",
  "last_name",
  "passport_number",
  "sa_identification_number",
  "mobile_phone_number",
  "email",
  "due_date",
  "amount_due",
] as const;
type DocumentedColumn = (typeof documented)[number];

/** The column that names a customer where there is no `identifier`. */
export const identifierColumns = ["passport_number", "sa_identification_number"] as const;
export type IdentifierColumn = (typeof identifierColumns)[number];

export interface BillingRow {
  /** The customer's external reference. */
  readonly identifier: string;
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
  readonly dueDate?: CalendarDate;
  /** Minor units, from 0. */
  readonly amountDue: number;
  readonly currency: CurrencyCode;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface BadRow {
  /** 1 for the header. */
  readonly line: number;
  /** A column, or `identification` where either of two is needed. */
  readonly field: string;
  readonly message: string;
}

interface Fault {
  readonly field: string;
  readonly message: string;
}

export interface BillingReading {
  readonly currency: CurrencyCode;
  /** Of the file; `za` turns local mobile numbers into international ones. */
  readonly country: string | undefined;
  readonly identifierFrom: IdentifierColumn | undefined;
}

/** What is wrong with a header, or undefined. */
export const headerProblem = (
  header: readonly string[],
  identifierFrom: IdentifierColumn | undefined,
): string | undefined => {
  const shape = shapeProblem(header);
  if (shape !== undefined) return `the header ${shape}`;
  const seen = new Set<string>();
  for (const name of header) {
    if (seen.has(name)) return `the column ${JSON.stringify(name.slice(0, 60))} stands there twice`;
    seen.add(name);
  }
  if (header.some((name) => name.trim() === "")) return "a column has no name";
  for (const name of ["first_name", "last_name", "amount_due"])
    if (!header.includes(name)) return `the column ${name} is missing`;
  if (!identifierColumns.some((name) => header.includes(name)))
    return "the columns passport_number and sa_identification_number are both missing";
  if (identifierFrom !== undefined && !header.includes(identifierFrom))
    return `the column ${identifierFrom} is missing, and rows are to be named by it`;
  return undefined;
};

const isDocumented = (name: string): name is DocumentedColumn =>
  (documented as readonly string[]).includes(name);

const internationalPhone = (text: string, country: string | undefined): string =>
  country === "za" && /^0\d{9}$/.test(text) ? `+27${text.slice(1)}` : text;

/** The schema of what may be created says what a name, an e-mail or a reference may be. */
const schemaFault = (member: string, value: string): string | undefined => {
  const parsed = createCustomerInput.safeParse({ externalReference: "x", [member]: value });
  return parsed.success ? undefined : faultsOf(parsed.error.issues, [])[0]?.message;
};

const amountFault = (text: string, currency: CurrencyCode): string | undefined => {
  if (text === "") return "is required";
  if (!/^\d+(?:\.\d+)?$/.test(text))
    return `must be plain digits such as 376.50, without separators, sign or exponent; is ${text}`;
  const exponent = currencyExponent(currency) ?? 0;
  const decimals = text.split(".")[1]?.length ?? 0;
  if (decimals > exponent)
    return `must have at most ${exponent} decimals in ${currency}; is ${text}`;
  return parseMajor(text, currency) === undefined
    ? `must be at most ${amountMax} minor units; is ${text}`
    : undefined;
};

/** Reads the rows below one header. */
export class BillingRows {
  readonly #header: readonly string[];
  readonly #reading: BillingReading;
  /** Identifiers with the line on which each stood first, whether that row was good or not. */
  readonly #seen = new Map<string, number>();

  constructor(header: readonly string[], reading: BillingReading) {
    this.#header = header;
    this.#reading = reading;
  }

  /** Rows are handed in by their order in the file: of two with one identifier the later is bad. */
  read(line: number, cells: readonly string[]): BillingRow | BadRow {
    const bad = (field: string, message: string): BadRow => ({ line, field, message });
    const missing = this.#header[cells.length];
    if (missing !== undefined)
      return bad(
        missing,
        `is missing: the row has ${cells.length} of ${this.#header.length} values`,
      );
    if (cells.length > this.#header.length)
      return bad(
        this.#header.at(-1) ?? "",
        `is not the last value: the row has ${cells.length} instead of ${this.#header.length}`,
      );
    const values = new Map(this.#header.map((name, at) => [name, (cells[at] ?? "").trim()]));
    const value = (name: DocumentedColumn): string => values.get(name) ?? "";
    const { currency, country, identifierFrom } = this.#reading;
    const identifier = value(identifierFrom ?? "identifier");
    const phone = internationalPhone(value("mobile_phone_number"), country);
    const name = `${value("first_name")} ${value("last_name")}`;
    const firstLine = this.#seen.get(identifier);
    if (firstLine === undefined && identifier !== "") this.#seen.set(identifier, line);

    const faults: (Fault | undefined)[] = [
      this.#identifierFault(identifier, firstLine),
      ...(["first_name", "last_name"] as const).map((field) =>
        value(field) === "" ? { field, message: "is required" } : undefined,
      ),
      named("first_name", schemaFault("name", name)),
      identificationFault(value("passport_number"), value("sa_identification_number")),
      phone === "" ? undefined : named("mobile_phone_number", schemaFault("phone", phone)),
      value("email") === "" ? undefined : named("email", schemaFault("email", value("email"))),
      value("due_date") === "" || isCalendarDate(value("due_date"))
        ? undefined
        : { field: "due_date", message: "must be a date that exists, as YYYY-MM-DD" },
      named("amount_due", amountFault(value("amount_due"), currency)),
    ];
    const first = this.#firstOf(faults);
    if (first !== undefined) return { line, ...first };

    const email = value("email");
    const dueDate = value("due_date");
    return {
      identifier,
      name,
      ...(email === "" ? {} : { email }),
      ...(phone === "" ? {} : { phone }),
      ...(dueDate === "" ? {} : { dueDate }),
      amountDue: parseMajor(value("amount_due"), currency) ?? 0,
      currency,
      metadata: Object.fromEntries(
        [...values].filter(
          ([column, text]) => text !== "" && (!isDocumented(column) || column === "due_date"),
        ),
      ),
    };
  }

  #identifierFault(identifier: string, firstLine: number | undefined): Fault | undefined {
    const field = this.#reading.identifierFrom ?? "identifier";
    if (identifier === "") return { field, message: "is required: it names the customer" };
    if (firstLine !== undefined)
      return { field, message: `stands on line ${firstLine} already: one row for each and file` };
    return named(field, schemaFault("externalReference", identifier));
  }

  #firstOf(faults: readonly (Fault | undefined)[]): Fault | undefined {
    const place = ({ field }: Fault): number => {
      const columns = field === "identification" ? identifierColumns : [field];
      const places = columns.map((name) => this.#header.indexOf(name)).filter((at) => at >= 0);
      // A column that is not there at all comes first.
      return places.length === 0 ? -1 : Math.min(...places);
    };
    return faults
      .filter((fault) => fault !== undefined)
      .reduce<Fault | undefined>(
        (first, fault) => (first === undefined || place(fault) < place(first) ? fault : first),
        undefined,
      );
  }
}

const named = (field: string, message: string | undefined): Fault | undefined =>
  message === undefined ? undefined : { field, message };

const identificationFault = (passport: string, idNumber: string): Fault | undefined => {
  if (passport === "" && idNumber === "")
    return {
      field: "identification",
      message: "is required: passport_number or sa_identification_number",
    };
  return idNumber !== "" && !/^\d{13}$/.test(idNumber)
    ? { field: "sa_identification_number", message: "must have 13 digits" }
    : undefined;
};

export const isBadRow = (row: BillingRow | BadRow): row is BadRow => "line" in row;
