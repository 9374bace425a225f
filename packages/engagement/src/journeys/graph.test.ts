import {
  DAY,
  isAppError,
  waysOf,
  type Condition,
  type JourneyGraph,
  type JourneyNode,
} from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { twoMails } from '../testing/shop.ts';
import { armOf } from './arms.ts';
import { compileJourney, takesTime } from './graph.ts';
import { walk, type Knowledge } from './walk.ts';

const graph = (nodes: JourneyNode[]): JourneyGraph => ({ ...twoMails('everybody'), nodes });
const enter = (next: string): JourneyNode => ({ id: 'start', kind: 'enter', audience: 'a', next });
const email = (id: string, next: string): JourneyNode => ({ id, kind: 'email', template: 't', next });
const wait = (id: string, days: number, next: string): JourneyNode => ({ id, kind: 'wait', days, next });
const IN_CHINA: Condition = { kind: 'field', field: 'country', test: { op: 'is', value: 'China' } };
const branch = (id: string, yes: string, no: string): JourneyNode => ({
  ...{ id, kind: 'branch', when: IN_CHINA, yes, no },
});
const split = (id: string, ...ways: [share: number, next: string][]): JourneyNode => ({
  ...{ id, kind: 'split', ways: ways.map(([share, next]) => ({ share, next })) },
});
const waitEvent = (id: string, next: string, timeout: string): JourneyNode => ({
  ...{ id, kind: 'wait_event', event: 'Order Completed', where: [], within_days: 3, next, timeout },
});
/** Everybody whose number is even is in China, and lives there. */
const EVEN: Knowledge = {
  holds: async (_, customers) => new Set(customers.filter(id => Number(id.slice(1)) % 2 === 0)),
  zones: async customers => new Map(customers.map(id => [id, 'Asia/Shanghai'])),
};
const traveller = (id: number, node: string, visit = 1) => ({
  ...{ id, customer_id: `c${id}`, node, visit, woken: false },
});
const exit: JourneyNode = { id: 'end', kind: 'exit' };

test.each([
  ['has no way in', [email('mail', 'end'), exit], 'mail'],
  ['has two ways in', [enter('end'), { ...enter('end'), id: 'other' }, exit], 'other'],
  ['goes on to nowhere', [enter('mail'), email('mail', 'lost'), exit], 'mail'],
  ['goes back to the way in', [enter('mail'), email('mail', 'start'), exit], 'mail'],
  ['has a node that no way leads to', [enter('end'), email('island', 'end'), exit], 'island'],
  ['calls two nodes by one name', [enter('end'), exit, { ...exit }], 'end'],
  ['splits into more than all', [enter('two'), split('two', [0.7, 'end'], [0.7, 'end']), exit], 'two'],
  ['goes on to nowhere when it branches', [enter('if'), branch('if', 'end', 'lost'), exit], 'if'],
  [
    'turns in a circle by one of its ways',
    [enter('if'), branch('if', 'end', 'mail'), email('mail', 'if'), exit],
    'if',
  ],
  ['turns in a circle without time going by', [enter('a'), email('a', 'b'), wait('b', 0, 'a')], 'a'],
])('a journey that %s is refused, and the node named', (_, nodes, node) => {
  expect(() => compileJourney(graph(nodes))).toThrowError(
    expect.objectContaining({ code: 'journey.bad_graph', details: { node } }),
  );
});

test('a journey may turn in a circle that takes time', async () => {
  const compiled = compileJourney(graph([enter('a'), email('a', 'b'), wait('b', 7, 'a')]));
  const { moved, messages } = await walk({ ...compiled, id: 'j' }, [traveller(5, 'b', 8)], 1_000, EVEN);
  expect(messages.map(message => message.key)).toEqual(['5:a:9']);
  expect(moved).toEqual([
    { id: 5, customer_id: 'c5', node: 'b', visit: 10, state: 'active', because: '', due: 1_000 + 7 * DAY },
  ]);
});

test('a branch parts those for whom it holds from the others; a wait for an event, those who did it', async () => {
  const journey = compileJourney(
    graph([
      ...[enter('if'), branch('if', 'wait', 'end'), waitEvent('wait', 'mail', 'end')],
      ...[email('mail', 'end'), exit],
    ]),
  );
  const first = await walk(
    { ...journey, id: 'j' },
    [1, 2, 4].map(id => traveller(id, 'if')),
    0,
    EVEN,
  );
  expect(first.moved.map(({ id, node, state, due }) => [id, node, state, due])).toEqual([
    [2, 'wait', 'active', 3 * DAY],
    [4, 'wait', 'active', 3 * DAY],
    [1, 'end', 'done', 0],
  ]);
  const waiting = [{ ...traveller(2, 'wait'), woken: true }, traveller(4, 'wait')];
  const second = await walk({ ...journey, id: 'j' }, waiting, DAY, EVEN);
  expect(second.messages.map(message => message.customer_id)).toEqual(['c2']);
  expect(second.moved.map(({ state }) => state)).toEqual(['done', 'done']);
});

