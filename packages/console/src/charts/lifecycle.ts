import type { Churn, LifecycleCard, LifecycleSummary, Stage, Transitions } from '@bellwether/contracts';
import type { Tokens } from '../app/tokens.ts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

/** A colour for each stage; names stand beside them everywhere. */
export function stageColour(stage: Stage | 'none', { series, reference, border }: Tokens): string {
  const colours: Record<Stage | 'none', string | undefined> = {
    ...{ new: series[2], active: series[0], loyal: series[4], at_risk: series[1] },
    ...{ lapsed: series[3], lost: reference, won_back: series[2], none: border },
  };
  return colours[stage] ?? reference;
}

/** Moments that are drawn at most: more would be threads. */
export const FLOW_MOMENTS = 6;
/** Share of all customers below which a flow is not drawn; the table has it. */
const LEAST_FLOW = 0.002;
/** From above: who comes back, who is new, who goes. */
const ORDER: readonly string[] = ['loyal', 'active', 'won_back', 'new', 'none', 'at_risk', 'lapsed', 'lost'];

type Flow = Transitions['flows'][number];

interface FlowNode {
  stage: Stage | 'none';
  depth: number;
}

/** Stages at each moment, and how wide the streams between them are. */
export function flowChart({ moments, flows }: Transitions, kit: ChartKit): ChartSpec {
  const { t, format } = kit;
  const shown = moments.slice(-FLOW_MOMENTS);
  const drawn = flows.filter(({ from_at, to_at }) => shown.includes(from_at) && shown.includes(to_at));
  const name = (stage: Stage | 'none') => t(`lifecycle.stage.${stage}`);
  return {
    columns: [
      ...[t('lifecycle.flow.month'), t('lifecycle.flow.from')],
      ...[t('lifecycle.flow.to'), t('word.customers')],
    ],
    rows: drawn.map(({ to_at, from, to, customers }) => [
      ...[to_at.slice(0, 10), name(from), name(to), customers],
    ]),
    write: (cell, column) => (column === 3 ? format.count(Number(cell)) : String(cell)),
    option: {
      tooltip: {
        ...{ trigger: 'item', confine: true, transitionDuration: 0 },
        formatter: ({ data }: { data: { said: string; value?: number } }) =>
          data.value === undefined ? data.said : `${data.said}: <b>${format.count(data.value)}</b>`,
      },
      series: [streams(drawn, shown, kit)],
    },
  };
}

function streams(drawn: readonly Flow[], shown: readonly string[], { t, tokens }: ChartKit): object {
  const last = drawn.filter(({ to_at }) => to_at === shown.at(-1));
  const all = last.reduce((sum, { customers }) => sum + customers, 0);
  const wide = drawn.filter(({ customers }) => customers >= all * LEAST_FLOW);
  const place = (at: string): number => shown.indexOf(at);
  const name = (stage: Stage | 'none') => t(`lifecycle.stage.${stage}`);
  return {
    type: 'sankey',
    ...{ left: 4, right: 110, top: 24, bottom: 8, nodeWidth: 10, nodeGap: 8, draggable: false },
    layoutIterations: 0,
    emphasis: { focus: 'adjacency' },
    data: [...nodesOf(wide, place)]
      .sort(([, a], [, b]) => a.depth - b.depth || ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage))
      .map(([id, { stage, depth }]) => ({
        ...{ name: id, depth, said: name(stage) },
        itemStyle: { color: stageColour(stage, tokens) },
        label: {
          show: depth === shown.length - 1,
          ...{ formatter: name(stage), color: tokens.text, fontSize: 12 },
        },
      })),
    links: wide.map(({ from, from_at, to, to_at, customers }) => ({
      source: `${place(from_at)}:${from}`,
      target: `${place(to_at)}:${to}`,
      value: customers,
      said: `${name(from)} → ${name(to)}`,
      lineStyle: { color: stageColour(to, tokens), opacity: 0.28, curveness: 0.5 },
    })),
  };
}

