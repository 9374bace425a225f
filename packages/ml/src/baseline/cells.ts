import type { Classifier, Estimator, FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { binOf, quantilesOf } from '../preprocess/bins.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { columnOf, pick, type Table } from '../table.ts';

export interface CellsParameters {
  /** The columns whose quantiles span the cells. */
  columns: readonly string[];
  /** Quantiles to a column: 5 are quintiles. */
  bins?: number;
  /** Rows' worth of belief that a cell is like all: its rate is (positives + shrinkage x overall rate) / (n + shrinkage). */
  shrinkage?: number;
}

const KIND = 'cells';
const VERSION = 1;

/**
 * The rate of positives in each cell of a grid of quantiles: the rule of thumb of direct mail when the columns are
 * recency, frequency and monetary value (Hughes 1994), and a fair baseline for a model. A missing value falls into the
 * lowest bin.
 */
export function cells({ columns, bins = 5, shrinkage = 20 }: CellsParameters): Estimator<Classifier> {
  required(columns.length > 0, 'columns', 'one name or more', 'empty');
  required(Number.isInteger(bins) && bins >= 2, 'bins', 'a whole number from 2 up', bins);
  required(shrinkage >= 0, 'shrinkage', 'from 0 up', shrinkage);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ columns, bins, shrinkage }),
    fit: async (table: Table, target: Float32Array, options: FitOptions = {}) => {
      soundTable(table, target, options, { method: KIND, missing: true, target: 'share' });
      return fit(pick(table, columns), target, options.weights, { bins, shrinkage });
    },
  });
}

function fit(
  table: Table,
  target: Float32Array,
  weights: Float32Array | undefined,
  { bins, shrinkage }: { bins: number; shrinkage: number },
): Classifier {
  const edges = Float64Array.from(
    table.names.flatMap(name => quantilesOf(columnOf(table, name), bins, weights)),
  );
  const counts = new Float64Array(bins ** table.names.length);
  const positives = new Float64Array(counts.length);
  cellsOf(table, edges, bins).forEach((cell, row) => {
    const weight = weights?.[row] ?? 1;
    counts[cell] = counts[cell] + weight;
    positives[cell] = positives[cell] + weight * target[row];
  });
  const overall = sum(positives) / sum(counts);
  const rates = counts.map((n, cell) =>
    n + shrinkage === 0 ? overall : (positives[cell] + shrinkage * overall) / (n + shrinkage),
  );
  return modelOf(table.names, bins, edges, rates);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Each row's cell: its bins as the digits of a number to the base `bins`. */
function cellsOf(table: Table, edges: Float64Array, bins: number): Uint32Array {
  const cell = new Uint32Array(table.rows);
  table.columns.forEach((column, j) => {
    const own = edges.subarray(j * (bins - 1), (j + 1) * (bins - 1));
    for (let row = 0; row < table.rows; row++) cell[row] = cell[row] * bins + binOf(own, column[row]);
  });
  return cell;
}

function modelOf(
  features: readonly string[],
  bins: number,
  edges: Float64Array,
  rates: Float64Array,
): Classifier {
  return {
    kind: KIND,
    features,
    predict: table => Float64Array.from(cellsOf(pick(table, features), edges, bins), cell => rates[cell]),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, bins },
      arrays: { edges, rates },
      parts: [],
    }),
  };
}

export function loadCells(saved: Saved): Classifier {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, bins] = [reader.names('features'), reader.number('bins')];
  const edges = reader.array('edges', features.length * (bins - 1));
  return modelOf(features, bins, edges, reader.array('rates', bins ** features.length));
}
