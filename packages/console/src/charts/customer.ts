import type { CustomerOrders } from '@bellwether/contracts';
import { GRID, LEGEND, tooltipOf, type ChartKit, type ChartSpec } from './spec.ts';

/** What one customer brought: bars by month, the sum so far as a line, beside the median of those of the same age. */
export function valueOverTime(
  months: CustomerOrders['value'],
  currency: string,
  { t, format }: ChartKit,
): ChartSpec {
  const [net, sum, typical] = [t('chart.net'), t('chart.sumSoFar'), t('chart.typical')];
  const line = (name: string, data: readonly (number | null)[], dashed: boolean) => ({
    name,
    type: 'line',
    symbol: 'none',
    step: 'end',
    lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid' },
    data,
  });
  return {
    columns: [t('chart.month'), net, sum, typical],
    rows: months.map(month => [month.month, month.net, month.sum, month.typical]),
    write: (cell, column) =>
      column === 0 ? format.day(String(cell)) : cell === null ? '–' : format.money(Number(cell), currency),
    option: {
      grid: GRID,
      legend: LEGEND,
      tooltip: tooltipOf(
        value => format.day(value),
        value => format.money(value, currency),
      ),
      xAxis: {
        type: 'category',
        data: months.map(({ month }) => month),
        axisLabel: { formatter: (month: string) => format.shortDay(month) },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        axisLabel: { formatter: (value: number) => format.axis(value, currency) },
      },
      series: [
        { name: net, type: 'bar', barMaxWidth: 18, data: months.map(month => month.net) },
        line(
          sum,
          months.map(month => month.sum),
          false,
        ),
        line(
          typical,
          months.map(month => month.typical),
          true,
        ),
      ],
    },
  };
}
