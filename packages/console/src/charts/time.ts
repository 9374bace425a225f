import type { Arrivals, JourneyResults, Overview } from '@bellwether/contracts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

/** Revenue by week, bars; the week that is not over yet is drawn lighter. */
export function revenueByWeek(
  overview: Pick<Overview, 'revenue_by_week' | 'currency' | 'as_of'>,
  kit: ChartKit,
): ChartSpec {
  const { t, format, tokens } = kit;
  const { revenue_by_week: weeks, currency } = overview;
  const name = t('today.revenue');
  const isOpen = (week: string) => Date.parse(week) + 7 * 86_400_000 > Date.parse(overview.as_of);
  return {
    columns: [t('chart.week'), name, t('word.orders'), t('word.customers')],
    rows: weeks.map(({ week, revenue, orders, customers }) => [week, revenue, orders, customers]),
    write: (cell, column) =>
      column === 0
        ? format.day(String(cell))
        : column === 1
          ? format.money(Number(cell), currency)
          : format.count(Number(cell)),
    option: {
      grid: { ...GRID, top: 12 },
      tooltip: {
        ...tooltipOf(
          value => t('chart.weekOf', { day: format.day(value) }),
          value => format.money(value, currency),
        ),
        axisPointer: { type: 'shadow', shadowStyle: { color: tokens.sunken, opacity: 0.6 } },
      },
      dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false }],
      xAxis: {
        type: 'category',
        data: weeks.map(({ week }) => week),
        axisLabel: { formatter: (week: string) => format.shortDay(week) },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        axisLabel: { formatter: (value: number) => format.axis(value, currency) },
      },
      series: [
        {
          name,
          type: 'bar',
          barMaxWidth: 22,
          itemStyle: { borderRadius: [3, 3, 0, 0] },
          data: weeks.map(({ week, revenue }) => ({
            value: revenue,
            itemStyle: { opacity: isOpen(week) ? 0.45 : 1 },
          })),
        },
      ],
    },
  };
}

/** Events by day, and those refused beneath them. */
export function arrivalsByDay(arrivals: Arrivals, { t, format, tokens }: ChartKit): ChartSpec {
  const days = arrivals.by_day;
  const series = (name: string, key: 'events' | 'refused', color: string, decal: boolean) => ({
    name,
    type: 'bar',
    stack: 'all',
    barMaxWidth: 18,
    itemStyle: { color, ...(decal ? { borderColor: tokens.surface, borderWidth: 1 } : {}) },
    data: days.map(day => day[key]),
  });
  return {
    columns: [t('chart.day'), t('data.events'), t('data.refused')],
    rows: days.map(({ day, events, refused }) => [day, events, refused]),
    write: (cell, column) => (column === 0 ? format.day(String(cell)) : format.count(Number(cell))),
    option: {
      grid: GRID,
      legend: LEGEND,
      tooltip: tooltipOf(
        value => format.day(value),
        value => format.count(value),
      ),
      dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false }],
      xAxis: {
        type: 'category',
        data: days.map(({ day }) => day),
        axisLabel: { formatter: (day: string) => format.shortDay(day) },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        minInterval: 1,
        axisLabel: { formatter: (value: number) => format.axis(value) },
      },
      series: [
        series(t('data.events'), 'events', tokens.series[0] ?? '', false),
        series(t('data.refused'), 'refused', tokens.series[1] ?? '', true),
      ],
    },
  };
}

/** Share who bought by then, treated beside hold-out. */
export function boughtByDay(results: JourneyResults, { t, format, tokens }: ChartKit): ChartSpec {
  const days = results.by_day;
  const line = (name: string, key: 'treated' | 'holdout', extra: object) => ({
    name,
    type: 'line',
    step: 'end',
    data: days.map(day => day[key]),
    ...extra,
  });
  const reference = {
    color: tokens.reference,
    lineStyle: { type: 'dashed', width: 2, color: tokens.reference },
  };
  return {
    columns: [t('chart.day'), t('journey.treated'), t('journey.holdout')],
    rows: days.map(({ day, treated, holdout }) => [day, treated, holdout]),
    write: (cell, column) =>
      column === 0 ? dayOf(format.day, String(cell)) : format.percent(Number(cell), 1),
    option: {
      grid: GRID,
      legend: LEGEND,
      tooltip: tooltipOf(
        value => dayOf(format.day, value),
        value => format.percent(value, 1),
      ),
      xAxis: {
        type: 'category',
        data: days.map(({ day }) => day),
        axisLabel: { formatter: (day: string) => dayOf(format.shortDay, day) },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        axisLabel: { formatter: (value: number) => format.percent(value) },
      },
      series: [line(t('journey.treated'), 'treated', {}), line(t('journey.holdout'), 'holdout', reference)],
    },
  };
}

/** A day is a date, or a number of days since entering. */
const dayOf = (write: (day: string) => string, day: string): string => (day.includes('-') ? write(day) : day);
