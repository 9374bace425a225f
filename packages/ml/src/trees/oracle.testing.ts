import { readFileSync } from 'node:fs';
import type { Table } from '../table.ts';
import type { Forest } from './forest.ts';

type Column = (number | null)[];

interface ForestLists {
  roots: number[];
  feature: number[];
  threshold: number[];
  set: number[];
  sets: number[];
  left: number[];
  right: number[];
  missingLeft: number[];
  value: number[];
  cover: number[];
}

interface Explanation {
  x: Column[];
  forest: ForestLists;
  prediction: number[];
  base: number;
  shap: number[];
}

/** What `oracles/trees.py` wrote. */
interface TreesOracle {
  trees: {
    x: Column[];
    binary: number[];
    classes: number[];
    numbers: number[];
    weights: number[];
    cases: Record<
      string,
      {
        parameters: Record<string, never>;
        questions: [number, number][];
        told: number[];
        importances: number[];
      }
    >;
    path: { alphas: number[]; impurities: number[] };
  };
  forests: {
    x: Column[];
    binary: number[];
    classes: number[];
    numbers: number[];
    train: number;
    auc: number;
    accuracy: number;
    r2: number;
  };
  explanations: Explanation & {
    target: number[];
    at: number[];
    one: number[];
    two: number[];
    importance: { mean: number[]; deviation: number[] };
  };
  boosted: Explanation & { setWords: number[] };
}

// the file is ours, written by the script beside it
export const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/trees.json', import.meta.url), 'utf8'),
) as TreesOracle;

export function tableFrom(x: readonly Column[]): Table {
  const columns = x.map(column => Float32Array.from(column, value => value ?? NaN));
  return { names: columns.map((_, j) => `x${j}`), rows: columns[0].length, columns };
}

export function forestOf(lists: ForestLists, setWords: readonly number[]): Forest {
  return {
    roots: Uint32Array.from(lists.roots),
    output: new Uint32Array(lists.roots.length),
    width: 1,
    outputs: 1,
    feature: Int32Array.from(lists.feature),
    threshold: Float32Array.from(lists.threshold),
    set: Int32Array.from(lists.set),
    sets: Uint32Array.from(lists.sets),
    setWords: Uint32Array.from(setWords),
    left: Int32Array.from(lists.left),
    right: Int32Array.from(lists.right),
    missingLeft: Uint8Array.from(lists.missingLeft),
    value: Float64Array.from(lists.value),
    cover: Float64Array.from(lists.cover),
  };
}
