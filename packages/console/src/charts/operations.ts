import type { DriftRun, Performance, ShadowRun } from '@bellwether/contracts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

const days = (moments: readonly string[], { format }: ChartKit) => ({
  type: 'category',
  data: moments,
  axisLabel: { formatter: (moment: string) => format.shortDay(moment) },
});

const numbers = (write: (value: number) => string, more: object = {}) => ({
  ...{ type: 'value', splitNumber: 4, axisLabel: { formatter: write } },
  ...more,
});
const readDay = ({ format }: ChartKit, write: (value: number, series: string) => string) =>
  tooltipOf(value => format.day(value), write);

/** The figure that decides, run by run, with its interval, beside what the cards promised. */
export function performanceChart(
  { outcomes, promised }: Performance,
  name: string,
  kit: ChartKit,
): ChartSpec {
  const { t, format, tokens } = kit;
  const rows = outcomes.map(({ as_of, version, figures: [came] }) => {
    const card = promised.find(one => one.version === version)?.figures[0]?.model;
    return { as_of, version, came: came?.model, card };
  });
  const number = (value: number | null | undefined): number | null => value ?? null;
  const promise = t('performance.promise');
  return {
    columns: [t('chart.day'), t('versions.version'), name, t('chart.low'), t('chart.high'), promise],
    rows: rows.map(({ as_of, version, came, card }) => [
      as_of,
      version,
      came?.value,
      came?.low,
      came?.high,
      card?.value,
    ]),
    write: (cell, column) =>
      column === 0
        ? format.day(String(cell))
        : column === 1
          ? `v${String(cell)}`
          : plain(cell, format.decimal),
    option: {
      grid: GRID,
      legend: { ...LEGEND, data: [name, promise] },
      tooltip: readDay(kit, value => format.decimal(value)),
      xAxis: days(
        rows.map(({ as_of }) => as_of),
        kit,
      ),
      yAxis: numbers(x => format.decimal(x, 2), { scale: true }),
      series: [
        ...band(
          rows.map(({ came }) => number(came?.low)),
          rows.map(({ came }) => number(came?.high)),
          tokens.series[0] ?? '',
        ),
        { name, type: 'line', symbolSize: 6, data: rows.map(({ came }) => number(came?.value)) },
        {
          name: promise,
          type: 'line',
          step: 'middle',
          symbol: 'none',
          color: tokens.reference,
          lineStyle: { type: 'dashed', width: 2, color: tokens.reference },
          data: rows.map(({ card }) => number(card?.value)),
        },
      ],
    },
  };
}

