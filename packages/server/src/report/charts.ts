import type { ClassifierCurves, Overview, ScenarioPage } from '@bellwether/contracts';
import { init, use } from 'echarts/core';
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import type { Say } from './words.ts';

use([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** Pixels. */
const SIZE = { width: 640, height: 300 };
/** Okabe and Ito's colours that anybody can tell apart, after the console's accent. */
const COLOURS = ['#0f766e', '#d55e00', '#56606b'];

const INK = { color: '#3e4c59', fontFamily: 'Noto Sans SC' };
const GRID = { left: 56, right: 16, top: 36, bottom: 32 };
const QUIET = { splitLine: { lineStyle: { color: '#e4e7eb' } }, axisLabel: INK };

type Options = Pick<EChartsOption, 'xAxis' | 'yAxis' | 'series'>;

function draw(options: Options): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  try {
    chart.setOption({
      animation: false,
      color: COLOURS,
      grid: GRID,
      textStyle: INK,
      legend: { textStyle: INK, top: 4 },
      ...options,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const shareAxis = { type: 'value', min: 0, max: 1, ...QUIET } as const;
const percentAxis = {
  ...shareAxis,
  axisLabel: { ...INK, formatter: (value: number) => `${Math.round(value * 100)} %` },
};

const line = (name: string, data: [number, number][], dashed = false): LineSeriesOption => ({
  ...{ type: 'line' as const, name, data, showSymbol: false },
  lineStyle: { width: 2, type: dashed ? ('dashed' as const) : ('solid' as const) },
});

export function rocChart({ roc, baseline_roc }: ClassifierCurves, say: Say): string {
  const points = (curve: ClassifierCurves['roc']) =>
    curve.map(({ fpr, tpr }): [number, number] => [fpr, tpr]);
  return draw({
    xAxis: percentAxis,
    yAxis: percentAxis,
    series: [line(say('model'), points(roc)), line(say('baseline'), points(baseline_roc), true)],
  });
}

export function gainChart({ gain }: ClassifierCurves, say: Say): string {
  return draw({
    xAxis: percentAxis,
    yAxis: percentAxis,
    series: [
      line(
        say('model'),
        gain.map(({ share, model }) => [share, model]),
      ),
      line(
        say('baseline'),
        gain.map(({ share, baseline }) => [share, baseline]),
        true,
      ),
    ],
  });
}

/** Observed shares with their intervals against the diagonal on which a perfect model lies. */
export function calibrationChart({ calibration }: ClassifierCurves, say: Say): string {
  const top = Math.min(
    1,
    Math.max(0.05, ...calibration.map(({ high, predicted }) => Math.max(high, predicted))),
  );
  const axis = { ...percentAxis, max: top };
  return draw({
    xAxis: axis,
    yAxis: axis,
    series: [
      {
        ...line(
          say('observed'),
          calibration.map(({ predicted, observed }) => [predicted, observed]),
        ),
        showSymbol: true,
        symbolSize: 7,
      },
      line(
        say('perfect'),
        [
          [0, 0],
          [top, top],
        ],
        true,
      ),
      whiskers(calibration.map(({ predicted, low, high }) => [predicted, low, high])),
    ],
  });
}

/** Vertical lines from low to high. */
function whiskers(data: [x: number, low: number, high: number][]): CustomSeriesOption {
  return {
    type: 'custom' as const,
    data,
    renderItem: (_, api) => {
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      return {
        type: 'line' as const,
        shape: { x1: x, x2: x, y1: low, y2: high },
        style: { stroke: COLOURS[0] ?? '', lineWidth: 1.5 },
      };
    },
  };
}

export function histogramChart(histogram: NonNullable<ScenarioPage['results']>['histogram']): string {
  return draw({
    xAxis: {
      type: 'category',
      data: histogram.map(({ low }) => `${Math.round(low * 100)} %`),
      axisLabel: INK,
    },
    yAxis: { type: 'value', ...QUIET },
    series: [
      {
        type: 'bar',
        data: histogram.map(({ count }) => count),
        barCategoryGap: '8%',
      },
    ],
  });
}

export function weeksChart(weeks: Overview['revenue_by_week']): string {
  return draw({
    xAxis: { type: 'category', data: weeks.map(({ week }) => week), axisLabel: INK },
    yAxis: { type: 'value', ...QUIET },
    series: [{ type: 'bar', data: weeks.map(({ revenue }) => revenue), barCategoryGap: '20%' }],
  });
}
