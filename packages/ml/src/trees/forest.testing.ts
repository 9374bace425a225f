import type { Rng } from '../random/rng.ts';
import { tableOf, type Table } from '../table.ts';
import type { Forest } from './forest.ts';

/** A forest of random questions: columns may be asked twice on a path, the first `categorical` of them by sets. */
export function randomForestOf(
  rng: Rng,
  shape: { trees: number; columns: number; categorical: number; depth: number; width?: number },
): Forest {
  const { trees, columns, categorical, depth, width = 1 } = shape;
  const nodes: Record<
    'feature' | 'threshold' | 'set' | 'left' | 'right' | 'missingLeft' | 'cover',
    number
  >[] = [];
  const sets: number[] = [];
  const grow = (left: number, cover: number): number => {
    const at = nodes.length;
    const isLeaf = left === 0 || (left < depth && rng.uniform() < 0.2);
    const feature = isLeaf ? -1 : rng.integer(columns);
    const isSet = feature >= 0 && feature < categorical;
    const missingLeft = rng.integer(2);
    nodes.push({ feature, threshold: rng.normal(), set: -1, left: -1, right: -1, missingLeft, cover });
    if (isSet) {
      nodes[at].set = sets.length;
      sets.push(rng.bits(), rng.bits());
    }
    if (isLeaf) return at;
    const share = rng.uniform() < 0.1 ? 0 : rng.uniform();
    nodes[at].left = grow(left - 1, cover * share);
    nodes[at].right = grow(left - 1, cover * (1 - share));
    return at;
  };
  const roots = Uint32Array.from({ length: trees }, () => grow(depth, 100));
  const of = (key: keyof (typeof nodes)[number]): number[] => nodes.map(node => node[key]);
  return {
    roots,
    output: new Uint32Array(trees),
    width,
    outputs: width,
    feature: Int32Array.from(of('feature')),
    threshold: Float32Array.from(of('threshold')),
    set: Int32Array.from(of('set')),
    sets: Uint32Array.from(sets),
    setWords: Uint32Array.from({ length: columns }, (_, j) => (j < categorical ? 2 : 0)),
    left: Int32Array.from(of('left')),
    right: Int32Array.from(of('right')),
    missingLeft: Uint8Array.from(of('missingLeft')),
    value: Float64Array.from({ length: nodes.length * width }, () => rng.normal()),
    cover: Float64Array.from(of('cover')),
  };
}

/** Rows for it, with holes, and with categories beyond the two words of its sets. */
export function randomRowsFor(rng: Rng, rows: number, columns: number, categorical: number): Table {
  const value = (j: number): number =>
    rng.uniform() < 0.15 ? NaN : j < categorical ? rng.integer(70) : rng.normal();
  const entries = Array.from({ length: columns }, (_, j): [string, Float32Array] => [
    `x${j}`,
    Float32Array.from({ length: rows }, () => value(j)),
  ]);
  return tableOf(Object.fromEntries(entries));
}
