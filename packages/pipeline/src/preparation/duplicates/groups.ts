/** A pair with its weight, the probability or anything that orders like it. */
export interface Edge {
  left: string;
  right: string;
  weight: number;
}

/** What a pair belongs to: the number of its group, and whether it would only join two groups that do not fit. */
export interface Grouped {
  group: number;
  /** How many records the group has. */
  size: number;
  bridge: boolean;
}

/**
 * Groups of records that are probably one person each. A chain A–B, B–C says nothing of A and C, so groups grow by
 * complete linkage: the surest pair first, two groups become one only where every record of the one was proposed with
 * every record of the other. A pair that would join groups which do not fit is a bridge: a person should look twice.
 * The result does not depend on the order of the pairs.
 *
 * @returns one for each pair, in their order
 * @example
 * groupsOf([{ left: 'a', right: 'b', weight: 9 }, { left: 'b', right: 'c', weight: 5 }])
 * // [{ group: 0, size: 2, bridge: false }, { group: 0, size: 2, bridge: true }]
 */
export function groupsOf(edges: readonly Edge[]): Grouped[] {
  const known = new Set(edges.map(({ left, right }) => keyOf(left, right)));
  const groups = new Map<string, string[]>();
  const groupOf = (id: string): string[] => {
    const alone = [id];
    const group = groups.get(id) ?? alone;
    if (group === alone) groups.set(id, alone);
    return group;
  };
  const order = edges.map((_, at) => at).sort((a, b) => compare(edges[a], edges[b]));
  for (const at of order) {
    const [one, other] = [groupOf(edges[at].left), groupOf(edges[at].right)];
    if (one === other || !one.every(a => other.every(b => known.has(keyOf(a, b))))) continue;
    const joined = [...one, ...other];
    for (const id of joined) groups.set(id, joined);
  }
  const numbers = new Map<readonly string[], number>();
  const numbered = new Map<number, number>();
  for (const at of order) {
    const group = groupOf(edges[at].left);
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    numbered.set(at, numbers.get(group) ?? 0);
  }
  return edges.map(({ left, right }, at) => {
    const group = groupOf(left);
    return { group: numbered.get(at) ?? 0, size: group.length, bridge: group !== groupOf(right) };
  });
}

const keyOf = (left: string, right: string): string =>
  JSON.stringify(left < right ? [left, right] : [right, left]);

function compare(a: Edge, b: Edge): number {
  if (a.weight !== b.weight) return b.weight - a.weight;
  const [one, other] = [keyOf(a.left, a.right), keyOf(b.left, b.right)];
  return one < other ? -1 : Number(one > other);
}
