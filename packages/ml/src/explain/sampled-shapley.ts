import type { Contributions, Explained } from '../estimator.ts';
import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { pick, recoded, rowsAt, type Table } from '../table.ts';
import { someRows } from './replaced.ts';

export interface SamplingOptions {
  /** Random orders of the columns to each row; each is also walked backwards. */
  orders?: number | undefined;
  /** The same for the same rows and seed. */
  seed?: number | undefined;
}

/**
 * Shapley values of any model, by sampling (Strumbelj and Kononenko 2014): columns of a background row are replaced by the
 * row's own in a random order, and each gets the change that it brings; forwards and backwards, which halves the spread
 * (Mitchell, Cooper, Frank and Holmes 2022). The background rows take turns. What a row's values miss of their sum because
 * of the draw is shared out by their variances. For models that have no contributions of their own.
 *
 * @param score what is explained: log-odds, an amount; one number a row
 * @param background rows that stand for not knowing, some tens of them drawn from those learned from
 * @throws MlError `ml.no_rows`, `ml.bad_parameter`, `ml.bad_table`
 * @example
 * const { contributions } = sampledShapley(table => model.predict(table), rowsAt(train, some), { orders: 50 });
 */
export function sampledShapley(
  score: (table: Table) => Float64Array,
  background: Table,
  { orders = 20, seed = 0 }: SamplingOptions = {},
): Explained {
  required(Number.isInteger(orders) && orders >= 1, 'orders', 'a whole number from 1 up', orders);
  someRows(background);
  const told = score(background);
  const base = told.reduce((sum, value) => sum + value, 0) / background.rows;
  return {
    contributions: table => {
      const rows = recoded(pick(table, background.names), background.dictionaries);
      const values = new Float64Array(table.rows * background.names.length);
      const scores = score(rows);
      for (let row = 0; row < table.rows; row++) {
        const rng = new Rng(seed + row);
        const own = walks(score, rows, row, background, orders, rng);
        values.set(settled(own, scores[row] - base), row * background.names.length);
      }
      return { base, features: background.names, values } satisfies Contributions;
    },
  };
}

interface Moments {
  mean: Float64Array;
  variance: Float64Array;
}

/** All walks of one row, asked of the model at once. */
function walks(
  score: (table: Table) => Float64Array,
  rows: Table,
  row: number,
  background: Table,
  count: number,
  rng: Rng,
): Moments {
  const d = background.names.length;
  const start = rng.integer(background.rows);
  const orders = Array.from({ length: count }, () => rng.permutation(d)).flatMap(order => [
    order,
    order.toReversed(),
  ]);
  // a walk begins at a background row, and one more column is the row's own at each of its steps
  const from = orders.flatMap((_, walk) =>
    Array<number>(d + 1).fill((start + (walk >> 1)) % background.rows),
  );
  const asked = rowsAt(background, from);
  orders.forEach((order, walk) =>
    order.forEach((column, step) => {
      const at = walk * (d + 1);
      asked.columns[column].fill(rows.columns[column][row], at + step + 1, at + d + 1);
    }),
  );
  return momentsOf(score(asked), orders, d);
}

function momentsOf(told: Float64Array, orders: readonly Uint32Array[], d: number): Moments {
  const [mean, squares] = [new Float64Array(d), new Float64Array(d)];
  orders.forEach((order, walk) =>
    order.forEach((column, step) => {
      const at = walk * (d + 1) + step;
      const change = told[at + 1] - told[at];
      mean[column] += change / orders.length;
      squares[column] += change ** 2 / orders.length;
    }),
  );
  return { mean, variance: squares.map((square, j) => Math.max(0, square - mean[j] ** 2)) };
}

/** Values that sum to what they must, the less certain ones moved further. */
function settled({ mean, variance }: Moments, sum: number): Float64Array {
  const missed = sum - mean.reduce((total, value) => total + value, 0);
  const all = variance.reduce((total, value) => total + value, 0);
  return mean.map((value, j) => value + missed * (all > 0 ? variance[j] / all : 1 / mean.length));
}
