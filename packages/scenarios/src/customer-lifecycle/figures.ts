import type { Estimate, Figure, LifecycleCard, Words } from '@bellwether/contracts';
import {
  bootstrapAll,
  brier,
  calibrationError,
  calibrationTable,
  mae,
  poissonDeviance,
  rmse,
  Rng,
  type Interval,
  type Statistic,
} from '@bellwether/ml';
import { LEAST_EXPECTED } from './fit.ts';
import { averageOrder, forecast, type Forecast, type LifecycleModel } from './model.ts';
import { column, type Followed } from './read.ts';

/** What was told of a test's customers, by the model and by the rules that it has to beat. */
export interface Told {
  forecast: Forecast;
  value: Float64Array;
  /** Each customer's own rate of repeat orders, x / T, goes on. */
  rate: Float64Array;
  rateValue: Float64Array;
  /** Everybody orders as the average customer did. */
  mean: Float64Array;
}

export function tellOf(model: LifecycleModel, { table, horizonDays }: Followed): Told {
  const told = forecast(model, table, horizonDays);
  const average = averageOrder(model, table);
  const [frequency, age, spent] = ['frequency', 'age', 'spent'].map(name => column(table, name));
  const rate = Float64Array.from(frequency, (x, row) => (horizonDays * x) / Math.max(1, age[row]));
  const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
  const shared = (horizonDays * sum(frequency)) / Math.max(1, sum(age));
  return {
    forecast: told,
    value: told.median.map((orders, row) => orders * average[row]),
    rate,
    rateValue: rate.map((orders, row) => (orders * spent[row]) / (frequency[row] + 1)),
    mean: new Float64Array(table.rows).fill(shared),
  };
}

export interface FigureOptions {
  seed: number;
  signal?: AbortSignal | undefined;
}

const ROUNDS = 300;

/** The figures of a test by name, the mean absolute error of orders first: it decides between versions. */
export async function figuresOf(told: Told, followed: Followed, options: FigureOptions): Promise<Figure[]> {
  const { statistics, plain } = measured(told, followed);
  const n = followed.table.rows;
  const { seed, signal } = options;
  const found = await bootstrapAll(n, statistics, { rng: new Rng(seed), rounds: ROUNDS, signal });
  const value = (name: string): Estimate | null => {
    const interval = found[name];
    if (interval !== undefined) return estimate(interval);
    const number = plain[name];
    return number === undefined ? null : { value: number, low: null, high: null, n };
  };
  return NAMED.map(({ name, words, unit, better }) => {
    const model = value(name) ?? { value: null, low: null, high: null, n };
    return { name, words, unit, better, model, baseline: value(`${name}/baseline`) };
  });
}

function estimate({ value, low, high, n }: Interval): Estimate {
  return { value, low, high, n };
}

interface Measured {
  /** With an interval by redrawing customers; `NAME/baseline` is the baseline's. */
  statistics: Record<string, Statistic>;
  /** Without. */
  plain: Record<string, number>;
}

function measured(told: Told, { orders, value }: Followed): Measured {
  const { forecast: told_, rate, rateValue, mean } = told;
  const { expected, median, none, low, high } = told_;
  const silent = Float32Array.from(orders, count => Number(count === 0));
  const byRate = rate.map(count => Math.exp(-count));
  const floored = (counts: Float64Array): Float64Array =>
    counts.map(count => Math.max(LEAST_EXPECTED, count));
  const deviance =
    (counts: Float64Array): Statistic =>
    weights =>
      poissonDeviance(counts, orders, weights);
  const inside = Float64Array.from(orders, (count, row) => Number(count >= low[row] && count <= high[row]));
  const off =
    (counts: Float64Array): Statistic =>
    weights =>
      Math.abs(totalRatio(counts, orders, weights) - 1);
  return {
    statistics: {
      orders_mae: weights => mae(median, orders, weights),
      'orders_mae/baseline': weights => mae(rate, orders, weights),
      expected_mae: weights => mae(expected, orders, weights),
      'expected_mae/baseline': weights => mae(mean, orders, weights),
      orders_rmse: weights => rmse(expected, orders, weights),
      'orders_rmse/baseline': weights => rmse(rate, orders, weights),
      poisson_deviance: deviance(floored(expected)),
      'poisson_deviance/baseline': deviance(floored(rate)),
      total_error: off(expected),
      'total_error/baseline': off(rate),
      value_mae: weights => mae(told.value, value, weights),
      'value_mae/baseline': weights => mae(rateValue, value, weights),
      coverage: weights => weighted(inside, weights),
      silent_brier: weights => brier(none, silent, weights),
      'silent_brier/baseline': weights => brier(byRate, silent, weights),
    },
    plain: {
      spearman: spearman(expected, orders),
      'spearman/baseline': spearman(rate, orders),
      silent_calibration_error: calibrationError(none, silent),
      'silent_calibration_error/baseline': calibrationError(byRate, silent),
    },
  };
}

