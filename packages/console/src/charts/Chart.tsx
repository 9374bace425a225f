import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.tsx';
import { useFormat } from '../format/useFormat.ts';
import { csvOf, download } from '../parts/csv.ts';
import { Icon } from '../parts/Icon.tsx';
import type { ChartKit, ChartSpec } from './spec.ts';
import { chartTheme } from './theme.ts';

interface ChartProps {
  /** File name of what is downloaded. */
  name: string;
  title: string;
  note?: string;
  draw: (kit: ChartKit) => ChartSpec;
  height?: number;
}

/** One chart: drawn when its code has arrived, with its table twin, PNG and CSV. */
export function Chart({ name, title, note, draw, height = 220 }: ChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { tokens } = usePreferences();
  const [asTable, setAsTable] = useState(false);
  const canvas = useRef<HTMLDivElement>(null);
  const spec = draw({ t, format, tokens });
  const chart = useChart(canvas, spec.option, !asTable);
  const savePng = () => {
    const url = chart.current?.getDataURL({ pixelRatio: 2, backgroundColor: tokens.surface });
    if (url !== undefined)
      Object.assign(document.createElement('a'), { href: url, download: `${name}.png` }).click();
  };
  return (
    <figure className="chart">
      <figcaption>
        <div>
          <h3>{title}</h3>
          {note && <p className="note">{note}</p>}
        </div>
        <div className="chart-tools">
          <Tool
            label={t('chart.table', { title })}
            icon="table"
            pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          />
          <Tool label={t('chart.png', { title })} icon="image" onClick={savePng} />
          <Tool
            label={t('chart.csv', { title })}
            icon="download"
            onClick={() => download(`${name}.csv`, csvOf(spec.columns, spec.rows))}
          />
        </div>
      </figcaption>
      {!asTable && <div ref={canvas} className="chart-canvas" style={{ height }} aria-hidden="true" />}
      <div
        className={asTable ? 'chart-table' : 'unseen'}
        style={{ maxHeight: height }}
        tabIndex={asTable ? 0 : undefined}
      >
        <TableTwin spec={spec} title={title} />
      </div>
    </figure>
  );
}

interface ToolProps {
  label: string;
  icon: 'table' | 'image' | 'download';
  pressed?: boolean;
  onClick: () => void;
}

function Tool({ label, icon, pressed, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="bare"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} size={14} />
    </button>
  );
}

function TableTwin({ spec, title }: { spec: ChartSpec; title: string }) {
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          {spec.columns.map(column => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {spec.rows.map((row, line) => (
          <tr key={line}>
            {row.map((cell, column) => (
              <td key={spec.columns[column]}>{spec.write(cell, column)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Keeps one ECharts instance on an element: lazily loaded, themed, resized, disposed. */
function useChart(
  element: RefObject<HTMLDivElement | null>,
  option: Record<string, unknown>,
  isShown: boolean,
): RefObject<EChartsType | null> {
  const { tokens } = usePreferences();
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef(option);
  useEffect(() => {
    latest.current = option;
    chart.current?.setOption({ animation: false, ...option }, { notMerge: true });
  });
  useEffect(() => {
    const box = element.current;
    if (box === null || !isShown) return;
    let wanted = true;
    const observer = new ResizeObserver(() => chart.current?.resize());
    void import('./echarts.ts').then(({ init }) => {
      if (!wanted) return;
      chart.current = init(box, chartTheme(tokens));
      chart.current.setOption({ animation: false, ...latest.current });
      observer.observe(box);
    });
    return () => {
      wanted = false;
      observer.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [element, tokens, isShown]);
  return chart;
}
