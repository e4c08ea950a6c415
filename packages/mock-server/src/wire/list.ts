/** Lists on the wire: a page of `data`, oldest first, and `next`, which is handed back as `after`. */
import { z } from "zod";
import type {} from "zod-openapi";
import { idOrReference } from "./fields.ts";

const limitMax = 500;
export const limitDefault = 50;

/** What a text in a query stands for, as a document has it. */
const shownAs =
  (schema: Readonly<Record<string, unknown>>) =>
  ({ jsonSchema }: { jsonSchema: object }): void => {
    for (const keyword of ["pattern", "enum"]) Reflect.deleteProperty(jsonSchema, keyword);
    Object.assign(jsonSchema, schema);
  };

export const shownAsNumber = (bounds: Readonly<Record<string, number>>) =>
  shownAs({ type: "integer", ...bounds });

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, { error: "must be a whole number" })
  .transform(Number);

const limit = wholeNumber
  .refine((count) => count >= 1 && count <= limitMax, { error: `must be 1 to ${limitMax}` })
  .meta({
    description: "How many at most.",
    override: shownAsNumber({ minimum: 1, maximum: limitMax, default: limitDefault }),
  });

const flag = z
  .enum(["true", "false"])
  .transform((text) => text === "true")
  .meta({ override: shownAs({ type: "boolean" }) });

/** Every list takes these. A filter that a list does not have is a fault, not silence. */
export const pageQuery = {
  limit: limit.optional(),
  after: z.string().max(255).meta({ description: "`next` of the page before." }).optional(),
};

/** The same where the cursor is a number that counts up: a position, or a place in the journal. */
export const countedPageQuery = {
  limit: limit.optional(),
  after: wholeNumber
    .meta({ description: "`next` of the page before.", override: shownAsNumber({ minimum: 0 }) })
    .optional(),
};

export const ownerQuery = {
  customer: idOrReference.optional(),
};

export const sumQuery = {
  owing: flag.optional(),
  credit: flag.optional(),
};

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    next: z.string().meta({ description: "Left out on the last page." }).optional(),
  });

/** A page of the wire made of the items behind a cursor, of which there may be one more than asked for. */
export const pageBody = <Item>(
  found: readonly Item[],
  count: number,
  cursorOf: (item: Item) => string | number,
): { readonly data: readonly Item[]; readonly next?: string } => {
  const data = found.slice(0, count);
  const last = data.at(-1);
  return {
    data,
    ...(found.length > count && last !== undefined ? { next: String(cursorOf(last)) } : {}),
  };
};