/** A node for each stage at each moment that something flows from or to. */
function nodesOf(flows: readonly Flow[], place: (at: string) => number): Map<string, FlowNode> {
  const nodes = new Map<string, FlowNode>();
  for (const { from, from_at, to, to_at } of flows) {
    nodes.set(`${place(from_at)}:${from}`, { stage: from, depth: place(from_at) });
    nodes.set(`${place(to_at)}:${to}`, { stage: to, depth: place(to_at) });
  }
  return nodes;
}

/** Customers by what they are expected to spend, those who spend most at the right. */
export function valueHistogram(
  { histogram, currency }: LifecycleSummary,
  { t, format, tokens }: ChartKit,
): ChartSpec {
  const label = (low: number, high: number) => `${format.axis(low, currency)}–${format.axis(high, currency)}`;
  const money = (value: number) => format.briefMoney(Math.round(value), currency);
  const axis = (formatter: (value: number) => string) => ({
    ...{ type: 'value', splitNumber: 3, axisLabel: { formatter } },
  });
  return {
    columns: [t('lifecycle.value90'), t('word.customers'), t('lifecycle.histogram.value')],
    rows: histogram.map(({ low, high, customers, value }) => [label(low, high), customers, value]),
    write: (cell, column) =>
      [String(cell), format.count(Number(cell)), money(Number(cell))][column] ?? String(cell),
    option: {
      grid: { ...GRID },
      legend: { ...LEGEND },
      tooltip: tooltipOf(
        value => value,
        (value, series) => (series === t('word.customers') ? format.count(value) : money(value)),
      ),
      xAxis: {
        type: 'category',
        data: histogram.map(({ low, high }) => label(low, high)),
        axisLabel: { hideOverlap: true, fontSize: 11 },
      },
      yAxis: [
        axis(value => format.axis(value)),
        { ...axis(value => format.axis(value, currency)), splitLine: { show: false } },
      ],
      series: [
        {
          ...{ name: t('word.customers'), type: 'bar', barCategoryGap: '18%', color: tokens.series[0] },
          data: histogram.map(({ customers }) => customers),
        },
        {
          ...{ name: t('lifecycle.histogram.value'), type: 'line', yAxisIndex: 1, showSymbol: true },
          ...{ color: tokens.series[1], data: histogram.map(({ value }) => value) },
        },
      ],
    },
  };
}

/** Intervals of a row of categories as one broken line. */
function whiskers(intervals: readonly { low: number | null; high: number | null }[], color?: string): object {
  const data = intervals.flatMap(({ low, high }, place) => [
    [place, low],
    [place, high],
    [place, null],
  ]);
  return {
    ...{ name: '\u0000whiskers', type: 'line', silent: true, data, color },
    lineStyle: { width: 1.5, opacity: 0.6 },
  };
}

/** What was expected of each tenth of the customers beside what they ordered. */
export function decileChart({ deciles }: LifecycleCard, { t, format, tokens }: ChartKit): ChartSpec {
  const names = (['expected', 'observed', 'baseline'] as const).map(name => t(`lifecycle.deciles.${name}`));
  const [expected, observed, baseline] = names;
  const line = (name: string | undefined, color: string | undefined, data: number[], extra: object = {}) => ({
    ...{ name, color, data, type: 'line', showSymbol: true, symbolSize: 6, lineStyle: { width: 1.5 } },
    ...extra,
  });
  const dashed = { showSymbol: false, lineStyle: { type: 'dashed', width: 1.5 } };
  return {
    columns: [t('lifecycle.deciles.tenth'), ...names, t('chart.low'), t('chart.high'), 'n'],
    rows: deciles.map((row, place) => [
      place + 1,
      ...[row.expected, row.observed, row.baseline, row.low, row.high, row.n],
    ]),
    write: (cell, column) =>
      column === 0 || column === 6 ? format.count(Number(cell)) : format.decimal(Number(cell), 2),
    option: {
      grid: { ...GRID },
      legend: { ...LEGEND, data: names },
      tooltip: tooltipOf(
        value => `${t('lifecycle.deciles.tenth')} ${value}`,
        value => format.decimal(value, 2),
      ),
      xAxis: { type: 'category', data: deciles.map((_, place) => String(place + 1)) },
      yAxis: { type: 'value', splitNumber: 4, axisLabel: { formatter: (n: number) => format.axis(n) } },
      series: [
        line(
          expected,
          tokens.series[0],
          deciles.map(row => row.expected),
        ),
        whiskers(deciles, tokens.series[1]),
        line(
          observed,
          tokens.series[1],
          deciles.map(row => row.observed),
        ),
        line(
          baseline,
          tokens.reference,
          deciles.map(row => row.baseline),
          dashed,
        ),
      ],
    },
  };
}

