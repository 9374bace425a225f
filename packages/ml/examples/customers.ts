import { tableOf, type Rng, type Table } from '@bellwether/ml';

/** A table and whether each of its rows bought. */
export interface Labelled {
  table: Table;
  target: Float32Array;
}

/**
 * Customers who buy more readily the more they earn and have bought before, and most readily in middle age. Where
 * `isDirty`, one in twenty has an age or an income of 0, as of a form that was not filled in.
 */
export function madeCustomers(rows: number, rng: Rng, isDirty = false): Labelled {
  const draw = (value: () => number): Float32Array => Float32Array.from({ length: rows }, value);
  const age = draw(() => 18 + Math.floor(60 * rng.uniform()));
  const income = draw(() => Math.round(Math.exp(10.3 + 0.5 * rng.normal())));
  const history = draw(() => Math.floor(-4 * Math.log(1 - rng.uniform())));
  const target = draw(() => 0).map((_, row) => {
    const odds =
      2.5 * (Math.log(income[row]) - 10.3) + 0.4 * (history[row] - 4) - ((age[row] - 45) / 15) ** 2 + 1;
    return Number(rng.uniform() < 1 / (1 + Math.exp(-2 * odds)));
  });
  if (isDirty)
    for (const column of [age, income])
      for (let row = 0; row < rows; row++) if (rng.uniform() < 0.05) column[row] = 0;
  return { table: tableOf({ age, income, history }), target };
}

/** The share of rows whose class is the likelier one of what was told. */
export function accuracy(probabilities: ArrayLike<number>, target: Float32Array): number {
  return target.filter((y, row) => Number(probabilities[row] >= 0.5) === y).length / target.length;
}
