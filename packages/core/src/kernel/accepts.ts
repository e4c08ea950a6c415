/**
 * A quick yes, for values that pass a schema by the thousand. `true` means that the schema takes the
 * value and would give it back as it is; `false` means nothing but "ask the schema", which also knows
 * what to say. The schema stays the one description: what it is made of is read off it, and a field
 * that names a quick yes of its own names it beside its rules.
 */
import { z } from "zod";

export type Accepts = (value: unknown) => boolean;

const named = new WeakMap<z.core.$ZodType, Accepts>();

/** Names the quick yes of a field; it must say no to everything that the schema refuses or changes. */
export const quickly = <Schema extends z.ZodType>(schema: Schema, accepts: Accepts): Schema => {
  named.set(schema, accepts);
  return schema;
};

/** The quick yes of a schema. What it is not told about is asked of the schema's own parser. */
export const acceptsOf = (schema: z.core.$ZodType): Accepts =>
  named.get(schema) ?? (hasRules(schema) ? undefined : madeOf(schema)) ?? asking(schema);

const hasRules = ({ _zod: { def } }: z.core.$ZodType): boolean => (def.checks ?? []).length > 0;

const madeOf = (schema: z.core.$ZodType): Accepts | undefined => {
  if (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever)
    return members(schema.shape);
  if (schema instanceof z.ZodOptional) return orUndefined(acceptsOf(schema.def.innerType));
  if (schema instanceof z.ZodArray) return each(acceptsOf(schema.def.element));
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return oneOf(schema);
  if (schema instanceof z.ZodUnknown) return () => true;
  return undefined;
};

const asking =
  (schema: z.core.$ZodType): Accepts =>
  (value) => {
    const parsed = z.safeParse(schema, value);
    return parsed.success && Object.is(parsed.data, value);
  };

const orUndefined =
  (accepts: Accepts): Accepts =>
  (value) =>
    value === undefined || accepts(value);

const each =
  (accepts: Accepts): Accepts =>
  (value) =>
    Array.isArray(value) && value.every(accepts);

const oneOf = (schema: z.ZodEnum | z.ZodLiteral): Accepts => {
  const values = new Set<unknown>(schema instanceof z.ZodEnum ? schema.options : schema.values);
  return (value) => values.has(value);
};

const members = (shape: Readonly<Record<string, z.core.$ZodType>>): Accepts => {
  const known = new Map(
    Object.entries(shape).map(([key, schema]) => {
      const required = !(schema instanceof z.ZodOptional);
      return [key, { required, accepts: acceptsOf(schema) }];
    }),
  );
  const requiredCount = [...known.values()].filter(({ required }) => required).length;
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    let found = 0;
    for (const key of Object.keys(value)) {
      const member = known.get(key);
      if (!member?.accepts((value as Readonly<Record<string, unknown>>)[key])) return false;
      if (member.required) found += 1;
    }
    return found === requiredCount;
  };
};
