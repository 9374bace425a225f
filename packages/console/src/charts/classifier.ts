import type { ClassifierCurves, ClassifierCard, ScenarioPage, Words } from '@bellwether/contracts';
import type { Format } from '../format/numbers.ts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

type Pair = readonly [number, number];

const shareAxis = (format: Format, name: string, extra: object = {}) => ({
  type: 'value',
  min: 0,
  splitNumber: 4,
  name,
  nameLocation: 'middle',
  nameGap: 26,
  axisLabel: { formatter: (value: number) => format.percent(value, 0), showMaxLabel: null },
  ...extra,
});

const line = (name: string, data: readonly Pair[], extra: object = {}) => ({
  name,
  type: 'line',
  data,
  ...extra,
});
const dashed = (color: string) => ({ color, lineStyle: { color, width: 2, type: 'dashed' } });
const dotted = (color: string) => ({ color, lineStyle: { color, width: 1, type: 'dotted' }, silent: true });

/** A square plot of shares against shares, with a model, its baseline and a diagonal of knowing nothing. */
function shares(
  { t, format, tokens }: ChartKit,
  x: string,
  y: string,
  model: readonly Pair[],
  baseline: readonly Pair[],
  tooltip: Record<string, unknown>,
): Record<string, unknown> {
  return {
    grid: { ...GRID, left: 20, bottom: 20 },
    legend: { ...LEGEND, data: [t('model.model'), t('model.baseline')] },
    tooltip,
    xAxis: shareAxis(format, x, { max: 1, interval: 0.25 }),
    yAxis: shareAxis(format, y, { max: 1, interval: 0.25, nameGap: 40 }),
    series: [
      line(t('model.model'), model),
      line(t('model.baseline'), baseline, dashed(tokens.reference)),
      line(
        '\u0000',
        [
          [0, 0],
          [1, 1],
        ],
        dotted(tokens.border),
      ),
    ],
  };
}

/** Receiver operating characteristic of model and baseline. */
export function rocChart(curves: ClassifierCurves, kit: ChartKit): ChartSpec {
  const { t, format } = kit;
  const [x, y] = [t('chart.fpr'), t('chart.tpr')];
  const pairs = (points: ClassifierCurves['roc']): Pair[] => points.map(({ fpr, tpr }) => [fpr, tpr]);
  return {
    columns: [t('chart.series'), x, y],
    rows: [
      ...curves.roc.map(({ fpr, tpr }) => [t('model.model'), fpr, tpr]),
      ...curves.baseline_roc.map(({ fpr, tpr }) => [t('model.baseline'), fpr, tpr]),
    ],
    write: (cell, column) => (column === 0 ? String(cell) : format.percent(Number(cell), 1)),
    option: shares(
      kit,
      x,
      y,
      pairs(curves.roc),
      pairs(curves.baseline_roc),
      tooltipOf(
        value => `${x} ${format.percent(Number(value), 0)}`,
        value => `${y} ${format.percent(value, 0)}`,
      ),
    ),
  };
}

/** Of all who bought, how many are found among the best-scored share. */
export function gainChart(curves: ClassifierCurves, kit: ChartKit): ChartSpec {
  const { t, format } = kit;
  const [x, y] = [t('chart.contacted'), t('chart.found')];
  const of = (key: 'model' | 'baseline'): Pair[] => [
    [0, 0],
    ...curves.gain.map(point => [point.share, point[key]] as const),
  ];
  return {
    columns: [x, t('model.model'), t('model.baseline')],
    rows: curves.gain.map(({ share, model, baseline }) => [share, model, baseline]),
    write: cell => format.percent(Number(cell), 1),
    option: shares(
      kit,
      x,
      y,
      of('model'),
      of('baseline'),
      tooltipOf(
        value => `${x} ${format.percent(Number(value), 0)}`,
        value => format.percent(value, 0),
      ),
    ),
  };
}

/** Predicted against observed, each bin with its interval; on the diagonal a probability means what it says. */
export function calibrationChart(curves: ClassifierCurves, { t, format, tokens }: ChartKit): ChartSpec {
  const bins = curves.calibration;
  const most = Math.max(0.05, ...bins.map(({ predicted, high }) => Math.max(predicted, high)));
  const interval = most > 0.5 ? 0.2 : 0.1;
  const top = Math.min(1, Math.ceil(most / interval - 1e-9) * interval);
  const whiskers = bins.flatMap(({ predicted, low, high }) => [
    [predicted, low],
    [predicted, high],
    [predicted, null],
  ]);
  return {
    columns: [t('chart.predicted'), t('chart.observed'), t('chart.low'), t('chart.high'), 'n'],
    rows: bins.map(({ predicted, observed, low, high, n }) => [predicted, observed, low, high, n]),
    write: (cell, column) => (column === 4 ? format.count(Number(cell)) : format.percent(Number(cell), 1)),
    option: {
      grid: { ...GRID, left: 20, bottom: 20, top: 12 },
      tooltip: tooltipOf(
        value => `${t('chart.predicted')} ${format.percent(Number(value), 1)}`,
        value => format.percent(value, 1),
      ),
      xAxis: shareAxis(format, t('chart.predicted'), { max: top, interval }),
      yAxis: shareAxis(format, t('chart.observed'), { max: top, interval, nameGap: 40 }),
      series: [
        line(
          '\u0000diagonal',
          [
            [0, 0],
            [top, top],
          ],
          dotted(tokens.reference),
        ),
        {
          name: '\u0000whiskers',
          type: 'line',
          data: whiskers,
          silent: true,
          lineStyle: { width: 1.5, opacity: 0.5 },
          color: tokens.series[0],
        },
        line(
          t('chart.observed'),
          bins.map(({ predicted, observed }) => [predicted, observed]),
          {
            color: tokens.series[0],
            showSymbol: true,
            symbolSize: 7,
            lineStyle: { width: 1.5 },
          },
        ),
      ],
    },
  };
}

