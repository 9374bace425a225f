import { AppError, DAY, JourneyGraph, type JourneyNode, type Milliseconds } from '@bellwether/contracts';

export type EnterNode = Extract<JourneyNode, { kind: 'enter' }>;
export type EmailNode = Extract<JourneyNode, { kind: 'email' }>;

/** A graph that was found sound, ready to be walked. */
export interface CompiledJourney {
  graph: JourneyGraph;
  enter: EnterNode;
  nodes: ReadonlyMap<string, JourneyNode>;
}

/**
 * Checks a graph and makes it ready: node ids are unique, there is one way in, every `next` exists, every node can be
 * reached, every way ends or passes a wait, so that nobody turns in a circle without time going by.
 *
 * @throws AppError `journey.bad_graph`; its details name the faulty node
 */
export function compileJourney(raw: unknown): CompiledJourney {
  const parsed = JourneyGraph.safeParse(raw);
  if (!parsed.success) throw malformed(parsed.error.issues);
  const graph = parsed.data;
  const nodes = byId(graph.nodes);
  const enter = onlyEnter(graph.nodes);
  for (const node of graph.nodes) checkNext(node, nodes);
  checkReachable(enter, nodes);
  checkCircles(nodes);
  return { graph, enter, nodes };
}

/** Where a node leads, if anywhere. */
export const nextOf = (node: JourneyNode): string | undefined => ('next' in node ? node.next : undefined);

/** How long after arriving at a node it is evaluated. */
export const delayOf = (node: JourneyNode): Milliseconds => (node.kind === 'wait' ? node.days * DAY : 0);

function byId(list: readonly JourneyNode[]): Map<string, JourneyNode> {
  const nodes = new Map<string, JourneyNode>();
  for (const node of list) {
    if (nodes.has(node.id))
      throw fault(node.id, `two nodes are called "${node.id}"; each needs a name of its own`);
    nodes.set(node.id, node);
  }
  return nodes;
}

function onlyEnter(list: readonly JourneyNode[]): EnterNode {
  const [first, second] = list.filter(node => node.kind === 'enter');
  if (first === undefined)
    throw fault(list[0]?.id ?? '', 'the journey has no "enter" node, so nobody would come in');
  if (second !== undefined)
    throw fault(second.id, `"${second.id}" is a second way in beside "${first.id}"; a journey has one`);
  return first;
}

function checkNext(node: JourneyNode, nodes: ReadonlyMap<string, JourneyNode>): void {
  const next = nextOf(node);
  if (next === undefined) return;
  const target = nodes.get(next);
  if (target === undefined) throw fault(node.id, `"${node.id}" goes on to "${next}", which does not exist`);
  if (target.kind === 'enter')
    throw fault(node.id, `"${node.id}" goes back to the way in; go on to the node after it`);
}

function checkReachable(enter: EnterNode, nodes: ReadonlyMap<string, JourneyNode>): void {
  const reached = new Set<string>();
  for (let at: string | undefined = enter.id; at !== undefined && !reached.has(at);) {
    reached.add(at);
    at = nextOf(nodes.get(at)!); // `checkNext` has seen that it exists
  }
  const lost = [...nodes.keys()].find(id => !reached.has(id));
  if (lost !== undefined) throw fault(lost, `no way leads to "${lost}"`);
}

/** Follows the ways that take no time: one that meets itself would never end. */
function checkCircles(nodes: ReadonlyMap<string, JourneyNode>): void {
  for (const start of nodes.keys()) {
    const seen = new Set<string>();
    for (let at: string | undefined = start; at !== undefined && delayOf(nodes.get(at)!) === 0;) {
      if (seen.has(at))
        throw fault(at, `"${at}" leads back to itself without a wait; put one in, or lead to an exit`);
      seen.add(at);
      at = nextOf(nodes.get(at)!);
    }
  }
}

function malformed(issues: readonly { path: PropertyKey[]; message: string }[]): AppError {
  const [first] = issues;
  const where = first?.path.map(String).join('.') || 'the graph';
  return fault('', `${where} of the journey is not as it should be: ${first?.message ?? 'unreadable'}`);
}

function fault(node: string, sentence: string): AppError {
  return new AppError('journey.bad_graph', sentence, { details: { node } });
}