/** Churn of each month with its interval. */
export function churnChart({ rates }: Churn, { t, format, tokens }: ChartKit): ChartSpec {
  return {
    columns: [t('lifecycle.flow.month'), t('lifecycle.churn.rate'), t('chart.low'), t('chart.high'), 'n'],
    rows: rates.map(({ to, rate, customers }) => [
      to.slice(0, 10),
      ...[rate.value, rate.low, rate.high, customers],
    ]),
    write: (cell, column) =>
      [String(cell), '', '', '', format.count(Number(cell))][column] || format.percent(Number(cell), 1),
    option: {
      grid: { ...GRID, top: 12 },
      tooltip: tooltipOf(
        value => value,
        value => format.percent(value, 1),
      ),
      xAxis: { type: 'category', data: rates.map(({ to }) => format.shortDay(to.slice(0, 10))) },
      yAxis: {
        ...{ type: 'value', min: 0, splitNumber: 3 },
        axisLabel: { formatter: (value: number) => format.percent(value, 0) },
      },
      series: [
        {
          ...{ name: t('lifecycle.churn.rate'), type: 'bar', barCategoryGap: '40%', color: tokens.series[0] },
          data: rates.map(({ rate }) => rate.value),
        },
        whiskers(
          rates.map(({ rate }) => rate),
          tokens.text,
        ),
      ],
    },
  };
}

/** Share of each cohort that is still there, by days since the first order. */
export function survivalChart({ survival }: Churn, { t, format, tokens }: ChartKit): ChartSpec {
  const name = (cohort: string) => format.day(cohort.slice(0, 10));
  return {
    columns: [
      t('lifecycle.cohorts.cohort'),
      ...[t('lifecycle.churn.days'), t('lifecycle.churn.share'), t('chart.low'), t('chart.high')],
    ],
    rows: survival.flatMap(({ cohort, steps }) =>
      steps.map(({ days, share, low, high }) => [name(cohort), days, share, low, high]),
    ),
    write: (cell, column) =>
      [String(cell), format.count(Number(cell))][column] ?? format.percent(Number(cell), 0),
    option: {
      grid: { ...GRID, bottom: 20 },
      legend: { ...LEGEND },
      tooltip: tooltipOf(
        value => t('lifecycle.silence.days', { n: value }),
        value => format.percent(value, 0),
      ),
      xAxis: {
        ...{ type: 'value', name: t('lifecycle.churn.days'), nameLocation: 'middle', nameGap: 26 },
        max: 'dataMax',
      },
      yAxis: {
        ...{ type: 'value', min: 0, max: 1, splitNumber: 4 },
        axisLabel: { formatter: (value: number) => format.percent(value, 0) },
      },
      series: survival.map(({ cohort, steps }, place) => ({
        ...{ name: name(cohort), type: 'line', step: 'end', showSymbol: false },
        color: tokens.series[place % tokens.series.length],
        lineStyle: { width: 2, type: place < tokens.series.length ? 'solid' : 'dashed' },
        data: steps.map(({ days, share }) => [days, share]),
      })),
    },
  };
}