test('a split draws each way with its share, the same for ever, and tells with which probability', async () => {
  const journey = {
    ...compileJourney(
      graph([enter('two'), split('two', [0.2, 'mail'], [0.8, 'end']), email('mail', 'end'), exit]),
    ),
    id: 'j',
  };
  const batch = Array.from({ length: 10_000 }, (_, id) => traveller(id, 'two'));
  const [one, again] = [await walk(journey, batch, 0, EVEN), await walk(journey, batch, 0, EVEN)];
  expect(again.drawn).toEqual(one.drawn);
  expect(Math.abs(one.messages.length / 10_000 - 0.2)).toBeLessThan(0.015);
  expect(one.drawn.every(({ way, propensity }) => propensity === (way === 'mail' ? 0.2 : 0.8))).toBe(true);
});

test('who came to the goal, or no longer belongs, leaves before the next step', async () => {
  const nodes = graph([enter('mail'), email('mail', 'end'), exit]);
  for (const [asked, state, because] of [
    [{ goal: IN_CHINA }, 'done', 'goal'],
    [{ exit_when: IN_CHINA }, 'exited', 'exit_when'],
  ] as const) {
    const journey = { ...compileJourney({ ...nodes, ...asked }), id: 'j' };
    const { moved, messages } = await walk(journey, [traveller(1, 'mail'), traveller(2, 'mail')], 0, EVEN);
    expect(messages.map(message => message.customer_id)).toEqual(['c1']);
    expect(moved.find(({ id }) => id === 2)).toMatchObject({ state, because });
  }
});

test('what is no graph at all is refused with the place of the fault', () => {
  for (const raw of [null, {}, { nodes: [] }, { ...twoMails('a'), holdout: 2 }])
    expect(() => compileJourney(raw)).toThrowError(expect.objectContaining({ code: 'journey.bad_graph' }));
});

/** Graphs of every kind: few names, so that they meet often. */
const anyGraph = fc.integer({ min: 2, max: 6 }).chain(size => {
  const name = fc.constantFrom(...Array.from({ length: size }, (_, i) => `n${i}`));
  const node = (id: string): fc.Arbitrary<JourneyNode> =>
    fc.oneof(
      name.map(next => email(id, next)),
      fc.tuple(fc.constantFrom(0, 1), name).map(([days, next]) => wait(id, days, next)),
      fc.tuple(name, name).map(([yes, no]) => branch(id, yes, no)),
      fc.tuple(name, name).map(([one, two]) => split(id, [0.5, one], [0.5, two])),
      fc.tuple(name, name).map(([next, timeout]) => waitEvent(id, next, timeout)),
      { weight: 2, arbitrary: fc.constant<JourneyNode>({ id, kind: 'exit' }) },
    );
  const rest = Array.from({ length: size - 1 }, (_, i) => node(`n${i + 1}`));
  return fc
    .tuple(
      name.map(next => ({ ...enter(next), id: 'n0' })),
      ...rest,
    )
    .map(nodes => graph(nodes));
});

/** The same rules said another way: by which nodes lead to which, over any number of steps. */
function isSound({ nodes }: JourneyGraph): boolean {
  const leads = closure(nodes, () => true);
  const atOnce = closure(nodes, node => !takesTime(node));
  return (
    nodes.every(node => !waysOf(node).includes('n0')) &&
    nodes.every(({ id }) => id === 'n0' || leads.has(`n0 ${id}`)) &&
    nodes.every(({ id }) => !atOnce.has(`${id} ${id}`))
  );
}

/** Pairs of nodes of which one leads to the other over nodes of a kind (Warshall's algorithm). */
function closure(nodes: readonly JourneyNode[], among: (node: JourneyNode) => boolean): Set<string> {
  const kept = nodes.filter(among);
  const ids = new Set(kept.map(({ id }) => id));
  const pairs = new Set(
    kept.flatMap(node => waysOf(node).flatMap(way => (ids.has(way) ? [`${node.id} ${way}`] : []))),
  );
  for (const k of ids)
    for (const i of ids)
      for (const j of ids) if (pairs.has(`${i} ${k}`) && pairs.has(`${k} ${j}`)) pairs.add(`${i} ${j}`);
  return pairs;
}

test('a graph is accepted exactly when it is sound, and a sound one can be walked to its end', async () => {
  await fc.assert(
    fc.asyncProperty(anyGraph, async raw => {
      let compiled;
      try {
        compiled = compileJourney(raw);
      } catch (error) {
        expect(isAppError(error, 'journey.bad_graph')).toBe(true);
        expect(isSound(raw)).toBe(false);
        return;
      }
      expect(isSound(raw)).toBe(true);
      const batch = [1, 2, 3].map(id => traveller(id, 'n0'));
      const { moved, messages, passed } = await walk({ ...compiled, id: 'j' }, batch, 0, EVEN);
      expect(moved.map(each => each.id).sort()).toEqual([1, 2, 3]);
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
