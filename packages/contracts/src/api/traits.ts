import { z } from 'zod';
import { Moment } from './shared.ts';
import { Words } from './words.ts';

/** A name that goes into URLs and files: small letters, digits, underscores. */
export const TraitName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_]*$/, 'small letters, digits and underscores, a letter first');

/** What is counted over: one row each of these. */
export const TRAIT_SOURCES = ['events', 'orders', 'lines', 'returns'] as const;
export type TraitSource = (typeof TRAIT_SOURCES)[number];

/**
 * `count` rows; `sum`, `average`, `min`, `max` of a number; `unique` different texts; `favourite` the most frequent text;
 * `first`, `last` value by time; `days_since` the last row.
 */
export const TRAIT_MEASURES = [
  'count',
  'sum',
  'average',
  'min',
  'max',
  'unique',
  'favourite',
  'first',
  'last',
  'days_since',
] as const;
export type TraitMeasure = (typeof TRAIT_MEASURES)[number];

/** The fields of each source, by the kind of their values. Events have their properties by name beside these. */
export const TRAIT_FIELDS = {
  events: { $weekday: 'text', $hour: 'text', $name: 'text' },
  orders: {
    amount: 'number',
    quantity: 'number',
    lines: 'number',
    weekday: 'text',
    hour: 'text',
    country: 'text',
  },
  lines: {
    amount: 'number',
    quantity: 'number',
    price: 'number',
    product: 'text',
    category: 'text',
    country: 'text',
  },
  returns: { amount: 'number', quantity: 'number', product: 'text', category: 'text' },
} as const satisfies Record<TraitSource, Record<string, 'number' | 'text'>>;

export const TraitTest = z.discriminatedUnion('op', [
  z.object({ field: z.string().min(1).max(200), op: z.literal('is'), text: z.string().max(500) }),
  z.object({ field: z.string().min(1).max(200), op: z.literal('is_not'), text: z.string().max(500) }),
  z.object({
    field: z.string().min(1).max(200),
    op: z.literal('contains'),
    text: z.string().min(1).max(500),
  }),
  z.object({ field: z.string().min(1).max(200), op: z.literal('at_least'), number: z.number() }),
  z.object({ field: z.string().min(1).max(200), op: z.literal('at_most'), number: z.number() }),
]);
export type TraitTest = z.infer<typeof TraitTest>;

export const TRAIT_UNITS = [
  'number',
  'times',
  'currency',
  'days',
  'products',
  'text',
  'weekday',
  'hour',
] as const;

const NUMERIC: readonly TraitMeasure[] = ['sum', 'average', 'min', 'max'];
const FIELDLESS: readonly TraitMeasure[] = ['count', 'days_since'];

/** The kind of a field, or nothing where the source has no such field. */
export function traitFieldKind(from: TraitSource, field: string): 'number' | 'text' | 'property' | undefined {
  const fields: Readonly<Record<string, 'number' | 'text'>> = TRAIT_FIELDS[from];
  if (Object.hasOwn(fields, field)) return fields[field];
  return from === 'events' && !field.startsWith('$') ? 'property' : undefined;
}

/** A value to compute of every customer, as a declaration. */
export const TraitDefinition = z
  .object({
    words: Words,
    from: z.enum(TRAIT_SOURCES),
    /** Of events: their name. */
    event: z.string().min(1).max(255).optional(),
    measure: z.enum(TRAIT_MEASURES),
    /** What is measured; `count` and `days_since` need none. */
    field: z.string().min(1).max(200).optional(),
    /** All must hold. */
    where: z.array(TraitTest).max(10).default([]),
    /** Only rows of the last so many days; all of the past where absent. */
    days: z.number().int().min(1).max(3650).optional(),
    unit: z.enum(TRAIT_UNITS).default('number'),
  })
  .superRefine((trait, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { from, event, measure, field, where } = trait;
    if ((from === 'events') !== (event !== undefined))
      complain('event', from === 'events' ? 'name the event' : 'only events have a name');
    const kind = field === undefined ? undefined : traitFieldKind(from, field);
    if (FIELDLESS.includes(measure) !== (field === undefined))
      complain('field', FIELDLESS.includes(measure) ? 'this measure takes no field' : 'name the field');
    else if (field !== undefined && kind === undefined) complain('field', `${from} have no field "${field}"`);
    else if (NUMERIC.includes(measure) && kind === 'text') complain('field', `"${field}" is not a number`);
    where.forEach((test, i) => {
      if (traitFieldKind(from, test.field) === undefined)
        complain(`where.${i}`, `${from} have no field "${test.field}"`);
    });
  });
export type TraitDefinition = z.infer<typeof TraitDefinition>;

export const Trait = z.object({
  name: TraitName,
  definition: TraitDefinition,
  /** Whether it comes with Bellwether or a person made it. */
  built_in: z.boolean(),
  created_at: Moment.nullable(),
  /** Customers who have a value; nothing before the first computation. */
  customers: z.number().nullable(),
  computed_at: Moment.nullable(),
});
export type Trait = z.infer<typeof Trait>;

/** A customer's value of a trait, or a field, in words. */
export const TraitValue = z.object({
  name: z.string(),
  words: Words,
  unit: z.string(),
  value: z.union([z.number(), z.string()]).nullable(),
});
export type TraitValue = z.infer<typeof TraitValue>;

export const TraitPreview = z.object({
  as_of: Moment,
  /** Customers who have a value, of those looked at. */
  customers: z.number(),
  looked_at: z.number(),
  sql: z.string(),
  rows: z.array(
    z.object({
      customer_id: z.string(),
      name: z.string(),
      value: z.union([z.number(), z.string()]).nullable(),
    }),
  ),
});
export type TraitPreview = z.infer<typeof TraitPreview>;
