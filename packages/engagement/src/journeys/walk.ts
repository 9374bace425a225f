import { DAY, type Condition, type JourneyNode, type Milliseconds } from '@bellwether/contracts';
import type { EnrolmentState, LeftBecause } from '@bellwether/records';
import { position } from './arms.ts';
import type { CompiledJourney, EmailNode } from './graph.ts';
import { nextLocal } from './local-time.ts';

/** Somebody in a journey: where they stand and how many steps they took. */
export interface Traveller {
  id: number;
  customer_id: string;
  node: string;
  visit: number;
  /** What they waited for has happened. */
  woken: boolean;
}

/** What a walk asks about its travellers, for all who stand on a node at once. */
export interface Knowledge {
  /** Of these customers, those for whom the condition holds. */
  holds(condition: Condition, customers: readonly string[]): Promise<ReadonlySet<string>>;
  /** Their time zones, as far as they are known. */
  zones(customers: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** A traveller after the walk. */
export type Moved = Omit<Traveller, 'woken'> & {
  state: EnrolmentState;
  because: LeftBecause;
  due: Milliseconds;
};

/** A way drawn by chance, with the probability with which it was drawn. */
export interface Drawn {
  traveller: Traveller;
  node: string;
  way: string;
  propensity: number;
}

/** Where a batch got to in one go, what it asked to be sent, and how many went through each node. */
export interface Walk {
  moved: Moved[];
  messages: { key: string; enrolment: number; customer_id: string; node: EmailNode }[];
  drawn: Drawn[];
  passed: Map<string, number>;
}

interface Walking {
  /** Salts what is drawn by chance. */
  id: string;
  journey: CompiledJourney;
  now: Milliseconds;
  knowledge: Knowledge;
  result: Walk;
}

/**
 * Takes a batch of travellers, all due, as far as they can go now: node by node, a node for everybody who stands on it
 * at once, until each waits or has left. A compiled journey has no circle without a wait, so this ends.
 */
export async function walk(
  { id, ...journey }: CompiledJourney & { id: string },
  batch: readonly Traveller[],
  now: Milliseconds,
  knowledge: Knowledge,
): Promise<Walk> {
  const result: Walk = { moved: [], messages: [], drawn: [], passed: new Map() };
  const walking = { id, journey, now, knowledge, result };
  const staying = await whoStays(walking, batch);
  for (let due = groupByNode(staying); due.size > 0;) {
    const arrived: Traveller[] = [];
    for (const [node, group] of due) arrived.push(...(await step(walking, nodeOf(journey, node), group)));
    due = groupByNode(arrived);
  }
  return result;
}

/** Those who came to the goal are through, those whom the journey no longer concerns leave, before the next step. */
async function whoStays(walking: Walking, batch: readonly Traveller[]): Promise<readonly Traveller[]> {
  const { goal, exit_when } = walking.journey.graph;
  const afterGoal = goal === undefined ? batch : await leave(walking, batch, goal, 'goal');
  return exit_when === undefined ? afterGoal : leave(walking, afterGoal, exit_when, 'exit_when');
}

async function leave(
  { knowledge, now, result }: Walking,
  batch: readonly Traveller[],
  condition: Condition,
  because: 'goal' | 'exit_when',
): Promise<Traveller[]> {
  const leaving = await knowledge.holds(condition, customersOf(batch));
  const state = because === 'goal' ? ('done' as const) : ('exited' as const);
  for (const { woken: _, ...traveller } of batch)
    if (leaving.has(traveller.customer_id)) result.moved.push({ ...traveller, state, because, due: now });
  return batch.filter(traveller => !leaving.has(traveller.customer_id));
}

/** Evaluates one node for its whole group. @returns those who stand on a node that is due at once */
async function step(walking: Walking, node: JourneyNode, group: readonly Traveller[]): Promise<Traveller[]> {
  const { result, now } = walking;
  result.passed.set(node.id, (result.passed.get(node.id) ?? 0) + group.length);
  if (node.kind === 'exit') {
    for (const { woken: _, ...traveller } of group)
      result.moved.push({ ...traveller, state: 'done', because: 'exit', due: now });
    return [];
  }
  if (node.kind === 'email') result.messages.push(...group.map(traveller => messageOf(traveller, node)));
  return arrive(walking, await chosenWays(walking, node, group));
}

type Leading = Exclude<JourneyNode, { kind: 'exit' }>;

/** Which way each of a group goes on. */
async function chosenWays(
  walking: Walking,
  node: Leading,
  group: readonly Traveller[],
): Promise<[Traveller, way: string][]> {
  switch (node.kind) {
    case 'branch': {
      const yes = await walking.knowledge.holds(node.when, customersOf(group));
      return group.map(traveller => [traveller, yes.has(traveller.customer_id) ? node.yes : node.no]);
    }
    case 'split':
      return group.map(traveller => [traveller, drawWay(walking, node, traveller)]);
    case 'wait_event':
      return group.map(traveller => [traveller, traveller.woken ? node.next : node.timeout]);
    default:
      return group.map(traveller => [traveller, node.next]);
  }
}

/** By a hash of journey, node and customer: the same after a crash, and independent of other splits. */
function drawWay(
  { id, result }: Walking,
  { id: node, ways }: Extract<JourneyNode, { kind: 'split' }>,
  traveller: Traveller,
): string {
  const at = position(`${id}:${node}`, traveller.customer_id);
  let sum = 0;
  const drawn = ways.find(way => (sum += way.share) > at) ?? ways[ways.length - 1]; // a split has ways
  result.drawn.push({ traveller, node, way: drawn.next, propensity: drawn.share });
  return drawn.next;
}

/** Puts each on the node that they go on to. @returns those who are due there at once */
async function arrive(
  walking: Walking,
  going: readonly (readonly [Traveller, string])[],
): Promise<Traveller[]> {
  const { journey, now, result } = walking;
  const arrived = going.map(([traveller, node]) => ({
    ...traveller,
    ...{ node, visit: traveller.visit + 1, woken: false },
  }));
  const zones = await zonesFor(walking, arrived);
  return arrived.filter(({ woken: _, ...traveller }) => {
    const due = dueAt(nodeOf(journey, traveller.node), now, zones.get(traveller.customer_id) ?? '');
    if (due > now) result.moved.push({ ...traveller, state: 'active', because: '', due });
    return due <= now;
  });
}

/** Asked only where somebody waits for the clock of where they are. */
async function zonesFor(
  { journey, knowledge }: Walking,
  arrived: readonly Traveller[],
): Promise<ReadonlyMap<string, string>> {
  const waiting = arrived.filter(({ node }) => nodeOf(journey, node).kind === 'wait_until');
  return waiting.length === 0 ? new Map() : knowledge.zones(customersOf(waiting));
}

/** When a node that is arrived at now is to be evaluated. */
function dueAt(node: JourneyNode, now: Milliseconds, zone: string): Milliseconds {
  switch (node.kind) {
    case 'wait':
      return now + node.days * DAY;
    case 'wait_event':
      return now + node.within_days * DAY;
    case 'wait_until':
      return nextLocal(now, zone, node);
    default:
      return now;
  }
}

/** The key names enrolment, node and visit: however often the step is repeated, it asks for one message. */
function messageOf({ id, customer_id, visit }: Traveller, node: EmailNode): Walk['messages'][number] {
  return { key: `${id}:${node.id}:${visit}`, enrolment: id, customer_id, node };
}

function customersOf(group: readonly Traveller[]): string[] {
  return group.map(traveller => traveller.customer_id);
}

function groupByNode(batch: readonly Traveller[]): Map<string, Traveller[]> {
  const groups = new Map<string, Traveller[]>();
  for (const traveller of batch) {
    const group = groups.get(traveller.node);
    if (group === undefined) groups.set(traveller.node, [traveller]);
    else group.push(traveller);
  }
  return groups;
}

function nodeOf(journey: CompiledJourney, id: string): JourneyNode {
  // enrolments point into the version that they were enrolled in, and its graph was compiled
  return journey.nodes.get(id)!;
}
