import type { Words } from '@bellwether/contracts';
import type { Rng } from '@bellwether/ml';
import { logistic, type Saved, type Table } from '@bellwether/ml';

/** What the re-ranker looks at for one product and one person. */
export const SIGNALS: readonly { name: string; words: Words }[] = [
  signal('als', 'fits the taste of similar customers', '符合相似客户的口味'),
  signal('als_place', 'its place by taste', '按口味的名次'),
  signal('neighbours', 'bought by those who bought the same', '与已购商品常一起购买'),
  signal('neighbours_place', 'its place by what is bought together', '按一起购买的名次'),
  signal('sequence', 'comes next after what was done last', '最近行为之后常见'),
  signal('sequence_place', 'its place by what comes next', '按下一步的名次'),
  signal(
    'content',
    'like what the customer chose, by title, category and price',
    '标题、品类、价格与所选商品相近',
  ),
  signal('popularity', 'sells well now', '近期热销'),
  signal('popularity_place', 'its place by sales', '按销量的名次'),
  signal('looked', 'was looked at and not bought', '看过但未购买'),
  signal('looked_lately', 'was looked at lately', '最近看过'),
  signal('price', 'costs what the customer usually pays', '价格接近该客户的习惯'),
  signal('category', 'is of a category that the customer chooses', '属于该客户常选的品类'),
];

function signal(name: string, en: string, zh: string): { name: string; words: Words } {
  return { name, words: { en, 'zh-CN': zh } };
}

/** Weighs the signals: a score is the sum of weight x signal, which only ranks within one answer. */
export interface Ranker {
  weights: Float64Array;
  /** Deviation of each signal over what was learned from: weight x deviation tells how much it matters. */
  deviations: Float64Array;
}

/** Products that could have been shown to customers, with what became of them. */
export interface RankedRows {
  /** Rows x signals, by row. */
  signals: number[];
  /** Whether the product was bought then. */
  bought: number[];
}

export function scoreOf({ weights }: Ranker, signals: Float64Array | Float32Array, row: number): number {
  let score = 0;
  for (let j = 0; j < weights.length; j++) score += weights[j] * signals[row * weights.length + j];
  return score;
}

/** Learns by logistic regression what of it comes before a purchase. Nothing where there is nothing to tell apart. */
export async function learnRanker({ signals, bought }: RankedRows, rng: Rng): Promise<Ranker | undefined> {
  const count = SIGNALS.length;
  const positives = bought.reduce((sum, label) => sum + label, 0);
  if (positives < 10 || positives === bought.length) return undefined;
  const columns = SIGNALS.map((_, j) => Float32Array.from(bought, (_label, row) => signals[row * count + j]));
  const deviations = Float64Array.from(columns, deviationOf);
  const scaled = columns.map((column, j) =>
    column.map(value => (deviations[j] > 0 ? value / deviations[j] : 0)),
  );
  const table: Table = { names: SIGNALS.map(({ name }) => name), rows: bought.length, columns: scaled };
  const model = await logistic({ l2: 1 }).fit(table, Float32Array.from(bought), { rng });
  const found = model.weights();
  const weights = Float64Array.from(SIGNALS, ({ name }, j) =>
    deviations[j] > 0 ? (found.get(name) ?? 0) / deviations[j] : 0,
  );
  return { weights, deviations };
}

function deviationOf(column: Float32Array): number {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
}

export function saveRanker({ weights, deviations }: Ranker): Saved {
  return { kind: 'ranker', version: 1, values: {}, arrays: { weights, deviations }, parts: [] };
}

export function loadRanker({ arrays: { weights, deviations } }: Saved): Ranker {
  if (!(weights instanceof Float64Array) || weights.length !== SIGNALS.length)
    throw new TypeError('the re-ranker was learned from other signals');
  return { weights, deviations: deviations as Float64Array }; // saved beside them
}
