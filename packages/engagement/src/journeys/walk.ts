import type { JourneyNode, Milliseconds } from '@bellwether/contracts';
import type { EnrolmentState } from '@bellwether/records';
import { delayOf, nextOf, type CompiledJourney, type EmailNode } from './graph.ts';

/** Somebody in a journey: where they stand and how many steps they took. */
export interface Traveller {
  id: number;
  customer_id: string;
  node: string;
  visit: number;
}

/** Where a batch got to in one go, what it asked to be sent, and how many went through each node. */
export interface Walk {
  moved: (Traveller & { state: EnrolmentState; due: Milliseconds })[];
  messages: { key: string; enrolment: number; customer_id: string; node: EmailNode }[];
  passed: Map<string, number>;
}

/**
 * Takes a batch of travellers, all due, as far as they can go now: node by node, a node for everybody who stands on it
 * at once, until each waits or has left. A compiled journey has no circle without a wait, so this ends.
 */
export function walk(journey: CompiledJourney, batch: readonly Traveller[], now: Milliseconds): Walk {
  const result: Walk = { moved: [], messages: [], passed: new Map() };
  for (let due = groupByNode(batch); due.size > 0;) {
    const arrived: Traveller[] = [];
    for (const [id, group] of due) arrived.push(...step(journey, nodeOf(journey, id), group, now, result));
    due = groupByNode(arrived);
  }
  return result;
}

/** Evaluates one node for its whole group. @returns those who stand on a node that is due at once */
function step(
  journey: CompiledJourney,
  node: JourneyNode,
  group: readonly Traveller[],
  now: Milliseconds,
  result: Walk,
): Traveller[] {
  result.passed.set(node.id, (result.passed.get(node.id) ?? 0) + group.length);
  if (node.kind === 'email') result.messages.push(...group.map(traveller => messageOf(traveller, node)));
  const next = nextOf(node);
  if (next === undefined) {
    result.moved.push(...group.map(traveller => ({ ...traveller, state: 'done' as const, due: now })));
    return [];
  }
  const delay = delayOf(nodeOf(journey, next));
  const arrived = group.map(traveller => ({ ...traveller, node: next, visit: traveller.visit + 1 }));
  if (delay === 0) return arrived;
  result.moved.push(
    ...arrived.map(traveller => ({ ...traveller, state: 'active' as const, due: now + delay })),
  );
  return [];
}

/** The key names enrolment, node and visit: however often the step is repeated, it asks for one message. */
function messageOf({ id, customer_id, visit }: Traveller, node: EmailNode): Walk['messages'][number] {
  return { key: `${id}:${node.id}:${visit}`, enrolment: id, customer_id, node };
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
