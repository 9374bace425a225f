import { isAppError, type JourneyGraph, type JourneyNode } from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { twoMails } from '../testing/shop.ts';
import { armOf } from './arms.ts';
import { compileJourney, delayOf, nextOf } from './graph.ts';
import { walk } from './walk.ts';

const graph = (nodes: JourneyNode[]): JourneyGraph => ({ ...twoMails('everybody'), nodes });
const enter = (next: string): JourneyNode => ({ id: 'start', kind: 'enter', audience: 'a', next });
const email = (id: string, next: string): JourneyNode => ({ id, kind: 'email', template: 't', next });
const wait = (id: string, days: number, next: string): JourneyNode => ({ id, kind: 'wait', days, next });
const exit: JourneyNode = { id: 'end', kind: 'exit' };

test.each([
  ['has no way in', [email('mail', 'end'), exit], 'mail'],
  ['has two ways in', [enter('end'), { ...enter('end'), id: 'other' }, exit], 'other'],
  ['goes on to nowhere', [enter('mail'), email('mail', 'lost'), exit], 'mail'],
  ['goes back to the way in', [enter('mail'), email('mail', 'start'), exit], 'mail'],
  ['has a node that no way leads to', [enter('end'), email('island', 'end'), exit], 'island'],
  ['calls two nodes by one name', [enter('end'), exit, { ...exit }], 'end'],
  ['turns in a circle without time going by', [enter('a'), email('a', 'b'), wait('b', 0, 'a')], 'a'],
])('a journey that %s is refused, and the node named', (_, nodes, node) => {
  expect(() => compileJourney(graph(nodes))).toThrowError(
    expect.objectContaining({ code: 'journey.bad_graph', details: { node } }),
  );
});

test('a journey may turn in a circle that takes time', () => {
  const compiled = compileJourney(graph([enter('a'), email('a', 'b'), wait('b', 7, 'a')]));
  const { moved, messages } = walk(compiled, [{ id: 5, customer_id: 'c', node: 'b', visit: 8 }], 1_000);
  expect(messages.map(message => message.key)).toEqual(['5:a:9']);
  expect(moved).toEqual([
    { id: 5, customer_id: 'c', node: 'b', visit: 10, state: 'active', due: 1_000 + 7 * 86_400_000 },
  ]);
});

test('what is no graph at all is refused with the place of the fault', () => {
  for (const raw of [null, {}, { nodes: [] }, { ...twoMails('a'), holdout: 2 }])
    expect(() => compileJourney(raw)).toThrowError(expect.objectContaining({ code: 'journey.bad_graph' }));
});

/** Graphs of every kind: few names, so that they meet often. */
const anyGraph = fc.integer({ min: 2, max: 7 }).chain(size => {
  const name = fc.constantFrom(...Array.from({ length: size }, (_, i) => `n${i}`));
  const node = (id: string): fc.Arbitrary<JourneyNode> =>
    fc.oneof(
      { weight: 3, arbitrary: name.map(next => email(id, next)) },
      {
        weight: 3,
        arbitrary: fc.tuple(fc.constantFrom(0, 1), name).map(([days, next]) => wait(id, days, next)),
      },
      fc.constant<JourneyNode>({ id, kind: 'exit' }),
    );
  const rest = Array.from({ length: size - 1 }, (_, i) => node(`n${i + 1}`));
  return fc
    .tuple(
      name.map(next => ({ ...enter(next), id: 'n0' })),
      ...rest,
    )
    .map(nodes => graph(nodes));
});

/** The same rules said another way: by following the one path that leads in, as far as it goes. */
function isSound({ nodes }: JourneyGraph): boolean {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const path: JourneyNode[] = [];
  for (let at: JourneyNode | undefined = nodes[0]; at !== undefined;) {
    const again = path.indexOf(at);
    if (again >= 0) {
      const circle = path.slice(again);
      return path.length === nodes.length && again > 0 && circle.some(node => delayOf(node) > 0);
    }
    path.push(at);
    const next = nextOf(at);
    at = next === undefined ? undefined : byId.get(next);
  }
  return path.length === nodes.length && path.at(-1)?.kind === 'exit';
}

test('a graph is accepted exactly when it is sound, and a sound one can be walked to its end', () => {
  fc.assert(
    fc.property(anyGraph, raw => {
      let compiled;
      try {
        compiled = compileJourney(raw);
      } catch (error) {
        expect(isAppError(error, 'journey.bad_graph')).toBe(true);
        expect(isSound(raw)).toBe(false);
        return;
      }
      expect(isSound(raw)).toBe(true);
      const batch = [1, 2, 3].map(id => ({ id, customer_id: `c${id}`, node: 'n0', visit: 1 }));
      const { moved, messages, passed } = walk(compiled, batch, 0);
      expect(moved.map(traveller => traveller.id).sort()).toEqual([1, 2, 3]);
      expect(new Set(messages.map(message => message.key)).size).toBe(messages.length);
      expect(passed.get('n0')).toBe(3);
    }),
    { numRuns: 2_000 },
  );
});

test('an arm is the same for ever, close to its share, and independent of other journeys', () => {
  const customers = Array.from({ length: 20_000 }, (_, i) => `customer ${i}`);
  const heldOut = (salt: string) => customers.filter(id => armOf(salt, id, 0.2).arm === 'holdout');
  const [one, again, two] = [heldOut('one'), heldOut('one'), heldOut('two')];
  expect(again).toEqual(one);
  expect(Math.abs(one.length / 20_000 - 0.2)).toBeLessThan(0.012);
  const both = new Set(two);
  expect(Math.abs(one.filter(id => both.has(id)).length / 20_000 - 0.04)).toBeLessThan(0.007);
  expect(armOf('one', 'x', 0)).toEqual({ arm: 'treated', propensity: 1 });
});