function weighted(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * values[row];
    total += weight;
  }
  return sum / total;
}

function totalRatio(told: ArrayLike<number>, seen: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return weighted(told, weights) / Math.max(1e-9, weighted(seen, weights));
}

/** The correlation of ranks, equal values sharing theirs (Spearman 1904). */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [midRanks(a), midRanks(b)];
  const middle = (a.length + 1) / 2;
  let [both, ofX, ofY] = [0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const [dx, dy] = [x[row] - middle, y[row] - middle];
    both += dx * dy;
    ofX += dx * dx;
    ofY += dy * dy;
  }
  return ofX > 0 && ofY > 0 ? both / Math.sqrt(ofX * ofY) : 0;
}

function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, row) => row).sort(
    (a, b) => values[a] - values[b],
  );
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Tenths of the customers by the orders expected, with what they ordered and its 95 % interval. */
export function decilesOf(
  { forecast: { expected }, rate }: Told,
  { orders }: Followed,
): LifecycleCard['deciles'] {
  const order = Uint32Array.from(expected, (_, row) => row).sort((a, b) => expected[a] - expected[b]);
  return Array.from({ length: 10 }, (_, decile) => {
    const rows = order.subarray(
      Math.floor((decile * order.length) / 10),
      Math.floor(((decile + 1) * order.length) / 10),
    );
    const mean = (values: ArrayLike<number>): number =>
      rows.reduce((sum, row) => sum + values[row], 0) / Math.max(1, rows.length);
    const observed = mean(orders);
    const variance =
      rows.reduce((sum, row) => sum + (orders[row] - observed) ** 2, 0) / Math.max(1, rows.length);
    const half = 1.959964 * Math.sqrt(variance / Math.max(1, rows.length));
    const bounds = { low: Math.max(0, observed - half), high: observed + half };
    return { expected: mean(expected), baseline: mean(rate), observed, ...bounds, n: rows.length };
  });
}

export function silenceOf({ forecast: { none } }: Told, { orders }: Followed): LifecycleCard['silence'] {
  return calibrationTable(
    none,
    Float32Array.from(orders, count => Number(count === 0)),
  );
}

const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });
type Named = Pick<Figure, 'name' | 'words' | 'unit' | 'better'>;
const lower = (name: string, unit: Figure['unit'], en: string, zh: string): Named => ({
  ...{ name, unit, better: 'lower' },
  words: words(en, zh),
});
const higher = (name: string, unit: Figure['unit'], en: string, zh: string): Named => ({
  ...lower(name, unit, en, zh),
  better: 'higher',
});

const NAMED: readonly Named[] = [
  lower(
    'orders_mae',
    'orders',
    'mean absolute error of orders (median told)',
    '订单数平均绝对误差（以中位数预测）',
  ),
  lower(
    'expected_mae',
    'orders',
    'the same of the expected orders, beside everybody’s mean',
    '期望订单数的平均绝对误差（对比全体均值）',
  ),
  lower('orders_rmse', 'orders', 'root mean squared error of orders', '订单数均方根误差'),
  lower('poisson_deviance', 'number', 'Poisson deviance of orders', '订单数泊松偏差'),
  higher('spearman', 'number', 'rank correlation of orders', '订单数秩相关'),
  lower('total_error', 'share', 'error of all orders together', '订单总数误差'),
  lower(
    'value_mae',
    'currency',
    'mean absolute error of value (median told)',
    '消费额平均绝对误差（以中位数预测）',
  ),
  higher('coverage', 'share', 'customers within their 95 % interval', '落在 95% 区间内的客户'),
  lower('silent_brier', 'number', 'Brier score of ordering nothing', '不再下单概率的 Brier 分数'),
  lower(
    'silent_calibration_error',
    'share',
    'calibration error of ordering nothing',
    '不再下单概率的校准误差',
  ),
];
