import { api, type ScenarioPage, type ScenarioRun } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';

const TONES: Record<ScenarioRun['state'], Tone> = {
  running: 'neutral',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
};

/** What it did, when and why, and what each run read and wrote. */
export function Runs({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const query = useApi(api.operations.runs, { params: { name: page.name } }, { every: 10_000 });
  return (
    <Loaded query={query} height={240}>
      {rows => <History name={page.name} rows={rows} empty={t('runs.empty')} />}
    </Loaded>
  );
}

function History({ name, rows, empty }: { name: string; rows: readonly ScenarioRun[]; empty: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = (of: Record<string, number>): string =>
    Object.entries(of)
      .map(([table, n]) => `${table} ${format.brief(n)}`)
      .join(' · ');
  return (
    <DataTable
      name={`${name}-runs`}
      rows={rows}
      rowKey={row => row.id}
      toolbar={<h2>{t('runs.title')}</h2>}
      empty={<p className="note">{empty}</p>}
      columns={[
        {
          key: 'at',
          title: t('runs.at'),
          value: row => row.started_at,
          render: row => <Ago at={row.started_at} />,
          sortable: true,
        },
        { key: 'what', title: t('runs.what'), value: row => t(`runs.what.${row.what}`) },
        { key: 'cause', title: t('runs.cause'), value: row => t(`runs.cause.${row.cause}`) },
        {
          key: 'state',
          title: t('versions.state'),
          value: row => t(`runs.state.${row.state}`),
          render: row => (
            <span title={row.error ?? undefined}>
              <Badge tone={TONES[row.state]}>{t(`runs.state.${row.state}`)}</Badge>
              {row.error !== null && <span className="note block clip">{row.error}</span>}
            </span>
          ),
        },
        {
          key: 'version',
          title: t('versions.version'),
          value: row => row.version,
          render: row => (row.version === null ? '–' : `v${row.version}`),
        },
        {
          key: 'took',
          title: t('runs.took'),
          numeric: true,
          value: secondsOf,
          render: row => {
            const took = secondsOf(row);
            return took === null ? '–' : format.duration(took);
          },
        },
        {
          key: 'wrote',
          title: t('runs.wrote'),
          value: row => counts(row.rows_written),
          render: row => <span className="figures clip wide">{counts(row.rows_written) || '–'}</span>,
        },
        {
          key: 'read',
          title: t('runs.read'),
          value: row => counts(row.rows_read),
          render: row => <span className="figures clip wide">{counts(row.rows_read) || '–'}</span>,
        },
      ]}
    />
  );
}

const secondsOf = ({ started_at, finished_at }: ScenarioRun): number | null =>
  finished_at === null ? null : (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
