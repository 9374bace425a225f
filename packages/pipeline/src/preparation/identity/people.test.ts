import fc from 'fast-check';
import { expect, test } from 'vitest';
import { People, type Link } from './people.ts';

const customersOf = (
  links: readonly Link[],
  merges: readonly Link[] = [],
): Record<string, [string, number]> => {
  const people = new People();
  for (const link of links) people.link(link);
  return Object.fromEntries(
    [...people.memberships(merges)].map(({ alias, customer, linkedAt }) => [alias, [customer, linkedAt]]),
  );
};

test('a person goes by the id that no other replaced, since the moment at which that was told', () => {
  const links = [
    { from: 'old', to: 'new', at: 10 },
    { from: 'new', to: 'newest', at: 20 },
  ];
  expect(customersOf(links)).toEqual({ old: ['newest', 20], new: ['newest', 20], newest: ['newest', 0] });
});

test('two ids that replace each other go by the first', () => {
  const links = [
    { from: 'a', to: 'b', at: 1 },
    { from: 'b', to: 'a', at: 2 },
  ];
  expect(customersOf(links)).toEqual({ a: ['a', 0], b: ['a', 1] });
});

test('of two people merged by hand the winner stays, whatever ids the loser had', () => {
  const links = [{ from: 'b-old', to: 'b', at: 5 }];
  const merged = customersOf(links, [{ from: 'b', to: 'a', at: 9 }]);
  expect(merged).toEqual({ a: ['a', 0], b: ['a', 9], 'b-old': ['a', 9] });
});

test('a merge taken back leaves what was there before', () => {
  const links = [{ from: 'b-old', to: 'b', at: 5 }];
  expect(customersOf(links, [])).toEqual({ 'b-old': ['b', 5], b: ['b', 0] });
});

const link = fc.record({ from: fc.nat(30).map(String), to: fc.nat(30).map(String) });
const links = fc.array(link, { maxLength: 60 }).map(all => all.map((one, at) => ({ ...one, at: at + 1 })));

test('two ids are one person exactly when a chain of links joins them, since the last link that was needed', () => {
  fc.assert(
    fc.property(links, all => {
      const customers = customersOf(all);
      for (const [alias, [customer, linkedAt]] of Object.entries(customers)) {
        expect(reached(alias, all)).toContain(customer);
        expect(linkedAt).toBe(firstJoined(alias, customer, all));
        for (const other of reached(alias, all)) expect(customers[other]?.[0]).toBe(customer);
      }
    }),
  );
});

/** By walking the links, as far as they had been told by then. */
function reached(start: string, all: readonly Link[]): Set<string> {
  const seen = new Set([start]);
  for (let size = 0; size !== seen.size;) {
    size = seen.size;
    for (const { from, to } of all) {
      if (seen.has(from)) seen.add(to);
      if (seen.has(to)) seen.add(from);
    }
  }
  return seen;
}

function firstJoined(alias: string, customer: string, all: readonly Link[]): number {
  for (let told = 0; told <= all.length; told++)
    if (reached(alias, all.slice(0, told)).has(customer)) return told;
  return Infinity;
}
