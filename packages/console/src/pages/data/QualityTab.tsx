import { api, type QualityReport } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Drift } from '../../parts/Drift.tsx';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { Ago, Day } from '../../parts/time.tsx';
import { RunLoop } from '../today/RunLoop.tsx';

type ColumnRow = QualityReport['columns'][number];
type TableRow = QualityReport['tables'][number];

export function QualityTab() {
  const { t } = useTranslation();
  const query = useApi(api.data.quality, {});
  return (
    <Loaded query={query} height={320}>
      {report =>
        report === null ? (
          <Empty
            title={t('quality.empty.title')}
            teach={t('quality.empty.teach')}
            action={<RunLoop main />}
          />
        ) : (
          <Report report={report} />
        )
      }
    </Loaded>
  );
}

function Report({ report }: { report: QualityReport }) {
  const { t } = useTranslation();
  return (
    <>
      <DataTable
        name="quality-tables"
        rows={report.tables}
        rowKey={row => row.table}
        columns={useTableColumns()}
        toolbar={<h2>{t('quality.tables')}</h2>}
      />
      <DataTable
        name="quality-columns"
        rows={report.columns}
        rowKey={row => `${row.table}.${row.column}`}
        columns={useColumnColumns()}
        choosable
        toolbar={
          <h2>
            {t('quality.columns')} <span className="quiet">{t('quality.drift.note')}</span>
          </h2>
        }
      />
    </>
  );
}

function useTableColumns(): Column<TableRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'table',
      title: t('quality.table'),
      value: row => row.table,
      render: row => <b>{row.table}</b>,
      sortable: true,
    },
    {
      key: 'rows',
      title: t('quality.rows'),
      numeric: true,
      sortable: true,
      value: row => row.rows,
      render: row => format.count(row.rows),
    },
    {
      key: 'duplicates',
      title: t('quality.duplicates'),
      numeric: true,
      sortable: true,
      value: row => row.duplicates,
      render: row => format.count(row.duplicates),
    },
    {
      key: 'first',
      title: t('quality.first'),
      value: row => row.first_at,
      render: row => <Day at={row.first_at} />,
    },
    {
      key: 'last',
      title: t('quality.last'),
      value: row => row.last_at,
      render: row => <Day at={row.last_at} />,
    },
    {
      key: 'received',
      title: t('quality.received'),
      value: row => row.last_received_at,
      render: row => <Ago at={row.last_received_at} />,
    },
  ];
}

function useColumnColumns(): Column<ColumnRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: 'table', title: t('quality.table'), value: row => row.table, sortable: true },
    {
      key: 'column',
      title: t('quality.column'),
      value: row => row.column,
      render: row => <b>{row.column}</b>,
      sortable: true,
    },
    {
      key: 'nulls',
      title: t('quality.nulls'),
      sortable: true,
      width: 180,
      value: row => shareOf(row),
      render: row => <Nulls share={shareOf(row)} />,
    },
    {
      key: 'distinct',
      title: t('quality.distinct'),
      numeric: true,
      sortable: true,
      value: row => row.distinct,
      render: row => format.brief(row.distinct),
    },
    {
      key: 'min',
      title: t('quality.min'),
      value: row => row.min,
      render: row => <span className="clip">{row.min ?? '–'}</span>,
    },
    {
      key: 'max',
      title: t('quality.max'),
      value: row => row.max,
      render: row => <span className="clip">{row.max ?? '–'}</span>,
    },
    {
      key: 'drift',
      title: t('quality.drift'),
      sortable: true,
      value: row => row.drift,
      render: row => <Drift value={row.drift} />,
    },
  ];
}

const shareOf = (row: ColumnRow): number => (row.rows === 0 ? 0 : row.nulls / row.rows);

function Nulls({ share }: { share: number }) {
  const format = useFormat();
  return (
    <span className="nulls">
      <i aria-hidden="true">
        <b style={{ width: `${share * 100}%` }} />
      </i>
      <span className="figures">{format.percent(share, share > 0 && share < 0.1 ? 1 : 0)}</span>
    </span>
  );
}
