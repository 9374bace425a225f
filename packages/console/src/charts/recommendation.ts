import type { Estimate, RecommendationResults } from '@bellwether/contracts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

type Week = RecommendationResults['weeks'][number];

/** Click-through by week: recommended beside the hold-out, each with its band. */
export function clicksByWeek(weeks: readonly Week[], { t, format, tokens }: ChartKit): ChartSpec {
  const [treated, holdout] = [t('rec.treated'), t('rec.holdout')];
  const share = (value: number | null): string => (value === null ? '–' : format.percent(value, 1));
  return {
    columns: [t('rec.week'), treated, holdout],
    rows: weeks.map(week => [week.week, week.treated.value ?? '', week.holdout.value ?? '']),
    write: (cell, column) =>
      column === 0 ? format.day(String(cell)) : share(typeof cell === 'number' ? cell : null),
    option: {
      grid: GRID,
      legend: { ...LEGEND, data: [treated, holdout] },
      tooltip: tooltipOf(
        value => format.day(value),
        value => format.percent(value, 1),
      ),
      xAxis: {
        type: 'category',
        data: weeks.map(({ week }) => week),
        axisLabel: { formatter: (week: string) => format.shortDay(week) },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        axisLabel: { formatter: (value: number) => format.percent(value) },
      },
      series: [
        ...band(
          'treated',
          weeks.map(week => week.treated),
          tokens.series[0] ?? '',
        ),
        ...band(
          'holdout',
          weeks.map(week => week.holdout),
          tokens.reference,
        ),
        { name: treated, type: 'line', data: weeks.map(week => week.treated.value), color: tokens.series[0] },
        {
          ...{
            name: holdout,
            type: 'line',
            data: weeks.map(week => week.holdout.value),
            color: tokens.reference,
          },
          lineStyle: { type: 'dashed', width: 2, color: tokens.reference },
        },
      ],
    },
  };
}

/** From the lower limit up to the upper: two areas on each other, the lower one not drawn. */
function band(name: string, estimates: readonly Estimate[], color: string): object[] {
  const common = {
    type: 'line',
    stack: `\u0000${name}`,
    symbol: 'none',
    lineStyle: { opacity: 0 },
    silent: true,
  };
  return [
    { ...common, name: `\u0000${name} low`, data: estimates.map(({ low }) => low) },
    {
      ...{ ...common, name: `\u0000${name} high`, areaStyle: { color, opacity: 0.14 } },
      data: estimates.map(({ low, high }) => (low === null || high === null ? null : high - low)),
    },
  ];
}