/** Two stacked lines that nobody sees and the surface between them. */
function band(low: (number | null)[], high: (number | null)[], color: string): object[] {
  const between = high.map((top, i) =>
    top === null || low[i] === null || low[i] === undefined ? null : top - low[i],
  );
  const unseen = { type: 'line', symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
  return [
    { ...unseen, name: '\u0000low', stack: 'band', stackStrategy: 'all', data: low },
    {
      ...unseen,
      name: '\u0000high',
      stack: 'band',
      stackStrategy: 'all',
      areaStyle: { color, opacity: 0.16 },
      data: between,
    },
  ];
}

const plain = (cell: unknown, write: (value: number) => string): string =>
  typeof cell === 'number' ? write(cell) : '–';

/** Told against happened, of the newest runs, the last drawn strongest. */
export function calibrationOverTime({ outcomes }: Performance, { t, format, tokens }: ChartKit): ChartSpec {
  const shown = outcomes.filter(({ calibration }) => calibration.length > 0).slice(-4);
  const top = Math.max(
    ...shown.flatMap(({ calibration }) => calibration.flatMap(p => [p.predicted, p.observed])),
    0.05,
  );
  const axis = (name: string, extra: object = {}) => ({
    ...{ type: 'value', min: 0, max: Math.min(1, Math.ceil(top * 10) / 10), splitNumber: 4, name },
    ...{ nameLocation: 'middle', nameGap: 26, axisLabel: { formatter: (x: number) => format.percent(x, 0) } },
    ...extra,
  });
  return {
    columns: [t('chart.day'), t('chart.predicted'), t('chart.observed'), t('word.customers')],
    rows: shown.flatMap(({ as_of, calibration }) =>
      calibration.map(({ predicted, observed, n }) => [as_of, predicted, observed, n]),
    ),
    write: (cell, column) =>
      column === 0
        ? format.day(String(cell))
        : column === 3
          ? format.count(Number(cell))
          : format.percent(Number(cell), 1),
    option: {
      grid: { ...GRID, left: 20, bottom: 20 },
      legend: { ...LEGEND, data: shown.map(({ as_of }) => format.shortDay(as_of)) },
      tooltip: tooltipOf(
        value => `${t('chart.predicted')} ${format.percent(Number(value), 0)}`,
        value => format.percent(value, 1),
      ),
      xAxis: axis(t('chart.predicted')),
      yAxis: axis(t('chart.observed'), { nameGap: 40 }),
      series: [
        ...shown.map(({ as_of, calibration }, i) => ({
          name: format.shortDay(as_of),
          type: 'line',
          symbolSize: 5,
          lineStyle: { width: i === shown.length - 1 ? 2.5 : 1 },
          data: calibration.map(({ predicted, observed }) => [predicted, observed]),
        })),
        {
          name: '\u0000even',
          type: 'line',
          silent: true,
          symbol: 'none',
          color: tokens.border,
          lineStyle: { type: 'dotted', color: tokens.border },
          data: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    },
  };
}

/** How many features are drawn: those that moved most. */
const DRAWN = 4;

/** Stability indices over time: the scores, the features that moved most, and what chance alone stays below. */
export function driftChart(
  runs: readonly DriftRun[],
  words: (feature: string) => string,
  kit: ChartKit,
): ChartSpec {
  const { t, format, tokens } = kit;
  const newest = runs[runs.length - 1]?.features ?? [];
  const drawn = [...newest]
    .sort((a, b) => b.psi - a.psi)
    .slice(0, DRAWN)
    .map(({ name }) => name);
  const of = (run: DriftRun, name: string) => run.features.find(feature => feature.name === name);
  const noise = (run: DriftRun): number =>
    Math.max(run.score.noise, ...run.features.map(feature => feature.noise));
  const [scores, chance] = [t('driftTime.scores'), t('driftTime.noise')];
  return {
    columns: [t('chart.day'), scores, chance, ...drawn.map(words)],
    rows: runs.map(run => [run.as_of, run.score.psi, noise(run), ...drawn.map(name => of(run, name)?.psi)]),
    write: (cell, column) => (column === 0 ? format.day(String(cell)) : plain(cell, format.decimal)),
    option: {
      grid: { ...GRID, top: 12 + 22 * Math.ceil((drawn.length + 2) / 3) },
      legend: LEGEND,
      tooltip: readDay(kit, value => format.decimal(value)),
      xAxis: days(
        runs.map(run => run.as_of),
        kit,
      ),
      yAxis: numbers(x => format.decimal(x, 2), { min: 0 }),
      series: [
        {
          name: scores,
          type: 'line',
          symbol: 'none',
          lineStyle: { width: 2.5 },
          data: runs.map(run => run.score.psi),
        },
        ...drawn.map(name => ({
          name: words(name),
          type: 'line',
          symbol: 'none',
          data: runs.map(run => of(run, name)?.psi ?? null),
        })),
        {
          name: chance,
          type: 'line',
          symbol: 'none',
          color: tokens.reference,
          lineStyle: { type: 'dashed', color: tokens.reference },
          areaStyle: { color: tokens.reference, opacity: 0.1 },
          data: runs.map(noise),
        },
      ],
    },
  };
}

/** How many would be decided otherwise, and how alike the order is, run by run. */
export function shadowChart(runs: readonly ShadowRun[], kit: ChartKit): ChartSpec {
  const { t, format } = kit;
  const [rank, differing] = [t('shadow.rank'), t('shadow.differing')];
  return {
    columns: [t('chart.day'), rank, differing],
    rows: runs.map(run => [run.as_of, run.rank_correlation, run.differing]),
    write: (cell, column) =>
      column === 0
        ? format.day(String(cell))
        : plain(cell, column === 1 ? format.decimal : share => format.percent(share, 1)),
    option: {
      grid: GRID,
      legend: LEGEND,
      tooltip: tooltipOf(
        value => format.day(value),
        (value, series) => (series === rank ? format.decimal(value) : format.percent(value, 1)),
      ),
      xAxis: days(
        runs.map(run => run.as_of),
        kit,
      ),
      yAxis: numbers(x => format.percent(x, 0), { min: 0, max: 1 }),
      series: [
        { name: rank, type: 'line', data: runs.map(run => run.rank_correlation) },
        { name: differing, type: 'line', data: runs.map(run => run.differing) },
      ],
    },
  };
}