/** Profit per 1,000 customers at each threshold; the threshold chosen is marked. */
export function profitChart(
  card: Pick<ClassifierCard, 'curves' | 'threshold' | 'value'>,
  { t, format, tokens }: ChartKit,
): ChartSpec {
  const { curves, threshold, value } = card;
  const { currency } = value;
  const money = (amount: number) =>
    currency === '' ? format.decimal(amount, 0) : format.money(amount, currency);
  return {
    columns: [t('chart.threshold'), t('chart.profit'), t('chart.contacted')],
    rows: curves.profit.map(point => [point.threshold, point.profit, point.contacted]),
    write: (cell, column) => (column === 1 ? money(Number(cell)) : format.percent(Number(cell), 1)),
    option: {
      grid: { ...GRID, bottom: 20, top: 24 },
      tooltip: tooltipOf(x => `${t('chart.threshold')} ${format.percent(Number(x), 1)}`, money),
      xAxis: shareAxis(format, t('chart.threshold'), {
        max: Math.max(...curves.profit.map(point => point.threshold), threshold),
      }),
      yAxis: {
        type: 'value',
        splitNumber: 4,
        scale: true,
        axisLabel: {
          formatter: (amount: number) => format.axis(amount, currency === '' ? undefined : currency),
        },
      },
      series: [
        line(
          t('chart.profit'),
          curves.profit.map(point => [point.threshold, point.profit]),
          {
            markLine: {
              symbol: 'none',
              silent: true,
              lineStyle: { color: tokens.text, type: 'dashed', width: 1 },
              label: { formatter: format.percent(threshold, 1), color: tokens.text, position: 'end' },
              data: [{ xAxis: threshold }],
            },
          },
        ),
      ],
    },
  };
}

/** How many customers at each probability; those at or above the threshold stand out. */
export function scoreHistogram(
  results: NonNullable<ScenarioPage['results']>,
  threshold: number | undefined,
  { t, format, tokens }: ChartKit,
): ChartSpec {
  const { histogram } = results;
  const label = (low: number, high: number) => `${format.percent(low, 0)}–${format.percent(high, 0)}`;
  const isChosen = (low: number, high: number) => threshold !== undefined && (low + high) / 2 >= threshold;
  return {
    columns: [t('word.probability'), t('word.customers')],
    rows: histogram.map(({ low, high, count }) => [label(low, high), count]),
    write: (cell, column) => (column === 0 ? String(cell) : format.count(Number(cell))),
    option: {
      grid: { ...GRID, top: 12, bottom: 20 },
      tooltip: tooltipOf(
        value => value,
        value => format.count(value),
      ),
      xAxis: {
        type: 'category',
        data: histogram.map(({ low, high }) => label(low, high)),
        name: t('word.probability'),
        nameLocation: 'middle',
        nameGap: 26,
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        axisLabel: { formatter: (value: number) => format.axis(value) },
      },
      series: [
        {
          name: t('word.customers'),
          type: 'bar',
          barCategoryGap: '8%',
          data: histogram.map(({ low, high, count }) => ({
            value: count,
            itemStyle: {
              color: isChosen(low, high) ? tokens.series[0] : tokens.reference,
              opacity: isChosen(low, high) ? 1 : 0.55,
            },
          })),
        },
      ],
    },
  };
}

/** Features shown, the one that counts most first. */
const MOST_FEATURES = 10;

/** How far each feature moves the log-odds, on average over customers. */
export function importanceChart(
  { features }: Pick<ClassifierCard, 'features'>,
  say: (words: Words) => string,
  { t, format, tokens }: ChartKit,
): ChartSpec {
  const named = features
    .map(({ words, importance }) => ({ name: say(words).replace(/\{(value)?\}/, '…'), importance }))
    .sort((a, b) => b.importance - a.importance);
  // a chart of bars is drawn from below
  const shown = named.slice(0, MOST_FEATURES).reverse();
  return {
    columns: [t('features.what'), t('features.importance')],
    rows: named.map(({ name, importance }) => [name, importance]),
    write: (cell, column) => (column === 0 ? String(cell) : format.decimal(Number(cell))),
    option: {
      grid: { ...GRID, top: 4, bottom: 20 },
      tooltip: tooltipOf(
        value => value,
        value => format.decimal(value),
      ),
      xAxis: {
        type: 'value',
        splitNumber: 3,
        name: t('chart.odds'),
        nameLocation: 'middle',
        nameGap: 26,
        axisLabel: { formatter: (value: number) => format.decimal(value, 1) },
      },
      yAxis: {
        type: 'category',
        data: shown.map(({ name }) => name),
        axisLabel: { width: 220, overflow: 'truncate' },
      },
      series: [
        {
          name: t('features.importance'),
          type: 'bar',
          barCategoryGap: '30%',
          color: tokens.series[0],
          data: shown.map(({ importance }) => importance),
        },
      ],
    },
  };
}
