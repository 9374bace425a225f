import type { TFunction } from 'i18next';
import type { Tokens } from '../app/tokens.ts';
import type { Format } from '../format/numbers.ts';
import type { Cell } from '../parts/csv.ts';

/** A chart as data: what ECharts draws, and the same figures as a table for readers, screen readers and CSV. */
export interface ChartSpec {
  option: Record<string, unknown>;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** Rows of the table as they are read aloud and shown; `rows` as they are exported. */
  write: (cell: Cell, column: number) => string;
}

export interface ChartKit {
  t: TFunction;
  format: Format;
  tokens: Tokens;
}

interface TooltipPoint {
  seriesName: string;
  marker: string;
  axisValueLabel?: string;
  value: unknown;
}

/** A tooltip that reads every series at the pointer. */
export function tooltipOf(
  head: (value: string) => string,
  write: (value: number, series: string) => string,
): Record<string, unknown> {
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    formatter: (points: TooltipPoint[]) =>
      [
        `<b>${escapeHtml(head(points[0]?.axisValueLabel ?? ''))}</b>`,
        ...points
          .filter(point => !point.seriesName.startsWith('\u0000'))
          .map(
            point =>
              `${point.marker}${escapeHtml(point.seriesName)} ${escapeHtml(write(yOf(point.value), point.seriesName))}`,
          ),
      ].join('<br>'),
  };
}

const yOf = (value: unknown): number => Number(Array.isArray(value) ? value[1] : value);
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

/** Room for axes and a legend above; the same for every chart, so that they stand in line. */
export const GRID = { left: 4, right: 12, top: 32, bottom: 4, containLabel: true } as const;
export const LEGEND = { top: 0, left: 0 } as const;
