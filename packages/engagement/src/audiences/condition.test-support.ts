import {
  CUSTOMER_FIELDS,
  DAY,
  TESTS_OF,
  type Condition,
  type CustomerField,
  type Leaf,
} from '@bellwether/contracts';
import fc from 'fast-check';
import type { Person } from './condition.ts';

/** Days are counted back from here. */
export const NOW = Date.UTC(2026, 5, 1, 12);
const EVENTS = ['Product Viewed', 'Product Added', 'Email Opened'];
const PRODUCTS = ['tea', 'cup', 'pot'];
const WORDS = ['red', 'Red tea', '茶', 'x'];

/** Every second one lies whole days ago, where windows begin and end. */
const moment = fc
  .oneof(
    fc.integer({ min: -40 * 24, max: 2 * 24 }),
    fc.integer({ min: -40, max: 0 }).map(days => 24 * days),
  )
  .map(hours => NOW + hours * (DAY / 24));
const jsonValue = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: 0, max: 4 }),
  fc.boolean(),
  fc.constant(null),
  moment.map(at => new Date(at).toISOString()),
);
const properties = fc.dictionary(fc.constantFrom('colour', 'price', 'on'), jsonValue, { maxKeys: 3 });

const textField = fc.constantFrom('', ...WORDS);
const numberField = fc.option(fc.integer({ min: 0, max: 4 }));
const momentField = fc.option(moment.map(at => new Date(at).toISOString()));
const fields = fc.record({
  country: textField,
  name: textField,
  age: numberField,
  last_order_at: momentField,
});

const person = fc.record({
  fields,
  traits: properties,
  events: fc.array(fc.record({ name: fc.constantFrom(...EVENTS), at: moment, properties }), { maxLength: 8 }),
  sales: fc.array(
    fc.record({
      order: fc.constantFrom('o1', 'o2', 'o3'),
      product: fc.constantFrom(...PRODUCTS),
      amount: fc.integer({ min: 1, max: 20 }),
      at: moment,
    }),
    { maxLength: 5 },
  ),
  scores: fc.uniqueArray(
    fc.record({
      scenario: fc.constantFrom('buys', 'leaves'),
      probability: fc.integer({ min: 0, max: 10 }).map(n => n / 10),
      chosen: fc.boolean(),
    }),
    { maxLength: 2, selector: score => score.scenario },
  ),
  audiences: fc.subarray(['vip', 'new']),
});
export const people = fc.array(person, { minLength: 4, maxLength: 8 }).map(list =>
  list.map((one, n): Person => ({
    ...one,
    id: `c${n}`,
    events: one.events.map((event, k) => ({ ...event, id: `c${n}e${k}` })),
  })),
);

const number = fc.integer({ min: 0, max: 4 });
const days = fc.integer({ min: 0, max: 40 });
const TESTS = {
  is: fc.record({
    op: fc.constant('is' as const),
    value: fc.oneof(fc.constantFrom(...WORDS), number, fc.boolean()),
  }),
  is_not: fc.record({
    op: fc.constant('is_not' as const),
    value: fc.oneof(fc.constantFrom(...WORDS), number),
  }),
  one_of: fc.record({
    op: fc.constant('one_of' as const),
    values: fc.array(fc.oneof(fc.constantFrom(...WORDS), number), { minLength: 1, maxLength: 3 }),
  }),
  contains: fc.record({ op: fc.constant('contains' as const), text: fc.constantFrom('RED', '茶', 'tea') }),
  at_least: fc.record({ op: fc.constant('at_least' as const), number }),
  at_most: fc.record({ op: fc.constant('at_most' as const), number }),
  between: fc.record({ op: fc.constant('between' as const), low: number, high: number }),
  within_days: fc.record({ op: fc.constant('within_days' as const), days }),
  before_days: fc.record({ op: fc.constant('before_days' as const), days }),
  known: fc.constant({ op: 'known' as const }),
  unknown: fc.constant({ op: 'unknown' as const }),
};
const anyTest = fc.oneof(...Object.values(TESTS));

const pattern = fc.record({
  event: fc.constantFrom(...EVENTS),
  where: fc.array(fc.record({ property: fc.constantFrom('colour', 'price', 'on'), test: anyTest }), {
    maxLength: 2,
  }),
});
const window = fc.option(days, { nil: undefined }).map(each => (each === undefined ? {} : { days: each }));

const field: fc.Arbitrary<Leaf> = fc
  .constantFrom<CustomerField>('country', 'name', 'age', 'last_order_at')
  .chain(name =>
    fc
      .oneof(...TESTS_OF[CUSTOMER_FIELDS[name]].map(op => TESTS[op]))
      .map(asked => ({ kind: 'field' as const, field: name, test: asked })),
  );
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  field,
  fc.record({
    kind: fc.constant('trait' as const),
    trait: fc.constantFrom('colour', 'price', 'on'),
    test: anyTest,
  }),
  fc
    .tuple(
      pattern,
      fc.constantFrom('at_least' as const, 'at_most' as const),
      fc.integer({ min: 0, max: 3 }),
      window,
    )
    .map(([event, op, times, span]) => ({ kind: 'event' as const, ...event, times: { op, times }, ...span })),
  fc
    .tuple(fc.array(pattern, { minLength: 2, maxLength: 3 }), days, window)
    .map(([steps, within_days, span]) => ({ kind: 'sequence' as const, steps, within_days, ...span })),
  fc
    .tuple(
      fc.constantFrom('count' as const, 'amount' as const),
      fc.subarray(PRODUCTS),
      fc.constantFrom('at_least' as const, 'at_most' as const),
      fc.integer({ min: -1, max: 20 }),
      window,
    )
    .map(([measure, products, op, limit, span]) => ({
      kind: 'orders' as const,
      ...{ measure, products, test: { op, number: limit }, ...span },
    })),
  fc.record({
    kind: fc.constant('score' as const),
    scenario: fc.constantFrom('buys', 'none'),
    at_least: fc.constantFrom(0, 0.3, 0.7),
    at_most: fc.constantFrom(0.3, 1),
    chosen_only: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('member' as const), audience: fc.constantFrom('vip', 'lost') }),
  fc.record({
    kind: fc.constant('random' as const),
    share: fc.constantFrom(0, 0.3, 0.8, 1),
    salt: fc.constantFrom('', 'a'),
  }),
);
export const condition = fc.letrec<{ tree: Condition }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constant('all' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('any' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
  ),
})).tree;
