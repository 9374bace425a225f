import { AppError, JourneyGraph, waysOf, type JourneyNode } from '@bellwether/contracts';

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
  for (const node of graph.nodes) checkWays(node, nodes);
  checkReachable(enter, nodes);
  checkCircles(nodes);
  return { graph, enter, nodes };
}

/** Whether who arrives at a node stays for a while. */
export function takesTime(node: JourneyNode): boolean {
  return node.kind === 'wait' ? node.days > 0 : node.kind === 'wait_until' || node.kind === 'wait_event';
}

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

function checkWays(node: JourneyNode, nodes: ReadonlyMap<string, JourneyNode>): void {
  for (const way of waysOf(node)) {
    const target = nodes.get(way);
    if (target === undefined) throw fault(node.id, `"${node.id}" goes on to "${way}", which does not exist`);
    if (target.kind === 'enter')
      throw fault(node.id, `"${node.id}" goes back to the way in; go on to the node after it`);
  }
  if (node.kind === 'split') checkShares(node);
}

function checkShares({ id, ways }: Extract<JourneyNode, { kind: 'split' }>): void {
  const sum = ways.reduce((total, way) => total + way.share, 0);
  if (Math.abs(sum - 1) > 1e-6)
    throw fault(id, `the shares of "${id}" sum to ${Number(sum.toFixed(4))}; they must sum to 1`);
}

function checkReachable(enter: EnterNode, nodes: ReadonlyMap<string, JourneyNode>): void {
  const reached = new Set<string>();
  const waiting = [enter.id];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    waiting.push(...waysOf(nodes.get(at)!)); // `checkWays` has seen that they exist
  }
  const lost = [...nodes.keys()].find(id => !reached.has(id));
  if (lost !== undefined) throw fault(lost, `no way leads to "${lost}"`);
}

/** Follows the ways that take no time, depth first: one that meets itself would never end. */
function checkCircles(nodes: ReadonlyMap<string, JourneyNode>): void {
  const done = new Set<string>();
  const open = new Set<string>();
  const follow = (id: string): void => {
    const node = nodes.get(id)!;
    if (done.has(id) || takesTime(node)) return;
    if (open.has(id))
      throw fault(id, `"${id}" leads back to itself without a wait; put one in, or lead to an exit`);
    open.add(id);
    waysOf(node).forEach(follow);
    open.delete(id);
    done.add(id);
  };
  [...nodes.keys()].forEach(follow);
}

function malformed(issues: readonly { path: PropertyKey[]; message: string }[]): AppError {
  const [first] = issues;
  const where = first?.path.map(String).join('.') || 'the graph';
  return fault('', `${where} of the journey is not as it should be: ${first?.message ?? 'unreadable'}`);
}

function fault(node: string, sentence: string): AppError {
  return new AppError('journey.bad_graph', sentence, { details: { node } });
}
