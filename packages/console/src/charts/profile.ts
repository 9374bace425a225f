import type { ProfileOverview, SegmentFlow } from '@bellwether/contracts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

/** Each segment's share of the customers beside its share of what they spent. */
export function segmentShares(
  { segments }: ProfileOverview,
  { t, format, tokens }: ChartKit,
  nameOf: (segment: ProfileOverview['segments'][number]) => string,
): ChartSpec {
  const [customers, revenue] = [t('profile.shareOfCustomers'), t('profile.shareOfRevenue')];
  const names = segments.map(nameOf);
  // the first stands on top
  const upwards = <T>(list: readonly T[]): T[] => [...list].reverse();
  const bars = (name: string, values: readonly number[], color: string) => ({
    ...{ name, type: 'bar', data: upwards(values), barMaxWidth: 14, color },
    label: {
      show: true,
      position: 'right',
      formatter: ({ value }: { value: number }) => format.percent(value),
    },
  });
  return {
    option: {
      grid: { ...GRID, right: 44 },
      legend: LEGEND,
      tooltip: tooltipOf(
        head => head,
        value => format.percent(value, 1),
      ),
      xAxis: { type: 'value', axisLabel: { formatter: (value: number) => format.percent(value, 0) } },
      yAxis: { type: 'category', data: upwards(names), axisLabel: { width: 190, overflow: 'truncate' } },
      series: [
        bars(
          revenue,
          segments.map(each => each.revenue_share),
          tokens.series[1] ?? tokens.accent,
        ),
        bars(
          customers,
          segments.map(each => each.share),
          tokens.accent,
        ),
      ],
    },
    columns: [t('profile.segment'), customers, revenue],
    rows: segments.map((each, i) => [names[i] ?? '', each.share, each.revenue_share]),
    write: (cell, column) => (column === 0 ? String(cell) : format.percent(Number(cell), 1)),
  };
}

/** Moves worth telling: between two segments, the largest first. */
export function movesOf(flows: readonly SegmentFlow[], count: number): SegmentFlow[] {
  return flows
    .filter(flow => flow.from !== flow.to)
    .sort((a, b) => b.customers - a.customers)
    .slice(0, count);
}
