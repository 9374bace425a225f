import { api, type Cohorts } from '@bellwether/contracts';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';

type Shown = 'retention' | 'revenue';
/** As many columns as fit without threads. */
const PERIODS = 13;
const COHORTS = 14;

/** Retention as a map of heat: one row a cohort, one column a period after its first order. */
export function CohortTable() {
  const { t } = useTranslation();
  const [every, setEvery] = useState<Cohorts['every']>('month');
  const [shown, setShown] = useState<Shown>('retention');
  const query = useApi(api.lifecycle.cohorts, { query: { every } }, { keep: true });
  return (
    <Section
      title={t('lifecycle.cohorts')}
      note={t('lifecycle.cohorts.note', { every: t(`lifecycle.cohorts.${every}`) })}
      aside={
        <>
          <Segmented
            value={shown}
            onChange={setShown}
            options={(['retention', 'revenue'] as const).map(value => ({
              ...{ value, label: t(`lifecycle.cohorts.${value}`) },
            }))}
          />
          <Segmented
            value={every}
            onChange={setEvery}
            options={(['month', 'week'] as const).map(value => ({
              ...{ value, label: t(`lifecycle.cohorts.${value}`) },
            }))}
          />
        </>
      }
    >
      <Loaded query={query} height={300}>
        {cohorts => <Heat of={cohorts} shown={shown} />}
      </Loaded>
    </Section>
  );
}

function Heat({ of, shown }: { of: Cohorts; shown: Shown }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = of.cohorts.slice(-COHORTS);
  const width = Math.min(PERIODS, Math.max(...rows.map(({ periods }) => periods.length)));
  const measured = (row: Cohorts['cohorts'][number], cell: Cohorts['cohorts'][number]['periods'][number]) =>
    shown === 'retention' ? cell.customers / Math.max(1, row.customers) : cell.cumulative;
  const most = Math.max(
    1e-9,
    ...rows.flatMap(row =>
      row.periods.filter(({ period }) => shown === 'revenue' || period > 0).map(cell => measured(row, cell)),
    ),
  );
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('lifecycle.cohorts')}>
      <table className="cohorts">
        <thead>
          <tr>
            <th scope="col">{t('lifecycle.cohorts.cohort')}</th>
            <th scope="col">{t('word.customers')}</th>
            {Array.from({ length: width }, (_, period) => (
              <th key={period} scope="col">
                {period}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.start}>
              <th scope="row">{format.day(row.start.slice(0, 10))}</th>
              <td className="figures quiet">{format.count(row.customers)}</td>
              {row.periods.slice(0, width).map(cell => (
                <Cell
                  key={cell.period}
                  heat={cell.period === 0 && shown === 'retention' ? 0 : measured(row, cell) / most}
                  whole={cell.whole}
                  text={
                    shown === 'retention'
                      ? format.percent(measured(row, cell), 0)
                      : format.briefMoney(Math.round(measured(row, cell)), of.currency)
                  }
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ heat, whole, text }: { heat: number; whole: boolean; text: string }) {
  const share = Math.round(Math.min(1, Math.max(0, heat)) * 55);
  return (
    <td
      className={whole ? 'figures' : 'figures unfinished'}
      style={{ background: `color-mix(in srgb, var(--accent) ${share}%, transparent)` }}
    >
      {text}
    </td>
  );
}
